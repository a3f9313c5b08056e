//! Looks whether the pages are there, and has the program built anew when a file of theirs comes or goes.

use std::io::{Result, Write, stdout};
use std::path::Path;

const MISSING: &str = "llmops-server/ui-dist holds no pages: run `npm ci --ignore-scripts && npm run build` in llmops-server/ui, \
                       or build with --no-default-features --features runtime";

fn main() -> Result<()> {
    let mut cargo = stdout();
    writeln!(cargo, "cargo::rerun-if-changed=ui-dist")?;
    if std::env::var_os("CARGO_FEATURE_UI").is_some() && !Path::new("ui-dist/index.html").is_file() {
        writeln!(cargo, "cargo::error={MISSING}")?;
    }
    Ok(())
}
