//! What is wrong with the way a database would take: pure, from its plan.
//!
//! A page must cost the same whatever else is in its table, and nothing may read a table whole. So a plan is faulty when it
//! reads a table or an index from end to end, sorts more than the page it gives, or walks a whole project for what it looks for.

use std::collections::BTreeSet;

use llmops_core::store::Plans;
use serde_json::Value;

/// A table and what is wrong with how it is read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    pub table: String,
    pub what: String,
}

fn fault(table: &str, what: impl Into<String>) -> Fault {
    Fault { table: table.to_owned(), what: what.into() }
}

/// What is wrong with the plan of a statement.
pub fn faults(sql: &str, plan: &Value, plans: &Plans) -> Vec<Fault> {
    let steps = plan.as_array().map(Vec::as_slice).unwrap_or_default();
    match steps.first() {
        Some(Value::Object(whole)) => {
            let mut found = Vec::new();
            visit(&whole["Plan"], &At { page: false, table: "", filter: "" }, plans, &mut found);
            found
        }
        _ => steps.iter().filter_map(Value::as_str).filter_map(|line| of_sqlite(sql, line)).collect(),
    }
}

/// SQLite: of each table one line, `SCAN` for the whole of it, `SEARCH` for a part that an index names.
fn of_sqlite(sql: &str, line: &str) -> Option<Fault> {
    let page = sql.contains(" LIMIT ");
    let named = |rest: &str| rest.split(' ').next().unwrap_or_default().to_owned();
    if let Some(rest) = line.strip_prefix("USE TEMP B-TREE FOR ") {
        return (page && rest.ends_with("ORDER BY"))
            .then(|| fault("", "a page is sorted: all that match are read first"));
    }
    if line.contains(" AUTOMATIC ") {
        let table = named(line.trim_start_matches("SEARCH "));
        return Some(fault(&table, "an index is made for this one query"));
    }
    let table = named(line.strip_prefix("SCAN ")?);
    // What was put together before, what has no rows in a table, and what cannot be: `IN` of nothing is asked before any row.
    let made = table.starts_with('(') || table == "CONSTANT" || line.ends_with(" VALUES CLAUSE");
    if made || sql.contains(" WHERE ? = ?") {
        return None;
    }
    // Everything, a page at a time, in the order of an index.
    let paged = page && line.contains(" USING ") && !sql.contains(" WHERE ");
    (!paged).then(|| fault(&table, "is read whole"))
}

/// What lies above a step of a plan of PostgreSQL.
struct At<'a> {
    /// A page of what comes is enough, and it comes in order.
    page: bool,
    table: &'a str,
    filter: &'a str,
}

fn visit(step: &Value, above: &At, plans: &Plans, found: &mut Vec<Fault>) {
    let text = |name: &str| step[name].as_str().unwrap_or_default();
    let kind = text("Node Type");
    let table = if text("Relation Name").is_empty() { above.table } else { text("Relation Name") };
    let filter = if kind == "Bitmap Index Scan" { above.filter } else { text("Filter") };
    let here = At { page: above.page, table, filter };
    match kind {
        "Seq Scan" | "Sample Scan" | "Tid Scan" => found.push(fault(table, "is read whole")),
        "Incremental Sort" if only_ties(step) => {}
        "Sort" | "Incremental Sort" if above.page => {
            found.push(fault(of(step), "a page is sorted: all that match are read first"));
        }
        "Nested Loop" | "Hash Join" | "Merge Join" if above.page => found.extend(of_join(step, plans)),
        "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" => found.extend(of_index(step, &here, plans)),
        _ => {}
    }
    let page = match kind {
        "Limit" => true,
        "Incremental Sort" if only_ties(step) => above.page,
        "Sort" | "Incremental Sort" | "Aggregate" | "Group" | "Hash" | "Materialize" | "Unique" => false,
        _ => above.page,
    };
    for below in step["Plans"].as_array().into_iter().flatten() {
        visit(below, &At { page, table, filter }, plans, found);
    }
}

/// Whether the rows come in order but for the last column, which breaks ties.
fn only_ties(step: &Value) -> bool {
    let count = |name: &str| step[name].as_array().map_or(0, Vec::len);
    count("Sort Key") == count("Presorted Key") + 1
}

/// The first table below a step.
fn of(step: &Value) -> &str {
    let below = || step["Plans"].as_array().into_iter().flatten().map(of).find(|table| !table.is_empty());
    step["Relation Name"].as_str().or_else(below).unwrap_or_default()
}

