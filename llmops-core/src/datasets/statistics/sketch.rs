//! Numbers for quantiles, in bounded memory: all of them up to a limit, then a sketch of Karnin, Lang and Liberty (2016). It keeps
//! values in levels, and each value of a level stands for two to the power of the level. When there is no room, a level is sorted
//! and every second of its values moves up, the even or the odd ones as a coin says; so the values always stand for all that came.

use super::super::binary::{In, Out};

/// How much smaller each level may be than the one above it.
const SHRINK: f64 = 2.0 / 3.0;
/// The smallest level: a few above as many bits as a count has.
const LEAST: usize = 2;
const LEVELS: usize = 40;
/// How sure the stated error is: 99 in 100.
const DOUBT: f64 = 0.01;

/// A value, and how many it stands for.
pub(super) type Weighed = (f64, u64);

/// Numbers in the making of their quantiles.
pub(super) struct Sketch {
    /// Values by level, as whole numbers of the same order.
    levels: Vec<Vec<i64>>,
    held: usize,
    room: usize,
    /// The sum of the squared weights of all moves up: what the error comes from.
    noise: f64,
    state: u64,
}

impl Sketch {
    /// Holds at most `room` numbers.
    pub(super) fn new(room: usize) -> Self {
        let room = room.max(4 * LEVELS * LEAST);
        Self { levels: vec![Vec::new()], held: 0, room, noise: 0.0, state: 0x9E37_79B9_7F4A_7C15 }
    }

    /// Adds a number.
    pub(super) fn add(&mut self, x: f64) {
        if self.held == self.room {
            self.make_room();
        }
        self.levels[0].push(key(x));
        self.held += 1;
    }

    /// Whether all numbers that came are here.
    pub(super) fn exact(&self) -> bool {
        self.levels.len() == 1
    }

    /// How far the place of a quantile may be from where it should be, as a share of so many numbers, with a certainty of 99 in
    /// 100. Each move up puts a place off by the weight of its values, up or down as a fair coin says, or not at all: Hoeffding's
    /// bound (1963) for the sum.
    pub(super) fn rank_error(&self, count: u64) -> Option<f64> {
        (!self.exact()).then(|| (2.0 * (2.0 / DOUBT).ln() * self.noise).sqrt() / count.max(1) as f64)
    }

    /// The lowest level with as many values as it may have moves up; there is one, for all together may have less than the room.
    fn make_room(&mut self) {
        let most = self.most();
        let full = (0..self.levels.len()).find(|at| self.levels[*at].len() >= most[*at]).unwrap_or_default();
        if full + 1 == self.levels.len() {
            self.levels.push(Vec::new());
        }
        let odd = self.coin();
        let (below, above) = self.levels.split_at_mut(full + 1);
        let (values, above) = (&mut below[full], &mut above[0]);
        // Those of the lowest level come as they are; above there are sorted runs.
        if full == 0 {
            values.sort_unstable()
        } else {
            values.sort()
        }
        let pairs = values.len() / 2;
        above.extend(values.chunks_exact(2).map(|pair| pair[odd]));
        // A value without another stays: it still stands for as many.
        values.drain(..2 * pairs);
        self.held -= pairs;
        self.noise += 4f64.powi(i32::try_from(full).unwrap_or(i32::MAX));
    }

    /// How many values each level may have, all together no more than there is room for. The lowest may always have some, so that
    /// it is not sorted for a few.
    fn most(&self) -> Vec<usize> {
        let (levels, lowest) = (self.levels.len(), self.room / 8);
        let top = (self.room - lowest - LEVELS * LEAST) as f64 * (1.0 - SHRINK);
        let most = |at: usize| (top * SHRINK.powi((levels - 1 - at) as i32)) as usize;
        (0..levels).map(|at| most(at).max(if at == 0 { lowest } else { LEAST })).collect()
    }

    /// The values in their order, and how many each stands for.
    pub(super) fn weighed(&self) -> Vec<Weighed> {
        let of = |(level, values): (usize, &Vec<i64>)| {
            values.iter().map(move |key| (*key, 1u64 << level)).collect::<Vec<_>>()
        };
        let mut all: Vec<(i64, u64)> = self.levels.iter().enumerate().flat_map(of).collect();
        all.sort_unstable();
        all.into_iter().map(|(key, weight)| (number(key), weight)).collect()
    }

    /// splitmix64 with a fixed seed: the same data give the same report.
    fn coin(&mut self) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z >> 63) as usize
    }

    /// As bytes.
    pub(super) fn put(&self, out: &mut Out) {
        out.u64(self.state);
        out.f64(self.noise);
        out.u64(self.levels.len() as u64);
        self.levels.iter().for_each(|values| out.numbers(values.iter().map(|key| key.cast_unsigned())));
    }

    /// What was put there, with the room of this one; it must stand for so many.
    pub(super) fn read(&self, from: &mut In<'_>, count: u64) -> Option<Self> {
        let (state, noise) = (from.u64()?, from.f64()?);
        let levels = (0..from.count(8)?).map(|_| from.numbers::<Vec<u64>>());
        let levels = levels.map(|of| Some(of?.into_iter().map(u64::cast_signed).collect()));
        let levels = levels.collect::<Option<Vec<Vec<i64>>>>().filter(|of| (1..=LEVELS).contains(&of.len()))?;
        let stands_for = levels.iter().enumerate().map(|(level, of)| (of.len() as u64) << level).sum::<u64>();
        let held = levels.iter().map(Vec::len).sum();
        (held <= self.room && stands_for == count).then_some(Self { levels, held, room: self.room, noise, state })
    }
}

/// A whole number in the place of one with a fraction, of the same order among others.
fn key(x: f64) -> i64 {
    turned(x.to_bits().cast_signed())
}

fn number(key: i64) -> f64 {
    f64::from_bits(turned(key).cast_unsigned())
}

/// Of negative numbers those with more bits come first; its own opposite.
fn turned(bits: i64) -> i64 {
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

#[cfg(test)]
mod tests;
