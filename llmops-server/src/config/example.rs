//! `.env.example`, written from the settings.

use std::fmt::Write as _;

use super::SETTINGS;

const HEAD: &str = "\
# Every setting of llmops-server with its default. Written from the settings themselves: change those, not this file.
# The same names in lower case, without LLMOPS_, stand in llmops.toml; a variable wins over this file, a flag over both.
#
# On one machine nothing needs to be set. In a cluster set LLMOPS_DATABASE, LLMOPS_STORE, LLMOPS_LISTEN=0.0.0.0:8080 and
# LLMOPS_AUTH=keys; in production also LLMOPS_LOG_FORMAT=json and LLMOPS_ALLOWED_HOSTS, behind a proxy that speaks TLS.
";

/// The text of `.env.example`.
pub fn example() -> String {
    let mut text = HEAD.to_owned();
    for setting in SETTINGS {
        text.push('\n');
        for line in setting.docs {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "#{line}");
        }
        let _ = writeln!(text, "#{}={}", setting.variable(), setting.default);
    }
    text
}