/// A page of what is joined: the rows that are passed over until others fit must be few.
fn of_join(step: &Value, plans: &Plans) -> Option<Fault> {
    let (outer, inner) = (&step["Plans"][0], &step["Plans"][1]);
    let index = outer["Index Name"].as_str().and_then(|name| plans.indexes.get(name))?;
    let table = of(outer);
    let asked = words(outer["Index Cond"].as_str().unwrap_or_default(), outer["Alias"].as_str().unwrap_or(table));
    let narrows = |column: &String| column != "project" && asked.contains(column) && !is_bound(outer, column);
    (!index.iter().any(narrows)).then(|| fault(table, format!("is walked for what {} says", of(inner))))
}

/// Whether a condition on a column is where the page before ended.
fn is_bound(scan: &Value, column: &str) -> bool {
    let condition = scan["Index Cond"].as_str().unwrap_or_default();
    ["<", ">"].iter().any(|sign| condition.contains(&format!("{column} {sign}")))
}

fn of_index(step: &Value, at: &At, plans: &Plans) -> Option<Fault> {
    let name = step["Index Name"].as_str().unwrap_or_default();
    let index = plans.indexes.get(name).map(Vec::as_slice).unwrap_or_default();
    let columns = plans.tables.get(at.table).map(Vec::as_slice).unwrap_or_default();
    let alias = step["Alias"].as_str().unwrap_or(at.table);
    let asked = words(step["Index Cond"].as_str().unwrap_or_default(), alias);
    let sifted = words(at.filter, alias);
    // What the index holds is judged before a row is fetched.
    let sifted: Vec<&str> =
        columns.iter().filter(|c| sifted.contains(*c) && !index.contains(c)).map(String::as_str).collect();
    if asked.is_empty() {
        let whole = at.page && at.filter.is_empty();
        return (!whole).then(|| fault(at.table, format!("{name} is read whole")));
    }
    let first = index.first().map(String::as_str).unwrap_or_default();
    if !asked.iter().any(|word| first.contains(word.as_str())) {
        return Some(fault(at.table, format!("{name} is read whole, as its first column, {first}, is not asked for")));
    }
    let narrowed = index.iter().any(|column| column != "project" && asked.contains(column));
    let walks = !narrowed && !sifted.is_empty();
    walks.then(|| fault(at.table, format!("{name} is walked for what {} is", sifted.join(", "))))
}

