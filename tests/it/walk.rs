//! The main job with the real program, verb by verb, as somebody at a terminal does it: what it prints, and what it exits
//! with when something is wrong.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::process::{server_executable, with_working_folder};

const CARD: [&str; 8] =
    ["--card", "purpose=a walk", "--card", "scope=a test", "--card", "contact=you", "--card", "license=CC0-1.0"];
const SHAPE: &str = "hiddenSize=32,layers=2,heads=2,vocabulary=400,context=64";
/// For a server to answer, and to log that it did.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a command did.
struct Did {
    exit: i32,
    out: String,
    err: String,
}

impl Did {
    /// It went well.
    #[track_caller]
    fn well(self) -> String {
        assert_eq!(self.exit, 0, "{}\n{}", self.out, self.err);
        self.out
    }

    /// It ended with this number and said this.
    #[track_caller]
    fn ends(self, exit: i32, said: &str) {
        let all = format!("{}\n{}", self.out, self.err);
        assert_eq!(self.exit, exit, "{all}");
        assert!(all.contains(said), "`{said}` is not in:\n{all}");
    }
}

/// A server of this machine and somebody before a terminal.
struct Walk {
    folder: tempfile::TempDir,
    server: Child,
    url: String,
    reviewer: String,
}

impl Drop for Walk {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Walk {
    /// A server that may ask these others.
    fn begin(allowed_hosts: &str) -> Self {
        Self::serve(|command| command.args(["--log-level", "off"]).env("LLMOPS_EGRESS_ALLOWED_HOSTS", allowed_hosts))
    }

    /// A server that is told more.
    fn serve(told: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(server_executable());
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path().join("data"));
        told(&mut command);
        let mut server = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let said = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("listening on ").map(str::to_owned));
        Self { folder, server, url: said.expect("the server starts"), reviewer: String::new() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs a command line; words are separated by spaces.
    fn run(&self, line: &str) -> Did {
        self.with(&line.split(' ').collect::<Vec<_>>(), None, "")
    }

    /// Runs these words, with a key other than the administrator's if one is given, and this on standard input.
    fn with(&self, words: &[&str], key: Option<&str>, input: &str) -> Did {
        let mut command = Command::new(server_executable());
        command
            .args(words)
            .current_dir(self.folder.path())
            .env("LLMOPS_URL", &self.url)
            .env("LLMOPS_DATA", self.data());
        if let Some(key) = key {
            command.env("LLMOPS_API_KEY", key);
        }
        did(&mut command, input)
    }

    /// Tells the server to stop.
    fn stop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.server);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        assert!(self.server.wait().unwrap().success(), "the server stops well");
    }

    /// Runs a command with `--json` and gives the document.
    #[track_caller]
    fn json(&self, line: &str) -> Value {
        let said = self.run(&format!("{line} --json")).well();
        serde_json::from_str(&said).unwrap_or_else(|e| panic!("{e}: {said}"))
    }

    /// Brings a reviewer in.
    fn reviewed(&mut self) {
        let made = self.json(r#"call governance.create_api_key name=ada roles=["reviewer"]"#);
        made["secret"].as_str().unwrap().clone_into(&mut self.reviewer);
    }

    #[track_caller]
    fn approve(&self, what: &str, name: &str) {
        self.run(&format!("{what} submit {name}")).well();
        self.run(&format!("{what} approve {name}")).ends(7, "cannot review it");
        self.with(&[what, "approve", name], Some(&self.reviewer), "").well();
    }
}

/// Runs a command to its end.
fn did(command: &mut Command, input: &str) -> Did {
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    // Who reads no input may be gone.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let did = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Did { exit: did.status.code().unwrap_or(-1), out: text(did.stdout), err: text(did.stderr) }
}

/// Runs these words in a folder, where no server is.
fn alone(folder: &Path, line: &str) -> Did {
    did(Command::new(server_executable()).args(line.split(' ')).current_dir(folder), "")
}

fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data").join(name).display().to_string()
}

#[test]
fn the_main_job_is_walked_verb_by_verb() {
    let mut walk = Walk::begin("");
    walk.reviewed();
    data(&walk);
    train(&walk);
    evaluate(&walk);
    serve(&walk);
    audit(&walk);
    walk.stop();
}

