//! Policies for personal data: which one holds, and when a report by it is out of date.

use serde_json::Value;

use super::*;

impl Fresh {
    async fn policy(&self, request: Value) -> Result<PiiPolicy> {
        let request: PutPiiPolicy = serde_json::from_value(request).unwrap();
        self.ops.datasets().put_pii_policy(&self.ops.ctx(), request).await
    }

    async fn corpus(&self, name: &str, text: &'static str) -> Dataset {
        let dataset = self.dataset(name, DatasetType::PretrainCorpus).await;
        self.upload(&dataset, "a.txt", text).await.unwrap();
        self.get(&dataset).await
    }
}

#[tokio::test]
async fn the_default_holds_when_none_is_named() {
    let fresh = Fresh::open().await;
    let dataset = fresh.corpus("a", "Write to jane@mail.kr\n").await;
    assert_eq!(fresh.validate(&dataset).await.pii.policy, None);
    assert_eq!(fresh.get(&dataset).await.pii_scan_status, PiiScanStatus::Failed);
    fresh.policy(json!({ "name": "default", "kinds": [{ "type": "email", "allowed": 1 }] })).await.unwrap();
    let report = fresh.validate(&dataset).await;
    let named = PiiPolicyRef { name: "default".into(), version: 1 };
    assert_eq!((report.pii.policy, report.pii.total, report.pii.clean), (Some(named), 1, true));
    assert_eq!(fresh.get(&dataset).await.pii_scan_status, PiiScanStatus::Clean);
}

#[tokio::test]
async fn a_report_by_an_older_policy_approves_nothing() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    fresh.validate(&dataset).await;
    let dataset = fresh.set_status(&dataset, DatasetStatus::UnderReview).await.unwrap();
    fresh.policy(json!({ "name": "default", "minQuality": 99 })).await.unwrap();
    let error = fresh.review(&dataset).await.unwrap_err();
    assert!(error.message().contains("before the project had the policy `default`"), "{error}");
    let dataset = fresh.set_status(&dataset, DatasetStatus::Draft).await.unwrap();
    fresh.validate(&dataset).await;
    let dataset = fresh.set_status(&dataset, DatasetStatus::UnderReview).await.unwrap();
    fresh.policy(json!({ "name": "default", "minQuality": 98 })).await.unwrap();
    assert!(fresh.review(&dataset).await.unwrap_err().message().contains("which is at version 2 since"));
}

#[tokio::test]
async fn the_least_quality_is_the_policys() {
    let fresh = Fresh::open().await;
    fresh.policy(json!({ "name": "strict", "minQuality": 95 })).await.unwrap();
    let dataset = fresh.dataset("poor", DatasetType::SftPair).await;
    fresh.upload(&dataset, "a.csv", "prompt,response\na,b\na,b\nc,\nd,e\n").await.unwrap();
    let request = ValidateDataset {
        dataset_id: dataset.id,
        pii_types: None,
        min_confidence: None,
        policy: Some("strict".into()),
    };
    fresh.ops.datasets().validate_dataset(&fresh.ops.ctx(), request).await.unwrap();
    let report = fresh.ended(&dataset).await;
    assert_eq!(report.quality.threshold, 95.0);
    let dataset = fresh.set_status(&dataset, DatasetStatus::UnderReview).await.unwrap();
    let error = fresh.review(&dataset).await.unwrap_err();
    assert!(error.message().ends_with("and 95 is the least"), "{error}");
}

#[tokio::test]
async fn versions_stay_and_the_same_content_makes_none() {
    let fresh = Fresh::open().await;
    for (quality, version) in [(60, 1), (60, 1), (65, 2), (60, 3)] {
        let made = fresh.policy(json!({ "name": "p", "minQuality": quality })).await.unwrap();
        assert_eq!(made.version, version);
    }
    let request = GetPiiPolicy { name: "p".into(), version: Some(2) };
    let old = fresh.ops.datasets().get_pii_policy(&fresh.ops.ctx(), request).await.unwrap();
    assert_eq!((old.version, old.min_quality), (2, 65.0));
}