/// The names in a condition, without texts and without those of other tables.
fn words(condition: &str, alias: &str) -> BTreeSet<String> {
    let code: String = condition.split('\'').step_by(2).collect::<Vec<_>>().join(" ");
    let names = code.split(|c: char| !c.is_ascii_alphanumeric() && !"_.".contains(c));
    let own = names.filter_map(|name| match name.rsplit_once('.') {
        Some((whose, column)) => (whose == alias).then_some(column),
        None => Some(name),
    });
    own.filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use llmops_core::store::Plans;
    use serde_json::{Value, json};

    use super::faults;

    const PAGE: &str = "SELECT * FROM \"models\" WHERE \"project\" = ? ORDER BY \"created_at\" DESC LIMIT ?";

    fn plans() -> Plans {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let tables = [("models".to_owned(), list(&["id", "project", "status", "created_at"]))];
        let indexes = [
            ("ix_created".to_owned(), list(&["project", "created_at", "id"])),
            ("ix_status".to_owned(), list(&["project", "status", "created_at", "id"])),
        ];
        Plans { explained: Vec::new(), tables: BTreeMap::from(tables), indexes: BTreeMap::from(indexes) }
    }

    #[track_caller]
    fn check(sql: &str, plan: &Value, expect: &[&str]) {
        let found: Vec<String> =
            faults(sql, plan, &plans()).iter().map(|f| format!("{}: {}", f.table, f.what)).collect();
        assert_eq!(found, expect, "{plan}");
    }

    #[track_caller]
    fn sqlite(sql: &str, line: &str, expect: &[&str]) {
        check(sql, &json!([line]), expect);
    }

    fn index(name: &str, asked: &str, filter: &str) -> Value {
        json!({ "Node Type": "Index Scan", "Relation Name": "models", "Alias": "models", "Index Name": name,
                "Index Cond": (!asked.is_empty()).then_some(asked), "Filter": (!filter.is_empty()).then_some(filter) })
    }

    #[track_caller]
    fn postgres(above: &[&str], scan: &Value, expect: &[&str]) {
        let plan = above.iter().rev().fold(scan.clone(), |below, kind| json!({ "Node Type": kind, "Plans": [below] }));
        check(PAGE, &json!([{ "Plan": plan }]), expect);
    }

    #[test]
    fn sqlite_searches_by_an_index() {
        sqlite(PAGE, "SEARCH models USING INDEX ix_created (project=?)", &[]);
        sqlite(PAGE, "SCAN models", &["models: is read whole"]);
        sqlite(PAGE, "SCAN models USING INDEX ix_created", &["models: is read whole"]);
        sqlite(
            PAGE,
            "SEARCH models USING AUTOMATIC COVERING INDEX (id=?)",
            &["models: an index is made for this one query"],
        );
    }

    #[test]
    fn sqlite_reads_what_was_put_together_and_pages_of_everything() {
        sqlite(PAGE, "SCAN (subquery-1)", &[]);
        sqlite(PAGE, "SCAN CONSTANT ROW", &[]);
        sqlite("INSERT INTO \"models\" VALUES (?), (?)", "SCAN 2-ROW VALUES CLAUSE", &[]);
        sqlite("SELECT * FROM \"models\" WHERE ? = ?", "SCAN models", &[]);
        sqlite("SELECT * FROM \"models\" ORDER BY \"id\" LIMIT ?", "SCAN models USING INDEX ix_created", &[]);
        sqlite(
            "SELECT * FROM \"models\" ORDER BY \"id\"",
            "SCAN models USING INDEX ix_created",
            &["models: is read whole"],
        );
    }

    #[test]
    fn sqlite_sorts_no_page() {
        let sorted = [": a page is sorted: all that match are read first"];
        sqlite(PAGE, "USE TEMP B-TREE FOR ORDER BY", &sorted);
        sqlite(PAGE, "USE TEMP B-TREE FOR LAST TERM OF ORDER BY", &sorted);
        sqlite(
            "SELECT * FROM \"model_files\" WHERE \"model_id\" = ? ORDER BY \"path\"",
            "USE TEMP B-TREE FOR ORDER BY",
            &[],
        );
    }

    #[test]
    fn postgres_searches_by_an_index() {
        postgres(&["Limit"], &index("ix_created", "(project = 'a'::text)", ""), &[]);
        let seq = json!({ "Node Type": "Seq Scan", "Relation Name": "models" });
        postgres(&["Aggregate"], &seq, &["models: is read whole"]);
        postgres(&["Limit"], &index("ix_created", "", ""), &[]);
        postgres(&[], &index("ix_created", "", ""), &["models: ix_created is read whole"]);
        let id = "(models.id = runs.project)";
        let first = "models: ix_created is read whole, as its first column, project, is not asked for";
        postgres(&["Limit"], &index("ix_created", id, ""), &[first]);
    }

    #[test]
    fn postgres_sorts_no_page() {
        let scan = index("ix_created", "(project = 'a'::text)", "");
        postgres(&["Limit", "Sort"], &scan, &["models: a page is sorted: all that match are read first"]);
        postgres(&["Limit", "Aggregate", "Sort"], &scan, &[]);
        postgres(&["Sort"], &scan, &[]);
        let sort = |presorted: Value| {
            json!([{ "Plan": { "Node Type": "Limit", "Plans": [{ "Node Type": "Incremental Sort", "Plans": [scan],
                     "Sort Key": ["project", "created_at", "id"], "Presorted Key": presorted }] } }])
        };
        check(PAGE, &sort(json!(["project", "created_at"])), &[]);
        check(PAGE, &sort(json!(["project"])), &["models: a page is sorted: all that match are read first"]);
    }

    #[test]
    fn postgres_walks_no_project() {
        let project = "(project = 'status'::text)";
        let walked = "models: ix_created is walked for what status is";
        postgres(&["Limit"], &index("ix_created", project, "(status = 'a'::text)"), &[walked]);
        postgres(&["Limit"], &index("ix_created", project, "((created_at < 1) OR (id < 'status'))"), &[]);
        postgres(&["Limit"], &index("ix_status", "((project = 'a') AND (status = 'b'))", "(other = 'a'::text)"), &[]);
    }

    #[test]
    fn postgres_walks_no_project_for_another_table() {
        let inner = json!({ "Node Type": "Index Scan", "Relation Name": "runs", "Index Name": "ix_status",
                            "Index Cond": "(project = models.id)" });
        let joined = |outer: Value, expect: &[&str]| {
            let join = json!({ "Node Type": "Nested Loop", "Plans": [outer, inner] });
            check(PAGE, &json!([{ "Plan": { "Node Type": "Limit", "Plans": [join] } }]), expect);
        };
        let walked = ["models: is walked for what runs says"];
        joined(index("ix_created", "(project = 'a'::text)", ""), &walked);
        joined(index("ix_created", "((project = 'a'::text) AND (created_at <= 5))", ""), &walked);
        joined(index("ix_status", "((project = 'a'::text) AND (status = 'b'::text))", ""), &[]);
    }

    #[test]
    fn postgres_looks_rows_up_by_bits() {
        let bits =
            json!({ "Node Type": "Bitmap Index Scan", "Index Name": "ix_created", "Index Cond": "(project = 'a')" });
        let heap = |filter: &str| json!({ "Node Type": "Bitmap Heap Scan", "Relation Name": "models", "Filter": filter, "Plans": [bits] });
        postgres(&[], &heap("(id = 1)"), &[]);
        postgres(&[], &heap("(status = 'a')"), &["models: ix_created is walked for what status is"]);
    }
}
