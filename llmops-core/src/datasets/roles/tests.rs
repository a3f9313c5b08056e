//! Which column plays which part.

use super::*;
use crate::datasets::ColumnType;

fn columns(names: &[&str]) -> Vec<DatasetColumn> {
    let column = |name: &&str| DatasetColumn { name: (*name).into(), column_type: ColumnType::Text, nullable: false };
    names.iter().map(column).collect()
}

#[track_caller]
fn resolves(dataset_type: DatasetType, roles: ColumnRoles, names: &[&str], wanted: Result<&[&str], &[&str]>) {
    let found = resolve(dataset_type, &roles, &columns(names));
    let found =
        found.as_ref().map(ColumnRoles::columns).map_err(|missing| missing.iter().map(String::as_str).collect());
    assert_eq!(found, wanted.map(<[_]>::to_vec).map_err(<[_]>::to_vec));
}

fn asked(prompt: &str, response: &str) -> ColumnRoles {
    ColumnRoles { prompt: Some(prompt.into()), response: Some(response.into()), ..ColumnRoles::default() }
}

#[test]
fn parts_are_found_under_their_own_name() {
    let none = ColumnRoles::default;
    resolves(DatasetType::PretrainCorpus, none(), &["id", "text"], Ok(&["text"]));
    resolves(DatasetType::SftPair, none(), &["prompt", "response"], Ok(&["prompt", "response"]));
    resolves(DatasetType::SftPair, none(), &["prompt", "completion"], Ok(&["prompt", "completion"]));
    resolves(DatasetType::SftPair, none(), &["messages"], Ok(&["messages"]));
    resolves(DatasetType::RlhfPair, none(), &["prompt", "chosen"], Err(&["rejected"]));
    resolves(DatasetType::Other, none(), &["x"], Ok(&[]));
}

#[test]
fn a_mapping_names_other_columns() {
    resolves(DatasetType::SftPair, asked("question", "answer"), &["question", "answer"], Ok(&["question", "answer"]));
    resolves(DatasetType::SftPair, asked("question", "answr"), &["question", "answer"], Err(&["answr"]));
}

#[test]
fn what_is_missing_is_of_the_set_that_was_meant() {
    resolves(DatasetType::SftPair, ColumnRoles::default(), &["prompt"], Err(&["response"]));
    resolves(DatasetType::SftPair, ColumnRoles::default(), &["a"], Err(&["prompt", "response"]));
}

#[test]
fn a_part_of_another_type_is_refused() {
    let error = check(DatasetType::PretrainCorpus, &asked("a", "b")).unwrap_err();
    assert_eq!(error.field_name(), Some("columns.prompt"));
}
