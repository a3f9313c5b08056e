//! Curves of bounded size. Each point has a level: how often two divides its number within the metric. The points from
//! level L on are every 2^L-th one, so a chart reads what it draws and no more.

use super::SeriesPoint;

/// The level of the point with this number, from 0 on. The first has the highest.
pub(super) fn level(ordinal: i64) -> i32 {
    if ordinal == 0 { 63 } else { ordinal.trailing_zeros().cast_signed() }
}

/// The lowest level from which on at most `most` points remain of `total`.
pub(super) fn enough(total: u64, most: u32) -> i32 {
    (0..63).find(|level| total.div_ceil(1 << level) <= u64::from(most)).unwrap_or(63)
}

/// At most `most` points, evenly, beginning with the first and ending with `last`.
pub(super) fn thin(mut points: Vec<SeriesPoint>, last: SeriesPoint, most: usize) -> Vec<SeriesPoint> {
    if points.last() != Some(&last) {
        points.push(last);
    }
    let (have, most) = (points.len(), most.max(2));
    if have <= most {
        return points;
    }
    (0..most).map(|i| points[i * (have - 1) / (most - 1)].clone()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::Timestamp;
    use crate::experiments::Number;

    fn point(step: i64) -> SeriesPoint {
        SeriesPoint { step, time: Timestamp::from_micros(step), value: Number(step as f64) }
    }

    proptest! {
        #[test]
        fn a_curve_keeps_its_ends_and_its_size(total in 1_i64..5000, most in 2_u32..300) {
            let from = enough(total.unsigned_abs(), most);
            let read: Vec<_> = (0..total).filter(|n| level(*n) >= from).map(point).collect();
            prop_assert!(read.len() <= most as usize);
            let drawn = thin(read, point(total - 1), most as usize);
            prop_assert!(drawn.len() <= most as usize);
            prop_assert_eq!((drawn[0].step, drawn[drawn.len() - 1].step), (0, total - 1));
            prop_assert!(drawn.windows(2).all(|pair| pair[0].step < pair[1].step));
        }
    }

    #[test]
    fn a_short_curve_is_whole() {
        let from = enough(10, 1000);
        assert_eq!((0..10).filter(|n| level(*n) >= from).count(), 10);
    }
}
