//! What a report tells its reader to do, and by which operation.

use serde_json::{Map, Value, json};

use super::gates;
use super::quality::{Quality, are_far_out, outliers_of};
use super::{
    ColumnStatistics, ColumnType, DataFormat, Dataset, DatasetStatistics, DriftReport, PiiReport, Recommendation,
    RecommendedOperation, StructureReport, TypeChange, ValueDistribution,
};

/// What a report is about.
pub(super) struct About<'a> {
    pub dataset: &'a Dataset,
    pub structure: &'a StructureReport,
    pub pii: &'a PiiReport,
    pub quality: &'a Quality,
    pub drift: Option<&'a DriftReport>,
    pub statistics: &'a DatasetStatistics,
}

/// One recommendation for each thing to mend, the gravest first.
pub(super) fn advise(about: &About<'_>) -> Vec<Recommendation> {
    let mut advice = about.structure();
    advice.extend(about.pii());
    advice.extend(about.rows());
    advice.extend(about.values());
    advice
}

impl About<'_> {
    /// A sentence, and the operation on this dataset that mends it.
    fn by(&self, name: &str, more: Value, text: String) -> Recommendation {
        let mut parameters = Map::from_iter([("datasetId".to_owned(), json!(self.dataset.id))]);
        if let Value::Object(more) = more {
            parameters.extend(more);
        }
        Recommendation { text, operation: Some(RecommendedOperation { name: name.to_owned(), parameters }) }
    }

    fn structure(&self) -> Vec<Recommendation> {
        let (structure, mut advice) = (self.structure, Vec::new());
        if !structure.missing_columns.is_empty() {
            let missing = gates::missing(&structure.missing_columns);
            advice.push(self.by(
                "datasets.update_dataset",
                json!({}),
                format!(
                    "{}: name the columns that play these parts with `columns` of `update_dataset`.",
                    capital(&missing)
                ),
            ));
        }
        if structure.bad_rows > 0 {
            advice.push(self.by("datasets.upload_dataset_files", json!({ "replace": true }), format!(
                "{} cannot be read: mend the lines that `structure.errors` names and upload the file again with `replace`.",
                rows(structure.bad_rows)
            )));
        }
        advice
    }

    fn pii(&self) -> Option<Recommendation> {
        let policy = self.pii.policy.as_ref().map(|policy| policy.name.as_str());
        if self.pii.counts.iter().any(|found| found.count > found.allowed) {
            let name = |found: &super::PiiCount| found.rule.clone().unwrap_or_else(|| found.pii_type.name().to_owned());
            let counts: Vec<String> =
                self.pii.counts.iter().map(|found| format!("{} {}", found.count, name(found))).collect();
            let mut types: Vec<_> = self.pii.counts.iter().map(|found| found.pii_type).collect();
            types.dedup();
            let mut redact = json!({ "piiTypes": types });
            if let Some(policy) = policy {
                redact["policy"] = policy.into();
            }
            return Some(self.by("datasets.derive_dataset", json!({ "redact": redact }), format!(
                "Personal or secret data was found ({}): `derive_dataset` with `redact` makes a version without it; `pii.findings` names the rows.",
                counts.join(", ")
            )));
        }
        let more = policy.map_or_else(|| json!({}), |policy| json!({ "policy": policy }));
        let text = "Not everything was searched for: validate again without `piiTypes` and `minConfidence`.";
        (!self.pii.clean).then(|| self.by("datasets.validate_dataset", more, text.into()))
    }

    fn rows(&self) -> Vec<Recommendation> {
        let (quality, mut advice) = (self.quality, Vec::new());
        let verb = |count: u64, one: &str, more: &str| if count == 1 { one.to_owned() } else { more.to_owned() };
        if quality.repeated() > 0 {
            let verb = verb(quality.repeated(), "repeats another", "repeat another");
            let dedupe = self.counted_columns();
            advice.push(self.by(
                "datasets.derive_dataset",
                json!({ "dedupe": dedupe }),
                format!("{} {verb}: leave them out by `derive_dataset` with `dedupe`.", rows(quality.repeated())),
            ));
        }
        if quality.nearly() > 0 {
            let verb = verb(quality.nearly(), "is nearly another", "are nearly another");
            let mut dedupe = self.counted_columns();
            dedupe["near"] = true.into();
            advice.push(self.by("datasets.derive_dataset", json!({ "dedupe": dedupe }), format!(
                "{} {verb}: look whether they teach the same twice, and leave them out by `derive_dataset` with `dedupe` and `near`.",
                rows(quality.nearly())
            )));
        }
        if quality.strays() > 0 {
            let verb = verb(quality.strays(), "is", "are");
            advice.push(self.by("datasets.derive_dataset", json!({ "filter": { "condition": self.not_rare() } }), format!(
                "{} {verb} in a script that hardly any other row is in: look whether they belong here, or leave them out by `derive_dataset` with `filter`.",
                rows(quality.strays())
            )));
        }
        advice
    }

    /// What names the columns that count, where these are not all.
    fn counted_columns(&self) -> Value {
        let (all, counted) = (&self.statistics.columns, self.quality.counted());
        if counted.len() >= all.len() {
            return json!({});
        }
        json!({ "columns": counted.iter().map(|at| all[*at].name.as_str()).collect::<Vec<_>>() })
    }

    /// A condition that holds for rows of the scripts that most are in.
    fn not_rare(&self) -> String {
        let counted = self.quality.counted().iter().filter_map(|at| self.statistics.columns.get(*at));
        let names: Vec<String> = counted.map(|column| named(&column.name)).collect();
        let text = match &names[..] {
            [one] => format!("({one} or \"\")|string"),
            many => format!("[{}]|select|join(\" \")", many.join(", ")),
        };
        let rare = self.quality.rare_scripts().into_iter();
        let rare: Vec<String> = rare.map(|script| format!("{text} is not written_in(\"{script}\")")).collect();
        rare.join(" and ")
    }

    fn values(&self) -> Vec<Recommendation> {
        let (quality, mut advice) = (self.quality, Vec::new());
        if quality.missing() > 0 {
            let gaps = quality.counted().iter().filter_map(|at| self.statistics.columns.get(*at));
            let gaps: Vec<String> = gaps
                .filter(|column| column.nulls > 0)
                .map(|column| format!("{} is not none", named(&column.name)))
                .collect();
            let filter = json!({ "filter": { "condition": gaps.join(" and ") } });
            advice.push(self.by(
                "datasets.derive_dataset",
                filter,
                format!(
                    "{} missing{}: fill them, or leave their rows out by `derive_dataset` with `filter`.",
                    if quality.missing() == 1 {
                        "1 value is".into()
                    } else {
                        format!("{} values are", quality.missing())
                    },
                    match self.structure.incomplete_rows {
                        0 => String::new(),
                        1 => ", and 1 row is of no use without".into(),
                        rows => format!(", and {rows} rows are of no use without"),
                    },
                ),
            ));
        }
        advice.extend(self.types());
        advice.extend(self.far_out());
        if quality.garbled() > 0 {
            advice.push(self.by(
                "datasets.upload_dataset_files",
                json!({ "replace": true }),
                format!(
                    "{} values hold characters of a wrong encoding: save the file as UTF-8 from its source.",
                    quality.garbled()
                ),
            ));
        }
        if let Some(drift) = self.drift.filter(|drift| !drift.columns.is_empty()) {
            let names: Vec<&str> = drift.columns.iter().take(10).map(|column| column.name.as_str()).collect();
            let both = json!({ "a": drift.parent_version_id, "b": self.dataset.id });
            advice.push(self.by(
                "datasets.compare_dataset_versions",
                both,
                format!(
                    "The columns {} are spread otherwise than in {}: `compare_dataset_versions` shows how.",
                    names.join(", "),
                    drift.version
                ),
            ));
        }
        advice
    }

    fn far_out(&self) -> Option<Recommendation> {
        // As many as fit into a condition that somebody reads.
        let kept = |column| Some((column, within(column)?));
        let columns: Vec<(&ColumnStatistics, String)> =
            self.statistics.columns.iter().filter_map(kept).take(10).collect();
        let values: u64 = columns.iter().filter_map(|(column, _)| outliers_of(column)).sum();
        let names: Vec<&str> = columns.iter().map(|(column, _)| column.name.as_str()).collect();
        let keeps: Vec<&str> = columns.iter().map(|(_, keeps)| keeps.as_str()).collect();
        let filter = json!({ "filter": { "condition": keeps.join(" and ") } });
        let text = || {
            format!(
                "{values} numbers and lengths lie far out ({}): look whether they are meant, or leave their rows out by `derive_dataset` with `filter`.",
                names.join(", ")
            )
        };
        let wanted = are_far_out(self.statistics) && !keeps.is_empty();
        wanted.then(|| self.by("datasets.derive_dataset", filter, text()))
    }

    fn types(&self) -> Option<Recommendation> {
        // As many as fit into a condition that somebody reads.
        let changes = &self.structure.type_changes[..self.structure.type_changes.len().min(10)];
        let values: u64 = changes.iter().map(|change| change.values).sum();
        let verb = if values == 1 { "value is" } else { "values are" };
        let names: Vec<&str> = changes.iter().map(|change| change.column.as_str()).collect();
        let table = self.dataset.format == Some(DataFormat::Csv);
        let keeps: Vec<String> = changes.iter().map(|change| of_its_type(change, table)).collect();
        let filter = json!({ "filter": { "condition": keeps.join(" and ") } });
        let text = || {
            format!(
                "{values} {verb} of another type than most of the column ({}): mend them in a new version, or leave their rows out by `derive_dataset` with `filter`.",
                names.join(", ")
            )
        };
        (!changes.is_empty()).then(|| self.by("datasets.derive_dataset", filter, text()))
    }
}