/// Files become approved datasets.
fn data(walk: &Walk) {
    walk.run("models list").ends(0, "nothing found");
    walk.run("datasets create gone 1.0.0 no-such-file --type other").ends(5, "which is not there");
    walk.run("datasets show gone").ends(3, "there is no dataset `gone`");
    std::fs::write(walk.folder.path().join("bad.jsonl"), "{\"q\": \"a\", \"a\": \"b\"}\nno row\n").unwrap();
    walk.run("datasets create bad 1.0.0 bad.jsonl --type sft_pair").well();
    walk.run("datasets validate bad").ends(6, "bad.jsonl:2");
    std::fs::write(walk.folder.path().join("bad.jsonl"), "{\"q\": \"a\", \"a\": \"b\"}\n").unwrap();
    walk.run("datasets upload bad bad.jsonl --replace").well();
    walk.run("datasets update bad --column prompt=q --column response=a").well();
    walk.run("datasets validate bad").ends(0, "1 rows, 0 that cannot be read");
    for (name, kind, file) in [
        ("speeches", "pretrain_corpus", "corpus.txt"),
        ("capitals", "sft_pair", "capitals-train.csv"),
        ("heldout", "benchmark", "capitals-heldout.csv"),
    ] {
        walk.run(&format!("datasets create {name} 1.0.0 {} --type {kind}", example(file))).well();
        walk.run(&format!("datasets validate {name}")).ends(0, "quality 100 of 100");
        walk.approve("datasets", name);
    }
    walk.run("datasets preview capitals --limit 2").ends(0, "ROW");
    walk.run("datasets rows capitals --column response --row 599 --output -").ends(0, "{\"response\":");
    walk.run("datasets rows capitals --format arrow --output capitals.arrows").well();
    walk.run("datasets rows capitals --column answer").ends(5, "its columns are prompt, response");
    walk.run("datasets statistics capitals").ends(0, "response");
    walk.run("datasets show capital").ends(3, "did you mean `capitals`?");
    walk.run("datasets show capitals:2.0.0").ends(3, "it has the versions 1.0.0");
    walk.run("datasets list --limit 0").ends(2, "above 0");
}