#[tokio::test]
async fn a_policy_that_changes_meanwhile_does_not_change_a_redaction() {
    let fresh = Fresh::without_loops().await;
    let dataset = fresh.corpus("a", "Staff S12345 and jane@mail.kr\n").await;
    let rule = json!({ "name": "staff", "pattern": "S[0-9]{5}" });
    fresh.policy(json!({ "name": "default", "kinds": [], "rules": [rule] })).await.unwrap();
    let request = json!({ "datasetId": dataset.id, "redact": {} });
    let begun = fresh.ops.call(fresh.ops.ctx(), "datasets.derive_dataset", request).await.unwrap();
    fresh.policy(json!({ "name": "default", "kinds": [{ "type": "email" }] })).await.unwrap();
    fresh.ops.shutdown().await;
    let fresh = Fresh { ops: on_trial(fresh.dir.path()).await.open().await.unwrap(), dir: fresh.dir };
    let made = DatasetId(begun["outputs"][0]["datasetId"].as_str().unwrap().parse().unwrap());
    let request =
        GetDatasetDerivation { dataset_id: dataset.id, derivation_id: begun["id"].as_str().unwrap().parse().unwrap() };
    let events = fresh.ops.datasets().watch_dataset_derivation(&fresh.ops.ctx(), request).await.unwrap();
    let seen: Vec<DatasetDerivation> = events.try_collect().await.unwrap();
    assert_eq!(seen.last().unwrap().state, DatasetWorkState::Succeeded);
    let made = fresh.ops.datasets().get_dataset(&fresh.ops.ctx(), GetDataset { dataset_id: made }).await.unwrap();
    let rows = fresh.preview(&made, rows_from(&made, 0, 10)).await.unwrap();
    assert_eq!(rows.items[0].values["text"], "Staff [STAFF] and jane@mail.kr");
}

struct CodeNames;

impl PiiDetector for CodeNames {
    fn find(&self, text: &str, found: &mut Vec<PiiMatch>) {
        let all = text.match_indices("Bluebird");
        found.extend(
            all.map(|(at, name)| PiiMatch::new(PiiType::Custom, at..at + name.len(), 0.9).of_rule("code_name")),
        );
    }
}

#[tokio::test]
async fn a_detector_of_the_host_program_finds_beside_the_rules() {
    let dir = tempfile::tempdir().unwrap();
    let ops = on_trial(dir.path()).await.pii_detector(Arc::new(CodeNames)).open().await.unwrap();
    let fresh = Fresh { dir, ops };
    let dataset = fresh.corpus("a", "Bluebird: ask jane@mail.kr\n").await;
    let report = fresh.validate(&dataset).await;
    let found: Vec<_> = report.pii.findings.iter().map(|one| (one.pii_type, one.rule.as_deref(), one.start)).collect();
    assert_eq!(found, [(PiiType::Custom, Some("code_name"), 0), (PiiType::Email, None, 14)]);
    assert_eq!(redacted(&fresh, &dataset, json!({})).await, "[CODE_NAME]: ask [EMAIL]");
    // A policy that leaves the host's own out does not count them.
    fresh.policy(json!({ "name": "default", "kinds": [{ "type": "email", "allowed": 1 }] })).await.unwrap();
    assert_eq!(fresh.validate(&dataset).await.pii.counts.len(), 1);
    assert_eq!(fresh.get(&dataset).await.pii_scan_status, PiiScanStatus::Clean);
}

#[tokio::test]
async fn the_name_of_a_column_is_a_word_beside_its_values() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("people", DatasetType::Other).await;
    fresh.upload(&dataset, "a.csv", "full_name,order,ssn\nJane Miller,123456789,123456789\n").await.unwrap();
    let report = fresh.validate(&dataset).await;
    let found: Vec<_> = report.pii.findings.iter().map(|one| (one.pii_type, one.column.as_str())).collect();
    assert_eq!(found, [(PiiType::PersonName, "full_name"), (PiiType::UsSsn, "ssn")]);
    assert_eq!(redacted(&fresh, &fresh.get(&dataset).await, json!({})).await, "[PERSON_NAME]");
}

/// The first value after a redaction.
async fn redacted(fresh: &Fresh, dataset: &Dataset, how: Value) -> String {
    let request = json!({ "datasetId": dataset.id, "redact": how });
    let begun = fresh.ops.call(fresh.ops.ctx(), "datasets.derive_dataset", request).await.unwrap();
    let derivation_id = begun["id"].as_str().unwrap().parse().unwrap();
    let request = GetDatasetDerivation { dataset_id: dataset.id, derivation_id };
    let events = fresh.ops.datasets().watch_dataset_derivation(&fresh.ops.ctx(), request).await.unwrap();
    let seen: Vec<DatasetDerivation> = events.try_collect().await.unwrap();
    assert_eq!(seen.last().unwrap().error, None);
    let dataset_id = seen.last().unwrap().outputs[0].dataset_id;
    let made = fresh.ops.datasets().get_dataset(&fresh.ops.ctx(), GetDataset { dataset_id }).await.unwrap();
    let rows = fresh.preview(&made, rows_from(&made, 0, 1)).await.unwrap();
    rows.items[0].values[&made.schema[0].name].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn less_confidence_redacts_more_than_the_policy_asks() {
    let fresh = Fresh::open().await;
    let dataset = fresh.corpus("a", "you@example.com\n").await;
    fresh.policy(json!({ "name": "default" })).await.unwrap();
    assert_eq!(redacted(&fresh, &dataset, json!({ "minConfidence": 0.2 })).await, "[EMAIL]");
}
