//! Layers, origins and refusals.

use std::path::Path;

use llmops_core::base::{Error, Result};

use super::{Config, Layers, Origin, example};

/// Reads a file, variables and flags, each given as text.
fn read(file: &str, variables: &[(&str, &str)], flags: &[(&'static str, &str)]) -> Result<Config> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("llmops.toml");
    std::fs::write(&path, file).unwrap();
    let mut layers = Layers::default();
    layers.file(&path)?;
    layers.variables(variables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    layers.flags(flags.iter().map(|(name, text)| (*name, Some((*text).to_owned()))));
    Config::read(&layers)
}

fn shown(config: &Config, name: &str) -> (String, String) {
    let found = config.shown().iter().find(|shown| shown.name == name).unwrap();
    (found.value.clone(), found.origin.to_string())
}

#[track_caller]
fn refused(outcome: Result<Config>, field: &str, said: &str) {
    let error: Error = outcome.unwrap_err();
    assert_eq!(error.field_name(), Some(field), "{error}");
    assert!(error.message().contains(said), "{error}");
}

#[test]
fn nothing_set_is_the_default() {
    let config = read("", &[], &[]).unwrap();
    assert_eq!(shown(&config, "listen"), ("127.0.0.1:8080".into(), "default".into()));
}

#[test]
fn a_variable_wins_over_the_file() {
    let config = read("listen = \"127.0.0.1:1\"", &[("LLMOPS_LISTEN", "127.0.0.1:2")], &[]).unwrap();
    assert_eq!(shown(&config, "listen"), ("127.0.0.1:2".into(), "the variable LLMOPS_LISTEN".into()));
}

#[test]
fn a_flag_wins_over_the_variable() {
    let config = read("", &[("LLMOPS_LOG_LEVEL", "info")], &[("log_level", "debug")]).unwrap();
    assert_eq!(shown(&config, "log.level"), ("debug".into(), "the flag --log-level".into()));
}

#[test]
fn tables_lists_and_numbers_are_read() {
    let config = read("drain_seconds = 5\nallowed_hosts = [\"a\", \"b\"]\n[log]\nformat = \"json\"", &[], &[]).unwrap();
    let values = ["drain_seconds", "allowed_hosts", "log.format"].map(|name| shown(&config, name).0);
    assert_eq!(values, ["5", "a,b", "json"]);
}

#[test]
fn names_are_the_same_in_any_case() {
    let config = read("", &[("llmops_Drain_Seconds", "7")], &[]).unwrap();
    assert_eq!(config.drain_seconds, 7);
}

#[test]
fn empty_means_unset() {
    assert!(read("", &[("LLMOPS_DATABASE", "")], &[]).unwrap().database.is_none());
}

#[test]
fn secrets_are_masked() {
    let settings = [("LLMOPS_DATABASE", "postgres://u:secret@h/d"), ("LLMOPS_API_KEY", "llo_secret")];
    let config = read("", &settings, &[]).unwrap();
    let said = format!("{config:?} {:?}", ["database", "api_key"].map(|name| shown(&config, name)));
    assert!(!said.contains("secret"), "{said}");
}

#[test]
fn an_unknown_setting_is_refused_with_its_source() {
    refused(read("", &[("LLMOPS_LISTN", "x")], &[]), "listn", "set by the variable LLMOPS_LISTN");
}

#[test]
fn an_unknown_table_is_refused() {
    refused(read("[log]\ncolour = true", &[], &[]), "log_colour", "llmops.toml");
}

#[test]
fn a_malformed_setting_is_refused_with_what_is_allowed() {
    refused(read("", &[("LLMOPS_LISTEN", "here")], &[]), "listen", "must be ADDRESS:PORT; it is set by the variable");
}

#[test]
fn a_broken_file_is_refused() {
    refused(read("listen = ", &[], &[]), "config", "is not TOML");
}

#[test]
fn prices_are_a_table_or_json() {
    let file = r#"
        [prices]
        [[prices.versions]]
        version = "2026-10"
        cpu_hour = 0.04
        [[prices.versions]]
        version = "2026-11"
        since = 2026-11-01
        currency = "USD"
        cpu_hour = "0.05"
        [prices.versions.models."*"]
        input = 0
        cached_input = 0
        output = 0
    "#;
    assert_eq!(shown(&read(file, &[], &[]).unwrap(), "prices").0, "versions 2026-10, 2026-11");
    let json = r#"{"version": "mine", "cpuHour": "0.1"}"#;
    let config = read(file, &[("LLMOPS_PRICES", json)], &[]).unwrap();
    assert_eq!(shown(&config, "prices"), ("versions mine".into(), "the variable LLMOPS_PRICES".into()));
    refused(read("[prices]\nversion = \"a\"\ncolour = 1", &[], &[]), "prices", "set by the file");
}

#[test]
fn variables_of_the_cluster_are_none_of_ours() {
    let cluster =
        [("LLMOPS_SERVICE_HOST", "10.0.0.1"), ("LLMOPS_PORT", "tcp://10.0.0.1:80"), ("LLMOPS_PORT_80_TCP_PORT", "80")];
    assert!(read("", &cluster, &[]).is_ok());
}

#[test]
fn a_dot_env_file_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".env");
    std::fs::write(&path, "OTHER=1\nLLMOPS_AUTH=keys\n").unwrap();
    let mut layers = Layers::default();
    layers.dot_env(&path).unwrap();
    let config = Config::read(&layers).unwrap();
    assert_eq!(config.shown().iter().find(|s| s.name == "auth").unwrap().origin, Origin::File(path));
}

#[test]
fn the_example_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.env.example");
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&path, example()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, example(), "run UPDATE_GENERATED=1 cargo test -p llmops-server the_example_is_fresh");
}

#[test]
fn the_example_sets_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".env");
    std::fs::write(&path, example().replace("\n#LLMOPS", "\nLLMOPS")).unwrap();
    let mut layers = Layers::default();
    layers.dot_env(&path).unwrap();
    let (config, fresh) = (Config::read(&layers).unwrap(), Config::read(&Layers::default()).unwrap());
    let values = |config: &Config| config.shown().iter().map(|s| s.value.clone()).collect::<Vec<_>>();
    assert_eq!(values(&config), values(&fresh));
}

#[test]
fn the_limits_of_keys_are_whole_numbers() {
    let config = read("[key]\nrequests_per_minute = 60", &[], &[]).unwrap();
    assert_eq!((config.key_requests_per_minute, config.key_concurrent_requests), (Some(60), None));
    let refused = read("", &[("LLMOPS_KEY_CONCURRENT_REQUESTS", "0")], &[]).unwrap_err();
    assert_eq!(refused.field_name(), Some("key.concurrent_requests"));
}
