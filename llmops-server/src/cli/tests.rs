//! Words into requests, answers into text.

use std::ffi::OsString;

use clap::{CommandFactory, Parser};
use llmops_core::base::{Error, ErrorKind};
use llmops_core::op::OperationTable;
use llmops_core::platform::domains;
use serde_json::{Value, json};

use super::{Cli, Command, Exit, call, datasets, endpoints, evaluate, output, reference, train};

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("llmops-server").chain(line.split_whitespace()).map(OsString::from))
}

fn request(operation: &str, words: &[&str]) -> llmops_core::base::Result<Value> {
    let table = OperationTable::new(&domains());
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let (_, schema) = table.find(operation)?;
    call::request(schema, &words)
}

#[test]
fn the_command_line_contradicts_itself_nowhere() {
    Cli::command().debug_assert();
}

#[test]
fn a_call_needs_an_operation_or_the_list() {
    assert!(parse("call").is_err());
    assert!(parse("call --list").is_ok());
    assert!(parse("call catalog.list_models limit=5 --json").is_ok());
}

#[test]
fn pairs_become_what_their_fields_are() {
    let words = ["name=tiny", "limit=5", "include_total=true", "status=draft"];
    let expected = json!({ "name": "tiny", "limit": 5, "includeTotal": true, "status": "draft" });
    assert_eq!(request("catalog.list_models", &words).unwrap(), expected);
}

#[test]
fn lists_and_records_are_json() {
    let words = ["name=ada", "roles=[\"reviewer\"]"];
    let expected = json!({ "name": "ada", "roles": ["reviewer"] });
    assert_eq!(request("governance.create_api_key", &words).unwrap(), expected);
}

#[test]
fn one_word_that_is_an_object_is_the_request() {
    assert_eq!(request("catalog.create_model", &["{\"name\": \"a=b\"}"]).unwrap(), json!({ "name": "a=b" }));
}

#[test]
fn a_word_that_is_no_pair_is_refused() {
    let error = request("catalog.list_models", &["tiny"]).unwrap_err();
    assert_eq!((error.kind(), error.field_name()), (ErrorKind::Invalid, Some("request")));
}

#[test]
fn an_unknown_operation_is_not_found() {
    let error = request("catalog.make_model", &[]).unwrap_err();
    assert_eq!(Exit::of(&error), Exit::NotFound);
}

#[test]
fn the_verbs_take_what_their_examples_show() {
    let lines = [
        "models list --status approved --json",
        "models list --family llama --tag korean --newest --sort name",
        "models list --sort -updatedAt",
        "models families",
        "models request-changes tiny --notes more",
        "models create tiny 1.0.0 config.json model.safetensors --card license=Apache-2.0",
        "models create tiny 1.0.0 --tag small --tag korean",
        "models reviews tiny",
        "models get tiny",
        "models show tiny:1.0.0:fine-tuned",
        "models alias set tiny production 1.0.0 --type fine-tuned",
        "models gates tiny:1.0.0 --json",
        "models policy put policy.json",
        "models policy show --version 2",
        "models policy versions --all",
        "models approve tiny:1.0.0 --notes good --url http://127.0.0.1:1",
        "datasets create capitals 1.0.0 capitals.csv --type sft_pair --column prompt=question",
        "train start --dataset speeches --name base --architecture hiddenSize=128,layers=4",
        "datasets update capitals --column prompt=question --column response=answer",
        "datasets upload capitals more.csv --replace --format csv",
        "datasets upload capitals more.csv --delimiter tab --header false",
        "datasets list --team search --pii clean --min-quality 90 --newest",
        "datasets preview capitals --column prompt --row 3 --limit 5",
        "datasets request-changes capitals --notes more",
        "datasets compare capitals:1.0.0 capitals:1.1.0 --key prompt --json",
        "datasets derive capitals --as states:1.0.0 split --train 0.8 --test 0.2 --seed 7",
        "datasets derive capitals filter a>1 --as some --detach",
        "datasets derive capitals map prompt=x --json-column prompt --keep",
        "datasets derive capitals dedupe --column prompt --near",
        "datasets download capitals rows.csv --output -",
        "datasets restore capitals 1.0.0",
        "endpoints delete chat --detach",
        "train start --spec job.json --detach",
        "runs list --order -metrics.loss",
        "runs compare a b",
        "evaluate start --model m --dataset d --metric exact_match --fail-under exact_match=0.9",
        "deploy tuned --route chat --dry-run",
        "endpoints rollback chat --revision 2",
        "chat chat hello --temperature 0",
        "completion bash",
    ];
    for line in lines {
        assert!(parse(line).is_ok(), "{line}");
    }
}