#[test]
fn what_is_looked_for_is_found_and_what_is_lacking_is_asked_for() {
    let mut walk = Walk::begin("");
    walk.reviewed();
    models_by_filters(&walk);
    datasets_by_filters(&walk);
    tables_as_they_are_said_to_be(&walk);
    std::fs::write(walk.folder.path().join("config.json"), r#"{"architectures":["LlamaForCausalLM"]}"#).unwrap();
    let create = ["models", "create", "asked", "1.0.0", "config.json", "--family", "llama"];
    walk.with(&[&create[..], &CARD[..]].concat(), None, "").well();
    walk.run("models submit asked").well();
    given_back(&walk, "models", "asked", "say what it is not for");
}

/// The names that a list shows, in its order.
#[track_caller]
fn names(walk: &Walk, line: &str) -> Vec<String> {
    let found = walk.json(line);
    let name = |one: &Value| format!("{}:{}", one["name"].as_str().unwrap(), one["version"].as_str().unwrap());
    found.as_array().unwrap().iter().map(name).collect()
}

fn models_by_filters(walk: &Walk) {
    for (name, version, family, team) in
        [("one", "1.0.0", "llama", "search"), ("one", "1.1.0", "llama", "search"), ("two", "1.0.0", "qwen", "chat")]
    {
        walk.run(&format!("models create {name} {version} --family {family} --team {team}")).well();
    }
    walk.run("models create tagged 1.0.0 --family llama --tag spanish --tag small").well();
    walk.run("models update tagged --tag korean").well();
    for (flags, expect) in [
        ("--family qwen", &["two:1.0.0"][..]),
        ("--team search", &["one:1.1.0", "one:1.0.0"]),
        ("--team search --newest", &["one:1.1.0"]),
        ("--version 1.0.0 --sort name", &["one:1.0.0", "tagged:1.0.0", "two:1.0.0"]),
        ("--version 1.0.0 --sort -name", &["two:1.0.0", "tagged:1.0.0", "one:1.0.0"]),
        ("--tag korean", &["tagged:1.0.0"]),
        ("--text ONE --sort createdAt", &["one:1.0.0", "one:1.1.0"]),
        ("--digest 00", &[]),
    ] {
        assert_eq!(names(walk, &format!("models list {flags}")), expect, "{flags}");
    }
    walk.run("models list --sort age").ends(5, "sort");
    walk.with(&["models", "update", "tagged", "--tag", ""], None, "").well();
    assert_eq!(walk.json("models show tagged")["tags"], serde_json::json!([]));
}

fn datasets_by_filters(walk: &Walk) {
    let sound = example("capitals-heldout.csv");
    walk.run(&format!("datasets create good 1.0.0 {sound} --type benchmark --team search")).well();
    walk.run("datasets validate good").ends(0, "quality 100 of 100");
    walk.run("datasets create good 1.1.0 --type benchmark --team search").well();
    walk.run("datasets create other 1.0.0 --type other --team chat").well();
    let digest = walk.json("datasets show good:1.0.0")["digest"].as_str().unwrap()[..12].to_owned();
    for (flags, expect) in [
        ("--team chat", &["other:1.0.0"][..]),
        ("--team search --newest", &["good:1.1.0"]),
        ("--pii clean", &["good:1.0.0"]),
        ("--min-quality 90", &["good:1.0.0"]),
        ("--max-quality 90", &[]),
        ("--version 1.0.0 --sort -name", &["other:1.0.0", "good:1.0.0"]),
        (&format!("--digest {digest}"), &["good:1.0.0"]),
    ] {
        assert_eq!(names(walk, &format!("datasets list {flags}")), expect, "{flags}");
    }
    walk.run("datasets list --pii maybe").ends(5, "piiScanStatus");
    walk.run("datasets submit good:1.0.0").well();
    given_back(walk, "datasets", "good:1.0.0", "row 7 is no capital");
    let shown = walk.run("datasets preview good:1.0.0 --column response --row 1 --limit 1").well();
    assert!(shown.contains("response") && !shown.contains("prompt"), "{shown}");
}

/// How a table is written is said where it cannot be found out.
fn tables_as_they_are_said_to_be(walk: &Walk) {
    std::fs::write(walk.folder.path().join("plain.csv"), "1\t2\n3\t4\n").unwrap();
    walk.run("datasets create table 1.0.0 --type other").well();
    walk.run("datasets upload table plain.csv --delimiter tab --header false").well();
    let file = &walk.json("datasets files table")[0];
    assert_eq!((file["delimiter"].as_str(), file["rows"].as_u64()), (Some("\t"), Some(2)), "{file}");
    walk.run("datasets upload table plain.csv --replace --delimiter :").ends(5, "delimiter");
    walk.run("datasets download table plain.csv --output again.csv").well();
    let [sent, back] = ["plain.csv", "again.csv"].map(|name| std::fs::read(walk.folder.path().join(name)).unwrap());
    assert_eq!(back, sent);
    walk.run("datasets create marked 1.0.0 --type other --tag one --tag two").well();
    walk.run("datasets update marked --tag three").well();
    assert_eq!(walk.json("datasets show marked")["tags"], serde_json::json!(["three"]));
}

/// A reviewer sends it back, and it is a draft with a reason.
fn given_back(walk: &Walk, what: &str, name: &str, notes: &str) {
    let asked = [what, "request-changes", name, "--notes", notes];
    walk.with(&asked, None, "").ends(7, "cannot review it");
    walk.with(&asked, Some(&walk.reviewer), "").ends(0, "draft");
    let reviews = walk.json(&format!("{what} reviews {name}"));
    assert_eq!((reviews[0]["decision"].as_str(), reviews[0]["notes"].as_str()), (Some("request_changes"), Some(notes)));
}

/// Datasets become models.
fn train(walk: &Walk) {
    let start = format!("train start --dataset speeches --name base --architecture {SHAPE} --set maxSteps=3");
    walk.run(&format!("{start} --set maxSteps=x")).ends(5, "`hyperparams.maxSteps` must be a whole number");
    let checked = walk.json(&format!("{start} --dry-run"));
    assert_eq!(checked["statusReason"], "only checked: nothing was submitted");
    walk.run(&start).ends(0, "its model is `base` 1.0.0");
    walk.run("train show base").ends(0, "succeeded");
    walk.run("train logs base").ends(0, "\"event\":\"done\"");
    walk.run("train cancel base").ends(4, "cannot be cancelled");
    walk.run("runs series base loss").ends(0, "loss");
    walk.run("runs series base lost").ends(3, "loss_ema");
    walk.run("models submit base").ends(4, "llmops-server models update base --card");
    walk.with(&[&["models", "update", "base"], &CARD[..]].concat(), None, "").well();
    walk.approve("models", "base");
    walk.run("train start --dataset capitals --model bse --name tuned").ends(3, "did you mean `base`?");
    for (version, method) in [("1.0.0", "full"), ("2.0.0", "lora")] {
        let start = "train start --dataset capitals --model base --name tuned --set maxSteps=3";
        walk.run(&format!("{start} --version {version} --method {method}")).well();
        let tuned = format!("tuned:{version}");
        walk.with(&[&["models", "update", tuned.as_str()], &CARD[..]].concat(), None, "").well();
        walk.approve("models", &tuned);
    }
    walk.run("models files tuned").ends(0, "model.safetensors");
    let card = walk.run("models card tuned").well();
    assert!(card.starts_with("---\n") && card.contains("license: CC0-1.0\n"), "{card}");
    walk.run("models lineage tuned").ends(0, "base 1.0.0");
    walk.run("models verify tuned").ends(0, "verified  true");
}

/// Models are measured.
fn evaluate(walk: &Walk) {
    let start = "evaluate start --dataset heldout --limit 4 --max-tokens 8";
    walk.run(&format!("{start} --model tuned:1.0.0 --name first --fail-under exact_match=0.9")).ends(6, "below 0.9");
    walk.run(&format!("{start} --model tuned:2.0.0 --name second --metric exact_match --metric rougeL")).well();
    walk.run("evaluate compare first second").ends(0, "over the same 4 samples");
    walk.run("evaluate samples first --limit 1").ends(0, "REFERENCE");
    walk.run("evaluate metrics").ends(0, "rougeL");
    let exported = walk.run("evaluate export first -o -").well();
    assert!(exported.lines().count() > 4, "{exported}");
}

/// A model answers, and then nothing of it is left.
fn serve(walk: &Walk) {
    walk.run("deploy tuned:1.0.0 --route chat --environment prod").ends(5, "`rollbackPlan` is required");
    walk.run("deploy tuned:1.0.0 --route chat").ends(0, "llmops-server chat chat");
    walk.run("chat chat Hello --max-tokens 4").well();
    let said = walk.with(&["chat", "chat", "--max-tokens", "4", "--json"], None, "Hello").well();
    // A model that learned little may also end its answer sooner.
    let tokens = serde_json::from_str::<Value>(&said).unwrap()["usage"]["completion_tokens"].as_u64().unwrap();
    assert!((1..=4).contains(&tokens), "{said}");
    outside(walk);
    let nowhere = walk.run("chat nowhere Hello");
    assert_eq!((nowhere.exit, nowhere.out.as_str()), (3, ""));
    let asked = "evaluate start --dataset heldout --limit 4 --max-tokens 8 --endpoint chat --name asked";
    walk.run(&format!("{asked} --metric exact_match --metric latency")).ends(0, "exact_match");
    walk.run("endpoints logs chat").ends(0, "ready");
    walk.run("endpoints redeploy chat --model tuned:2.0.0").ends(0, "2.0.0");
    walk.run("endpoints rollback chat --revision 9").ends(3, "llmops-server endpoints revisions chat");
    walk.run("endpoints rollback chat").ends(0, "1.0.0");
    walk.run("endpoints stop chat").ends(0, "stopped as asked");
    assert_eq!(with_working_folder(&walk.data()), Vec::<u32>::new(), "what was stopped runs on");
    walk.run("chat chat Hello").ends(8, "no replica answers");
    walk.run("endpoints start chat").ends(0, "healthy");
    walk.run("endpoints delete chat").ends(0, "/chat is gone");
    assert_eq!(with_working_folder(&walk.data()), Vec::<u32>::new(), "what was deleted runs on");
    walk.run("endpoints show chat").ends(3, "there is no endpoint");
}

/// To somebody else's platform this one is a provider like any other.
fn outside(walk: &Walk) {
    let host = walk.url.strip_prefix("http://").unwrap();
    let key = std::fs::read_to_string(walk.data().join("admin.key")).unwrap();
    let mut far = Walk::begin(host);
    let url = format!("{}/v1", walk.url);
    let create = ["models", "create", "far", "1.0.0", "--type", "external", "--provider", "openai-compatible"];
    let asked = ["--model-name", "chat", "--base-url", &url, "--api-key-file", "-"];
    let made = far.with(&[&create[..], &asked[..]].concat(), None, &key).well();
    assert!(!made.contains(key.trim()), "{made}");
    far.run("models test far").ends(0, "chat");
    far.run("credentials list").ends(0, "far 1.0.0");
    far.run("credentials rotate").ends(0, "resealed");
    far.run("models test far").ends(0, "chat");
    far.run("models update far --model-name other").well();
    far.run("models test far").ends(6, "offered");
    far.with(&["models", "update", "far", "--api-key-file", "-"], None, "llo_wrong").well();
    far.run("models test far").ends(6, "does not take the key");
    far.run("models update far --base-url http://127.0.0.1:9/v1").ends(7, "egress.allowed_hosts");
    let there = imported(walk, &far, &key);
    far.reviewed();
    exported(walk, &far, &there);
}

/// And it is a hub that models are taken over from.
fn imported(walk: &Walk, far: &Walk, key: &str) -> String {
    let url = &walk.url;
    far.run(&format!("models import tuned --base-url {url}")).ends(6, "does not show `tuned@main`");
    let kept = far.with(&["credentials", "add", "hub", url, "-", "--json"], None, key).well();
    let kept: Value = serde_json::from_str(&kept).unwrap();
    let there = format!("--base-url {url} --credential {}", kept["id"].as_str().unwrap());
    far.run(&format!("models import nobody {there}")).ends(6, "there is no repository `nobody@main`");
    far.run(&format!("models import tuned --revision 2.0.0 --as taken:3.0.0 {there}")).ends(0, "succeeded");
    let (here, of) = (far.json("models show taken"), walk.json("models show tuned:2.0.0"));
    for same in ["digest", "modelFamily"] {
        assert_eq!(here[same], of[same], "{same}");
    }
    assert_eq!(here["metadata"]["license"], "CC0-1.0");
    far.run("models verify taken").ends(0, "verified  true");
    far.run("models check-updates taken").ends(0, "changed");
    far.run(&format!("models search tune {there}")).ends(0, "default/tuned");
    far.run("models imports list --state failed").ends(0, "nobody");
    there
}

/// And one that models are sent to.
fn exported(walk: &Walk, far: &Walk, there: &str) {
    far.run(&format!("models export taken default/returned {there}")).ends(4, "only what is approved");
    far.approve("models", "taken");
    far.run(&format!("models export taken default/returned --message back {there}")).ends(0, "succeeded");
    walk.run("models verify returned").ends(0, "verified  true");
    let (here, of) = (walk.json("models files returned"), far.json("models files taken"));
    let digests = |files: &Value| {
        let weights = files.as_array().unwrap().iter().filter(|file| file["path"] != "README.md");
        weights.map(|file| (file["path"].clone(), file["sha256"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(digests(&here), digests(&of));
    assert_eq!(walk.json("models show returned")["metadata"]["license"], "CC0-1.0");
    far.run(&format!("models export taken default/returned {there}")).ends(0, "succeeded");
    let versions = walk.json(r#"call catalog.list_models name=returned"#);
    assert_eq!(versions["items"].as_array().unwrap().len(), 1, "what is there already is not sent again: {versions:#}");
    far.run("models exports list --model taken").ends(0, "default/returned");
}

/// Every step is on record, and what a program reads is JSON, errors too.
fn audit(walk: &Walk) {
    walk.run("call governance.export_audit_logs --output audit.jsonl").well();
    walk.run("audit verify audit.jsonl").ends(0, "none changed or missing");
    let other = "0".repeat(64);
    walk.run(&format!("audit verify audit.jsonl --expect 1:{other}"))
        .ends(1, "entry 1 is not the one that was expected");
    walk.run(&format!("audit verify audit.jsonl --expect 999999:{other}")).ends(1, "it ends before entry 999999");
    let file = walk.folder.path().join("audit.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("administrator", "somebody", 1)).unwrap();
    walk.run("audit verify audit.jsonl").ends(1, "NOT verified");
    walk.run("call catalog.get_modell").ends(3, "did you mean `catalog.get_model`?");
    walk.run("call training.submit_job --list").ends(0, "from_scratch|pretrain");
    let failed = walk.run("models show nothing --json");
    let said: Value = serde_json::from_str(&failed.err).unwrap();
    assert_eq!((failed.exit, said["error"]["kind"].as_str()), (3, Some("not_found")));
    walk.run("models list --url http://127.0.0.1:9").ends(8, "llmops-server serve");
    walk.run("chat chat Hello --url http://127.0.0.1:9").ends(8, "cause: ");
    walk.with(&["models", "list"], Some("llo_wrong"), "").ends(7, "the API key is not valid");
    walk.run("doctor --listen 127.0.0.1:0").ends(0, "is up to date");
}

#[test]
fn what_cannot_be_printed_is_no_success() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let did = Command::new(server_executable()).arg("openapi").stdout(full).output().unwrap();
    let said = String::from_utf8_lossy(&did.stderr);
    assert_eq!(did.status.code(), Some(1), "{said}");
    assert!(said.contains("not everything could be printed: No space left"), "{said}");
}

#[test]
fn the_settings_are_shown_without_their_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let show = |form: &[&str]| {
        let mut command = Command::new(server_executable());
        command
            .args(["config", "show", "--listen", "127.0.0.1:0"])
            .args(form)
            .current_dir(folder.path())
            .env("LLMOPS_DATABASE", "postgres://llmops:hush-hush@db/llmops")
            .env("LLMOPS_API_KEY", "llo_hush-hush");
        let did = did(&mut command, "");
        let all = format!("{}{}", did.out, did.err);
        assert!(!all.contains("hush-hush"), "{all}");
        did.well()
    };
    let table = show(&[]);
    let row = table.lines().find(|line| line.starts_with("listen ")).unwrap_or_else(|| panic!("{table}"));
    assert!(row.contains(" 127.0.0.1:0 ") && row.ends_with("the flag --listen"), "{row}");
    let shown: Value = serde_json::from_str(&show(&["--json"])).unwrap();
    let of = |name: &str| {
        let one = shown.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
        ["value", "origin"].map(|field| one[field].as_str().unwrap().to_owned())
    };
    assert_eq!(of("database"), ["postgres://llmops:***@db/llmops", "the variable LLMOPS_DATABASE"]);
    assert_eq!(of("api_key"), ["***", "the variable LLMOPS_API_KEY"]);
    assert_eq!(of("auth"), ["local", "default"]);
}

#[test]
fn a_database_is_brought_up_to_date_before_anybody_serves_it() {
    let folder = tempfile::tempdir().unwrap();
    let looked_at = "doctor --data data --listen 127.0.0.1:0";
    alone(folder.path(), looked_at).ends(0, "llmops.db will be made at the first start");
    for _ in ["made", "found as it should be"] {
        alone(folder.path(), "migrate --data data").ends(0, "the database is up to date");
    }
    alone(folder.path(), looked_at).ends(0, "llmops.db answers and is up to date");
}

#[test]
fn the_interface_is_described_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let said = alone(folder.path(), "openapi").well();
    let described: Value = serde_json::from_str(&said).unwrap();
    assert!(described["openapi"].as_str().unwrap().starts_with("3.1."), "{}", described["openapi"]);
    let create = &described["paths"]["/llm-ops/v1/catalog/models"]["post"];
    assert_eq!(create["operationId"], "catalog.create_model");
}

#[test]
fn a_log_for_machines_is_json_line_by_line_and_names_the_request() {
    let mut walk =
        Walk::serve(|command| command.args(["--log-level", "info", "--log-format", "json"]).stderr(Stdio::piped()));
    let lines = lines_of(walk.server.stderr.take().unwrap());
    let answer = healthz(&walk.url, "walk-1");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let until = Instant::now() + PATIENCE;
    loop {
        let line = lines.recv_timeout(until.saturating_duration_since(Instant::now()));
        if logged(&line.expect("the request is logged"))["request_id"] == "walk-1" {
            break;
        }
    }
    walk.stop();
    for line in lines {
        logged(&line);
    }
}

/// What a line of the log holds.
#[track_caller]
fn logged(line: &str) -> Value {
    let read: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    assert!(matches!(read, Value::Object(_)), "{line}");
    read
}

/// The lines of a log as they come, until it is closed.
fn lines_of(log: ChildStderr) -> Receiver<String> {
    let (send, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            // A test that failed reads no more.
            let _ = send.send(line);
        }
    });
    lines
}

/// Asks a server whether it lives, under this request id, and gives the whole answer.
fn healthz(url: &str, request: &str) -> String {
    let host = url.strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(host).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let headers = format!("host: {host}\r\nx-request-id: {request}\r\nconnection: close");
    write!(socket, "GET /healthz HTTP/1.1\r\n{headers}\r\n\r\n").unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer
}
