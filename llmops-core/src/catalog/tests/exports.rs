//! Models that go to a registry.

use super::*;
use crate::base::Error;
use crate::registry::fake::FakeRegistry;

/// More than goes within a commit.
const LARGE: usize = (1 << 20) + 1000;

fn notes() -> Vec<u8> {
    (0..).flat_map(|n: u32| format!("line {n}\n").into_bytes()).take(LARGE).collect()
}

/// A platform with an approved model, and the registry that it goes to.
struct Here {
    fresh: Fresh,
    there: Arc<FakeRegistry>,
    model: Model,
}

impl Here {
    async fn with_approved() -> Self {
        let (dir, there) = (tempfile::tempdir().unwrap(), Arc::new(FakeRegistry::default()));
        let ops = on_trial(dir.path()).await.registry("there", there.clone()).open().await.unwrap();
        let fresh = Fresh { _dir: dir, ops };
        let model = fresh.with_files("tiny").await;
        fresh.upload(&model, "notes.txt", notes()).await.unwrap();
        fresh.set_status(&model, ModelStatus::UnderReview).await.unwrap();
        let model = fresh.review(&model, None).await.unwrap();
        Self { fresh, there, model }
    }

    fn catalog(&self) -> &dyn Catalog {
        self.fresh.ops.catalog()
    }

    fn ctx(&self) -> Ctx {
        self.fresh.ops.ctx()
    }

    fn asked(&self) -> ExportModel {
        let request = json!({ "modelId": self.model.id, "repo": "me/tiny", "registry": "there" });
        serde_json::from_value(request).unwrap()
    }

    async fn begin(&self, request: ExportModel) -> Result<ModelExport> {
        self.catalog().export_model(&self.ctx(), request).await
    }

    /// How the export ends.
    async fn end(&self, export: &ModelExport) -> ModelExport {
        let request = GetModelExport { export_id: export.id };
        let events = self.catalog().watch_model_export(&self.ctx(), request).await.unwrap();
        let last = tokio::time::timeout(std::time::Duration::from_secs(60), events.try_collect::<Vec<_>>()).await;
        last.expect("it ends").unwrap().pop().unwrap()
    }

    async fn export(&self, request: ExportModel) -> ModelExport {
        let begun = self.begin(request).await.unwrap();
        self.end(&begun).await
    }
}

fn code(export: &ModelExport) -> (TransferState, &str) {
    (export.state, export.error.as_ref().map_or("", |error| error.code.as_str()))
}

#[tokio::test]
async fn files_and_card_go_to_the_registry_and_what_is_there_goes_once() {
    let here = Here::with_approved().await;
    let done = here.export(here.asked()).await;
    assert_eq!(code(&done), (TransferState::Succeeded, ""), "{done:?}");
    assert_eq!((done.files, done.sent_files, done.sent_bytes), (4, 4, done.bytes));
    assert_eq!((done.commit.as_deref(), done.digest.as_str()), (Some("c01"), here.model.digest.as_deref().unwrap()));
    let held = here.there.holds();
    assert_eq!(held.keys().collect::<Vec<_>>(), ["README.md", "config.json", "model.safetensors", "notes.txt"]);
    assert_eq!((&held["notes.txt"], &held["model.safetensors"]), (&notes().into(), &tensors().into()));
    assert!(held["README.md"].starts_with(b"---\n"), "the card is its head");
    let made = ["create me/tiny private=true", "send notes.txt", "commit main +4 -0: tiny 1.0.0"];
    assert_eq!(here.there.asked(), made);
    let again = here.export(here.asked()).await;
    assert_eq!(again.commit.as_deref(), Some("c01"), "nothing differs, and nothing is committed");
    let links = ListModelExports { model_id: Some(here.model.id), ..ListModelExports::default() };
    let links = here.catalog().list_model_exports(&here.ctx(), links).await.unwrap().items;
    assert_eq!(links, [again, done]);
}

#[tokio::test]
async fn other_files_there_stay_unless_they_are_to_go() {
    let here = Here::with_approved().await;
    here.there.commit_to("c5");
    here.there.put("old.txt", "old");
    here.there.put(".gitattributes", "x");
    let kept = here.export(here.asked()).await;
    assert_eq!(code(&kept), (TransferState::Succeeded, ""), "{kept:?}");
    assert!(here.there.holds().contains_key("old.txt"));
    let request = ExportModel { prune: Some(true), message: Some("only these".into()), ..here.asked() };
    let pruned = here.export(request).await;
    assert_eq!(code(&pruned), (TransferState::Succeeded, ""), "{pruned:?}");
    assert_eq!(here.there.asked().last().unwrap(), "commit main +0 -1: only these");
    let held = here.there.holds();
    assert!(!held.contains_key("old.txt") && held.contains_key(".gitattributes"));
}

