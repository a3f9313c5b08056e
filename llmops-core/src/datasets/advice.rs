//! What a report tells its reader to do.

use super::quality::Quality;
use super::{PiiReport, StructureReport};

/// One sentence for each thing to mend, the gravest first.
pub(super) fn advise(structure: &StructureReport, pii: &PiiReport, quality: &Quality) -> Vec<String> {
    let mut advice = Vec::new();
    if !structure.missing_columns.is_empty() {
        let missing = structure.missing_columns.join(", ");
        advice.push(format!("The columns {missing} are missing: name the columns that play these parts with `columns` of `update_dataset`."));
    }
    if structure.bad_rows > 0 {
        advice.push(format!(
            "{} cannot be read: mend the lines that `structure.errors` names and upload the file again with `replace`.",
            rows(structure.bad_rows)
        ));
    }
    if pii.total > 0 {
        let counts: Vec<String> = pii.counts.iter().map(|c| format!("{} {}", c.count, c.pii_type.name())).collect();
        advice.push(format!(
            "Personal or secret data was found ({}): `derive_dataset` with `redact` makes a version without it; `pii.findings` names the rows.",
            counts.join(", ")
        ));
    } else if !pii.clean {
        advice.push("Not everything was searched for: validate again without `piiTypes` and `minConfidence`.".into());
    }
    if quality.repeated() > 0 {
        let verb = if quality.repeated() == 1 { "repeats another" } else { "repeat another" };
        advice.push(format!("{} {verb}: leave them out by `derive_dataset` with `dedupe`.", rows(quality.repeated())));
    }
    if quality.missing() > 0 {
        advice.push(format!(
            "{} values are missing: fill them, or leave their rows out by `derive_dataset` with `filter`.",
            quality.missing()
        ));
    }
    if quality.garbled() > 0 {
        advice.push(format!(
            "{} values hold characters of a wrong encoding: save the file as UTF-8 from its source.",
            quality.garbled()
        ));
    }
    advice
}

fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}