#[test]
fn what_the_runtime_is_told_is_left_to_it() {
    let told = ["supervise", "--help", "--", "--json"];
    match parse(&format!("runtime {}", told.join(" "))).unwrap().verb {
        Command::Runtime { arguments } => assert_eq!(arguments, told),
        Command::Own(verb) => panic!("{verb:?}"),
    }
}

#[test]
fn a_shell_completes_every_verb() {
    let mut script = Vec::new();
    clap_complete::generate(clap_complete::Shell::Bash, &mut Cli::command(), "llmops-server", &mut script);
    let script = String::from_utf8(script).unwrap();
    for verb in Cli::command().get_subcommands() {
        assert!(script.contains(&format!("llmops__server,{})", verb.get_name())), "{}", verb.get_name());
    }
}

#[test]
fn what_contradicts_itself_is_refused() {
    let lines = [
        "models list --all --limit 3",
        "models list --limit 0",
        "models list --limit -1",
        "models request-changes tiny",
        "datasets request-changes capitals",
        "datasets upload capitals more.csv --header maybe",
        "train start",
        "runs compare a",
        "evaluate start --dataset d",
        "evaluate start --model m --endpoint e --dataset d",
        "evaluate start --model m --dataset d --fail-under exact_match",
        "evaluate start --model m --dataset d --detach --fail-under exact_match=1",
        "deploy tuned",
        "datasets create capitals 1.0.0",
        "datasets derive capitals",
        "datasets derive capitals sample",
        "datasets derive capitals split",
    ];
    for line in lines {
        assert!(parse(line).is_err(), "{line}");
    }
}

#[test]
fn a_threshold_is_a_name_and_a_number() {
    assert_eq!(evaluate::threshold("exact_match=0.9"), Ok(("exact_match".to_owned(), 0.9)));
    for word in ["exact_match", "=0.9", "exact_match=much", "exact_match=NaN"] {
        assert!(evaluate::threshold(word).is_err(), "{word}");
    }
}

#[test]
fn what_a_threshold_is_for_is_measured() {
    let names = |asked: &[&str], thresholds: &[&str]| {
        let asked = asked.iter().map(|name| (*name).to_owned()).collect();
        let thresholds: Vec<_> = thresholds.iter().map(|name| ((*name).to_owned(), 0.5)).collect();
        let measured = evaluate::measured(asked, &thresholds);
        measured.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&[], &[]), ["exact_match"]);
    assert_eq!(names(&[], &["bleu"]), ["bleu"]);
    assert_eq!(names(&["token_f1", "bleu"], &["bleu", "chrf"]), ["token_f1", "bleu", "chrf"]);
}

#[test]
fn a_score_is_found_by_its_name() {
    let run = json!({ "status": "succeeded", "metrics": [{ "name": "bleu", "value": 0.25 }] });
    assert_eq!(evaluate::score(&run, "bleu"), Some(0.25));
    assert_eq!(evaluate::score(&run, "rouge1"), None);
    assert!(evaluate::check(&run).is_ok());
}

