//! Files that are put together of pieces which came in packs.

use super::*;

/// A piece that is packed as it is.
fn piece(bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).unwrap();
    [&[0, length, 0, 0, 0, length, 0, 0], bytes].concat()
}

fn name(of: char) -> String {
    of.to_string().repeat(64)
}

impl Fresh {
    async fn stage_as(
        &self,
        ctx: &Ctx,
        model: &Model,
        (said, body): (serde_json::Value, Vec<u8>),
    ) -> Result<StagedModelFile> {
        let mut request = json!({ "modelId": model.id });
        request.as_object_mut().unwrap().extend(said.as_object().cloned().unwrap());
        let body = parts(vec![Part::from_bytes("any", body)]);
        self.ops.catalog().stage_model_file(ctx, serde_json::from_value(request).unwrap(), body).await
    }

    async fn pack(&self, ctx: &Ctx, model: &Model, (name, pieces): (String, &[&str])) -> Result<StagedModelFile> {
        let bytes = pieces.iter().flat_map(|one| piece(one.as_bytes())).collect();
        self.stage_as(ctx, model, (json!({ "pack": name }), bytes)).await
    }

    async fn together(&self, ctx: &Ctx, model: &Model, (file, runs): (&str, &str)) -> Result<StagedModelFile> {
        let said = json!({ "sha256": hex::encode(Sha256::digest(file)), "fromPacks": true });
        self.stage_as(ctx, model, (said, runs.as_bytes().to_vec())).await
    }
}

#[tokio::test]
async fn a_file_is_put_together_of_runs_of_several_packs() {
    let fresh = Fresh::open().await;
    let (ctx, model) = (fresh.ops.ctx(), fresh.model("tiny").await);
    fresh.pack(&ctx, &model, (name('a'), &["one ", "two ", "three "])).await.unwrap();
    fresh.pack(&ctx, &model, (name('b'), &["four "])).await.unwrap();
    let runs = format!("{a} 1 3\n{b} 0 1\n{a} 0 1\n", a = name('a'), b = name('b'));
    let text = "two three four one ";
    let staged = fresh.together(&ctx, &model, (text, &runs)).await.unwrap();
    assert_eq!((staged.bytes, staged.sha256), (19, hex::encode(Sha256::digest(text))));
    let digest = hex::encode(Sha256::digest(text));
    fresh.commit(&model, &[("notes.txt", &digest)], &[]).await.unwrap();
    let request = DownloadModelFile { model_id: model.id, path: "notes.txt".into(), range: None };
    let sent = fresh.ops.catalog().download_model_file(&ctx, request).await.unwrap();
    assert_eq!(sent.body.try_collect::<Vec<_>>().await.unwrap().concat(), text.as_bytes());
}

#[tokio::test]
async fn what_does_not_fit_together_is_refused() {
    let fresh = Fresh::open().await;
    let (ctx, model) = (fresh.ops.ctx(), fresh.model("tiny").await);
    let pack = fresh.pack(&ctx, &model, (name('a'), &["one "])).await.unwrap();
    let a = name('a');
    for (file, runs, code) in [
        ("two ", format!("{a} 0 1\n"), "checksum_mismatch"),
        ("one ", format!("{a} 0 2\n"), "invalid_runs"),
        ("one ", format!("{} 0 1\n", name('c')), "pack_missing"),
        ("one ", "no runs".to_owned(), "invalid_runs"),
    ] {
        let refusal = refused(fresh.together(&ctx, &model, (file, &runs))).await;
        assert_eq!(refusal, (ErrorKind::Invalid, code.to_owned()), "{runs}");
    }
    // Packs are no files, and those of others do not count.
    let named = [("a.txt", pack.sha256.as_str())];
    let committed = fresh.commit(&model, &named, &[]);
    assert_eq!(refused(committed).await, (ErrorKind::Invalid, "bytes_missing".to_owned()));
    let ann = fresh.as_("ann", &["*:read", "catalog:upload"]);
    let runs = format!("{a} 0 1\n");
    let stolen = fresh.together(&ann, &model, ("one ", &runs));
    assert_eq!(refused(stolen).await, (ErrorKind::Invalid, "pack_missing".to_owned()));
    let no_pack = fresh.stage_as(&ctx, &model, (json!({ "pack": name('d') }), b"no pieces".to_vec()));
    assert_eq!(refused(no_pack).await, (ErrorKind::Invalid, "broken_pack".to_owned()));
    let no_name = fresh.pack(&ctx, &model, ("A".repeat(64), &["one "])).await.unwrap_err();
    assert_eq!(no_name.field_name(), Some("pack"));
}
