//! No filter without an index: every statement that the platform sends while the scenarios are played, and while each filter
//! of each list is used, is explained on the database that it was sent to.

mod judge;
mod lists;

use std::collections::BTreeMap;

use llmops_core::LlmOps;
use llmops_core::store::DatabaseUrl;

use judge::{Fault, faults};

/// Statements that may be carried out so, by what their text holds, and why.
const ALLOWED: [(&[&str], &str); 12] = [
    (
        &[
            r#""api_keys"."revoked_at" IS NULL"#,
            r#"SELECT "projects"."name" FROM "projects""#,
            r#"FROM "endpoints" ORDER BY "endpoints"."route""#,
        ],
        "the keys in force, the projects and the routes are held in memory, whole",
    ),
    (&[r#""projects"."name" = $1 ORDER BY"#], "there is one project of a name"),
    (&[r#""credentials"."master_key""#], "who changes the master key has every secret sealed anew"),
    (
        &[
            r#""dataset_comparisons"."state" IN ("#,
            r#""dataset_validations"."state" IN ("#,
            r#""evaluation_runs"."stage" IN ("#,
            r#""contamination_checks"."finished_at" IS NULL ORDER BY"#,
            r#""dataset_derivations"."finished_at" IS NULL ORDER BY"#,
            r#""token_counts"."finished_at" IS NULL ORDER BY"#,
            r#""model_exports"."state" IN ("#,
            r#""model_imports"."state" IN ("#,
            r#""training_jobs"."stage" IN ("#,
        ],
        "what is under way is sorted by age; what is over is not in it",
    ),
    (&[r#""dataset_comparisons"."state" NOT IN ("#], "of a project's comparisons nearly all are over"),
    (
        &[
            r#"LOWER("models"."name") LIKE"#,
            r#"LOWER("datasets"."name") LIKE"#,
            r#"LOWER("training_jobs"."name") LIKE"#,
            r#"LOWER("evaluation_runs"."name") LIKE"#,
            r#"LOWER("endpoints"."route") LIKE"#,
        ],
        "what holds a text is found and sorted if it is few, and is otherwise soon met in the order of the list",
    ),
    (
        &[r#""runs"."name" GLOB"#, r#""runs"."name" LIKE"#, r#"LOWER("runs"."name") LIKE"#],
        "a part of a name is looked for in every name",
    ),
    (
        &[r#""models"."digest" >= "#, r#""datasets"."digest" >= "#],
        "what begins with some digits of a digest is few, and sorted",
    ),
    (&[r#""datasets"."quality_score" "#], "no index has a range of one column in the order of another"),
    (
        &[r#""models"."parent_id" IN ("#, r#""datasets"."parent_id" IN ("#],
        "the children of a generation are sorted by age",
    ),
    (&[r#"(NOT EXISTS(SELECT"#], "of the newest models and datasets most are the newest of their name"),
    (
        &[r#"EXISTS(SELECT $2 FROM "run_labels""#, r#"EXISTS(SELECT $2 FROM "run_metrics""#],
        "a search of runs may ask for anything together: the newest are passed over until enough fit",
    ),
];

/// Uses each filter of each list, then explains what the platform has sent so far on an empty database of the same kind.
pub async fn every_query_has_its_index(ops: &LlmOps, empty: &DatabaseUrl) {
    lists::each_filter_is_used(ops).await;
    let plans = ops.explain_on(empty).await.unwrap_or_else(|e| panic!("{}", e.to_json()));
    let in_transactions = r#"INSERT INTO "audit_log""#;
    assert!(plans.explained.iter().any(|one| one.sql.starts_with(in_transactions)), "writes are seen");
    assert!(plans.explained.len() > 300, "{} statements were seen", plans.explained.len());
    let mut found: BTreeMap<Fault, Vec<String>> = BTreeMap::new();
    for one in &plans.explained {
        for fault in faults(&one.sql, &one.plan, &plans) {
            if !may_be(&one.sql, &fault) {
                found.entry(fault).or_default().push(format!("    {}\n    {}", one.sql, one.plan));
            }
        }
    }
    let said = found.iter().map(|(fault, sql)| format!("{}: {}\n{}", fault.table, fault.what, sql.join("\n")));
    let said: Vec<String> = said.collect();
    assert!(said.is_empty(), "{} ways that grow with a table:\n{}", said.len(), said.join("\n"));
}

fn may_be(sql: &str, fault: &Fault) -> bool {
    // What a text is looked up by is there to be read instead of the table.
    let looked_up = sql.contains(r#"FROM "name_fragments""#) && !fault.what.starts_with("a page is sorted");
    !looked_up && ALLOWED.iter().any(|(parts, _)| parts.iter().any(|part| sql.contains(part)))
}
