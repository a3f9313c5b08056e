//! Days and times as ISO 8601, for all numbers there are.

/// Seconds of a day.
const DAY: i64 = 86_400;
/// The Julian day on which 1970 begins.
const JULIAN: i64 = 2_440_588;

/// The day so many days after 1970 began.
pub(super) fn date(days: i64) -> String {
    let (year, month, day) = civil(days);
    // Years of other than four digits are written with their sign.
    let year = if (0..=9999).contains(&year) { format!("{year:04}") } else { format!("{year:+07}") };
    format!("{year}-{month:02}-{day:02}")
}

/// A time of day, counted in parts of a second.
pub(super) fn of_day(count: i64, parts: i64) -> String {
    let seconds = count.div_euclid(parts);
    let (hours, minutes) = (seconds.div_euclid(3600), seconds.rem_euclid(3600) / 60);
    format!("{hours:02}:{minutes:02}:{:02}{}", seconds.rem_euclid(60), fraction(count.rem_euclid(parts), parts))
}

/// The moment so many parts of a second after 1970 began.
pub(super) fn moment(count: i64, parts: i64, utc: bool) -> String {
    let seconds = count.div_euclid(parts);
    let day = date(seconds.div_euclid(DAY));
    let time = of_day(seconds.rem_euclid(DAY), 1);
    format!("{day}T{time}{}{}", fraction(count.rem_euclid(parts), parts), if utc { "Z" } else { "" })
}

/// A moment in twelve bytes: nanoseconds of the day and the Julian day. Nobody says of which zone they are.
pub(super) fn old_moment(bytes: &[u8]) -> Option<String> {
    let (nanos, rest) = bytes.split_first_chunk::<8>()?;
    let day = u32::from_le_bytes(rest.try_into().ok()?);
    let time = of_day(i64::from_le_bytes(*nanos), 1_000_000_000);
    Some(format!("{}T{time}", date(i64::from(day) - JULIAN)))
}

/// What is left of a second: nothing, or as many digits as it is counted in.
fn fraction(rest: i64, parts: i64) -> String {
    if rest == 0 {
        return String::new();
    }
    let digits = usize::try_from(parts.ilog10()).unwrap_or_default();
    format!(".{rest:0digits$}")
}

/// Year, month and day, by the calendar of today for all times: counted from the first of March of the year 0, so that the
/// leap day is the last of its year, in cycles of 400 years.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (cycle, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let first = (153 * month + 2) / 5;
    let year = year + cycle * 400;
    if month < 10 { (year, month + 3, day - first + 1) } else { (year + 1, month - 9, day - first + 1) }
}

#[cfg(test)]
mod tests {
    use super::{date, moment, of_day, old_moment};

    #[test]
    fn days_are_those_of_the_calendar() {
        for (days, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (19_782, "2024-02-29"),
            (11_016, "2000-02-29"),
            (-25_509, "1900-02-28"),
            (-719_528, "0000-01-01"),
            (-719_529, "-000001-12-31"),
            (2_932_897, "+010000-01-01"),
        ] {
            assert_eq!(date(days), text);
        }
    }

    #[test]
    fn every_day_is_as_another_calendar_has_it() {
        let first = chrono::NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        for days in (-700_000..900_000).step_by(37) {
            assert_eq!(date(days), (first + chrono::Duration::days(days)).to_string());
        }
    }

    #[test]
    fn moments_keep_their_parts() {
        assert_eq!(moment(1_709_210_096_789, 1_000, true), "2024-02-29T12:34:56.789Z");
        assert_eq!(moment(-1, 1_000_000_000, false), "1969-12-31T23:59:59.999999999");
        assert_eq!(moment(0, 1_000_000, false), "1970-01-01T00:00:00");
        assert!(moment(i64::MIN, 1_000, true).starts_with("-292275055-"));
        assert_eq!(of_day(3_600_000_001, 1_000_000), "01:00:00.000001");
    }

    #[test]
    fn an_old_moment_keeps_its_nanoseconds() {
        let bytes = [&1_500_000_001i64.to_le_bytes()[..], &2_440_589u32.to_le_bytes()].concat();
        assert_eq!(old_moment(&bytes).as_deref(), Some("1970-01-02T00:00:01.500000001"));
        assert_eq!(old_moment(&bytes[1..]), None);
    }
}
