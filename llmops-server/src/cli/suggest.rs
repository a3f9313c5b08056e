//! What somebody may have meant who wrote something else.

/// The name nearest to what was written, if it is near: one letter in three may be wrong, missing or too many.
pub(super) fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (written.chars().count() / 3).max(1);
    let near = names.into_iter().map(|name| (distance(written, name), name)).filter(|(far, _)| *far <= most);
    near.min().map(|(_, name)| name)
}

/// How many letters must be changed, added or left out to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut before = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in to.iter().enumerate() {
            let changed = before + usize::from(a != *b);
            before = row[j + 1];
            row[j + 1] = changed.min(before + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn a_distance_counts_letters() {
        for (from, to, far) in [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("tiny", "tiny", 0)] {
            assert_eq!(distance(from, to), far, "{from} {to}");
        }
    }

    #[test]
    fn only_what_is_near_is_suggested() {
        let names = ["capitals", "capitals-heldout", "speeches"];
        assert_eq!(nearest("capital", names), Some("capitals"));
        assert_eq!(nearest("speches", names), Some("speeches"));
        assert_eq!(nearest("weather", names), None);
    }
}