#[tokio::test]
async fn only_what_is_approved_leaves_and_only_as_it_was_approved() {
    let here = Here::with_approved().await;
    let draft = here.fresh.with_files("draft").await;
    let refusal = refused(here.begin(ExportModel { model_id: draft.id, ..here.asked() })).await;
    assert_eq!(refusal, (ErrorKind::Conflict, "not_approved".to_owned()));
    here.there.fail([Error::unavailable("away")]);
    let begun = here.begin(here.asked()).await.unwrap();
    let other = refused(here.begin(here.asked())).await;
    assert_eq!(other, (ErrorKind::Conflict, "export_unfinished".to_owned()));
    here.fresh.upload(&here.model, "more.txt", "more").await.unwrap();
    let ended = here.end(&begun).await;
    assert_eq!(code(&ended), (TransferState::Failed, "not_approved"), "{ended:?}");
    assert_eq!(here.there.holds().len(), 0, "not a byte of it went");
}

#[tokio::test]
async fn what_passes_is_tried_again_and_what_does_not_waits_for_somebody() {
    let here = Here::with_approved().await;
    let denied = Error::denied("the registry does not let this key write").code("registry_refused");
    here.there.fail([Error::unavailable("away"), denied]);
    let failed = here.export(here.asked()).await;
    assert_eq!(code(&failed), (TransferState::Failed, "registry_refused"), "{failed:?}");
    let request = GetModelExport { export_id: failed.id };
    let begun = here.catalog().resume_model_export(&here.ctx(), request.clone()).await.unwrap();
    assert_eq!(code(&here.end(&begun).await), (TransferState::Succeeded, ""));
    let over = refused(here.catalog().cancel_model_export(&here.ctx(), request)).await;
    assert_eq!(over, (ErrorKind::Conflict, "export_over".to_owned()));
}

#[tokio::test]
async fn who_gives_an_export_up_or_deletes_its_model_ends_it() {
    let here = Here::with_approved().await;
    let away = || std::iter::repeat_with(|| Error::unavailable("away")).take(8);
    here.there.fail(away());
    let begun = here.begin(here.asked()).await.unwrap();
    let request = GetModelExport { export_id: begun.id };
    let gone = here.catalog().cancel_model_export(&here.ctx(), request).await.unwrap();
    assert_eq!(gone.state, TransferState::Cancelled);
    here.there.fail(away());
    let begun = here.begin(here.asked()).await.unwrap();
    here.catalog().delete_model(&here.ctx(), DeleteModel { model_id: here.model.id }).await.unwrap();
    assert_eq!(here.end(&begun).await.state, TransferState::Cancelled);
}

#[tokio::test]
async fn what_is_asked_wrongly_is_named() {
    let here = Here::with_approved().await;
    let asked = || here.asked();
    for (request, field) in [
        (ExportModel { repo: "a b".into(), ..asked() }, "repo"),
        (ExportModel { revision: Some("../x".into()), ..asked() }, "revision"),
        (ExportModel { registry: Some("nobody".into()), ..asked() }, "registry"),
        (ExportModel { message: Some("m".repeat(201)), ..asked() }, "message"),
    ] {
        let error = here.begin(request).await.unwrap_err();
        assert_eq!((error.kind(), error.field_name()), (ErrorKind::Invalid, Some(field)), "{error}");
    }
    let viewer = here.fresh.as_("vera", &["*:read", "catalog:create"]);
    let error = here.catalog().export_model(&viewer, asked()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Denied);
}

#[tokio::test]
async fn a_registry_that_leaves_a_file_out_gets_none() {
    let here = Here::with_approved().await;
    here.there.ignore("config.json");
    let failed = here.export(here.asked()).await;
    assert_eq!(code(&failed), (TransferState::Failed, "registry_refused"), "{failed:?}");
    assert!(failed.error.unwrap().message.contains("config.json"));
    assert_eq!(here.there.holds().len(), 0);
}

#[tokio::test]
async fn more_than_a_commit_removes_goes_in_several() {
    let here = Here::with_approved().await;
    here.there.commit_to("c5");
    (0..1300).for_each(|n| here.there.put(&format!("old-{n}.txt"), "old"));
    let pruned = here.export(ExportModel { prune: Some(true), ..here.asked() }).await;
    assert_eq!(code(&pruned), (TransferState::Succeeded, ""), "{pruned:?}");
    assert_eq!(here.there.holds().len(), 4);
}