#[test]
fn what_failed_is_an_error_with_its_reason() {
    let job = json!({ "name": "a", "status": "failed", "statusReason": "out of memory", "id": "7" });
    let error = train::check(&job).unwrap_err();
    assert_eq!(error.message(), "the job a failed: out of memory");
    let endpoint = json!({ "route": "chat", "status": "degraded", "statusReason": "1 of 2 answer" });
    assert_eq!(Exit::of(&endpoints::check(&endpoint).unwrap_err()), Exit::Failed);
}

#[test]
fn a_dataset_is_sound_when_nothing_is_to_be_mended() {
    let report = |clean: bool, score: f64| {
        let quality = json!({ "score": score, "threshold": 70.0 });
        json!({ "report": { "structure": { "valid": true }, "pii": { "clean": clean }, "quality": quality } })
    };
    assert!(datasets::is_sound(&report(true, 70.0)));
    assert!(!datasets::is_sound(&report(false, 100.0)));
    assert!(!datasets::is_sound(&report(true, 69.9)));
    assert!(!datasets::is_sound(&json!({})));
}

#[test]
fn a_version_in_several_types_is_asked_for_by_its_type() {
    let (base, tuned) = (json!({ "type": "base" }), json!({ "type": "fine-tuned" }));
    let error = reference::ambiguous("model", "tiny:1.0.0", &[&tuned, &base]);
    assert_eq!(error.message(), "`tiny:1.0.0` is more than one model: fine-tuned, base");
    assert_eq!(error.hint_text(), Some("say which: tiny:1.0.0:fine-tuned or tiny:1.0.0:base"));
    assert_eq!(Exit::of(&error), Exit::Conflict);
}

#[test]
fn an_id_is_no_name() {
    assert!(reference::is_id("01980000-0000-7000-8000-000000000000"));
    for name in ["tiny", "tiny:1.0.0", "0198000000007000800000000000000a"] {
        assert!(!reference::is_id(name), "{name}");
    }
}

#[test]
fn errors_end_with_the_number_of_their_kind() {
    let ends = [
        (ErrorKind::NotFound, Exit::NotFound),
        (ErrorKind::Conflict, Exit::Conflict),
        (ErrorKind::Stale, Exit::Conflict),
        (ErrorKind::Invalid, Exit::Invalid),
        (ErrorKind::Denied, Exit::Denied),
        (ErrorKind::Unauthenticated, Exit::Denied),
        (ErrorKind::Unavailable, Exit::Unavailable),
        (ErrorKind::RateLimited, Exit::Unavailable),
        (ErrorKind::Unexpected, Exit::Failed),
    ];
    for (kind, exit) in ends {
        assert_eq!(Exit::of(&Error::new(kind, "")), exit, "{kind:?}");
    }
}

#[test]
fn a_table_shows_values_for_people() {
    let items = [
        json!({ "name": "tiny", "bytes": 2048, "createdAt": "2026-01-02T03:04:05.678901Z" }),
        json!({ "name": "a name\nof two lines", "bytes": 5, "createdAt": null }),
    ];
    let table = output::table(&items, &[("NAME", "/name"), ("SIZE", "/bytes"), ("MADE", "/createdAt")]);
    let expected = "NAME                 SIZE     MADE\n\
                    tiny                 2.0 KiB  2026-01-02T03:04:05Z\n\
                    a name of two lines  5 B";
    assert_eq!(table, expected);
}

#[test]
fn numbers_keep_the_digits_that_matter() {
    let shown = [0.0, 1.0, 0.925, 12.345_678, 0.000_012_3].map(output::decimal);
    assert_eq!(shown, ["0", "1", "0.925", "12.3457", "1.230e-5"]);
}

#[test]
fn an_endpoint_is_known_by_its_route_with_or_without_its_environment() {
    let endpoint = serde_json::json!({ "route": "/chat", "environment": "prod" });
    for reference in ["chat", "/chat", "prod/chat"] {
        assert!(reference::answers(&endpoint, reference), "{reference}");
    }
    for reference in ["cha", "dev/chat", "prodchat", "prod"] {
        assert!(!reference::answers(&endpoint, reference), "{reference}");
    }
}