/// A condition that holds for values of a column that are of the type of most, or missing. What stands in a column of a table
/// with values of several types is text.
fn of_its_type(change: &TypeChange, table: bool) -> String {
    let name = named(&change.column);
    let is = match (change.column_type, table) {
        (ColumnType::Boolean, true) => r#"is matching("(?i)^\\s*(true|false)\\s*$")"#.to_owned(),
        (ColumnType::Boolean, false) => "is boolean".to_owned(),
        (ColumnType::Integer | ColumnType::Number, true) => {
            r#"is matching("^\\s*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?\\s*$")"#.to_owned()
        }
        // To an expression `true` is a number too.
        (ColumnType::Integer | ColumnType::Number, false) => format!("is number and {name} is not boolean"),
        (ColumnType::Json, _) => format!("is mapping or {name} is sequence"),
        _ => "is string".to_owned(),
    };
    format!("({name} is none or {name} {is})")
}

/// A condition that holds for values of a column that do not lie far out; nothing if none does.
fn within(column: &ColumnStatistics) -> Option<String> {
    let name = named(&column.name);
    let out = |spread: &&ValueDistribution| spread.outliers > 0;
    if let Some(spread) = column.numbers.as_ref() {
        let (low, high) = spread.fences(|x| x)?;
        return out(&spread).then(|| format!("({name} is not number or {name} >= {low:?} and {name} <= {high:?})"));
    }
    let spread = column.lengths.as_ref().filter(out)?;
    let (low, high) = spread.fences(f64::ln_1p)?;
    let (low, high) = (low.exp_m1().max(0.0).ceil(), high.exp_m1().floor());
    Some(format!("({name} is not string or {name}|length >= {low} and {name}|length <= {high})"))
}

/// A column as a condition names it.
fn named(column: &str) -> String {
    const WORDS: [&str; 13] =
        ["and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "row", "loop", "self"];
    let plain = column.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && column.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !WORDS.contains(&column.to_ascii_lowercase().as_str());
    if plain { column.to_owned() } else { format!("row[{}]", json!(column)) }
}

fn capital(text: &str) -> String {
    text.split_at_checked(1).map_or_else(String::new, |(first, rest)| first.to_ascii_uppercase() + rest)
}

fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}
