//! What is thrown away, brought back and let go for good, through whatever death.

use std::time::Instant;

use llmops_core::base::{Error, ErrorKind};
use llmops_core::op::{Part, parts};
use serde_json::{Value, json};

use super::story::{Story, Who};

/// A thing that can be thrown away, by the room it is in.
type Kind = (&'static str, &'static str);

impl Story {
    /// A model and a dataset go to the trash, come back whole, go again and for good; then nothing of them stays.
    pub async fn throw_away(&mut self) {
        let model = json!({ "name": "thrown", "version": "1.0.0" });
        let dataset = json!({ "name": "thrown", "version": "1.0.0", "type": "other" });
        let mut cut = false;
        for (of, wanted) in [(("catalog", "model"), model), (("datasets", "dataset"), dataset)] {
            let id = self.ask_once(&format!("thrown-{}", of.1), &format!("{}.create_{}", of.0, of.1), wanted).await;
            let at = json!({ format!("{}Id", of.1): id["id"] });
            cut |= self.filled(of, &at).await;
            self.moved(of, ("delete", "once"), &at, 1).await;
            self.moved(of, ("restore", "once"), &at, 0).await;
            let files = self.ask(&format!("{}.list_{}_files", of.0, of.1), at.clone()).await;
            assert_eq!(files["items"].as_array().unwrap().len(), 1, "{files:#}");
            match of.1 {
                "model" => assert_eq!(self.ask("catalog.verify_model", at.clone()).await["verified"], true),
                _ => assert_eq!(
                    self.ask("datasets.preview_dataset", at.clone()).await["items"][0]["values"]["text"],
                    "kept"
                ),
            }
            self.moved(of, ("delete", "again"), &at, 1).await;
            self.moved(of, ("purge", "once"), &at, 0).await;
            let gone = self.try_once("look", &format!("{}.get_{}", of.0, of.1), at).await;
            assert_eq!(gone.map_err(|error| error.kind()), Err(ErrorKind::NotFound));
        }
        // What an upload brought that was cut short is kept for a day: nobody knows that its server is dead.
        if !cut {
            self.until_objects("nothing of them stays", |_| false).await;
        }
    }

    /// Gives a thing its file; whether a death came in between.
    async fn filled(&mut self, (room, thing): Kind, at: &Value) -> bool {
        let (since, mut cut) = (Instant::now(), false);
        let mut request = at.clone();
        request["replace"] = true.into();
        loop {
            let ops = self.client(Who::Maker);
            let body = parts(vec![Part::from_bytes("notes.txt", "kept\n")]);
            match ops.upload(ops.ctx(), &format!("{room}.upload_{thing}_files"), request.clone(), body).await {
                Ok(_) => return cut,
                Err(error) => {
                    cut = true;
                    self.survive("upload", error, since).await;
                }
            }
        }
    }

    /// Moves a thing between its place and the trash, in which there are so many then. Whether a move that a death cut off
    /// happened is not known: it is made again, and where it was made already there is nothing to move.
    async fn moved(&mut self, (room, thing): Kind, (verb, time): (&str, &str), at: &Value, then: usize) {
        let deaths = self.deaths;
        let key = format!("{verb}-{thing}-{time}");
        let done = self.try_once(&key, &format!("{room}.{verb}_{thing}"), at.clone()).await;
        let is_done = |error: &Error| self.deaths > deaths && error.kind() == ErrorKind::NotFound;
        assert!(done.as_ref().err().is_none_or(is_done), "{verb} {thing}: {done:?}\n{}", self.log());
        let trashed = self.ask(&format!("{room}.list_trashed_{thing}s"), json!({})).await;
        assert_eq!(trashed["items"].as_array().unwrap().len(), then, "{verb} {thing}: {trashed:#}");
    }
}
