//! Node.js: the table of operations, from which the client makes its methods.

use std::fmt::Write;

use super::api::Api;
use super::{Generated, camel};

/// The table.
pub fn file(api: &Api) -> Generated {
    let mut out = String::from(
        "// @generated from the declarations of the operations, by\n\
         // UPDATE_GENERATED=1 cargo test -p llmops-tests --test it generated\n'use strict'\n\n\
         /** Every operation: its method, its name on the wire, how its answer travels, and whether it is a page. */\n\
         exports.operations = {\n",
    );
    for room in &api.rooms {
        let _ = writeln!(out, "  {}: {{", camel(&room.name));
        for op in &room.operations {
            let kind = if op.item(api).is_some() { "page" } else { &op.kind };
            let _ = writeln!(out, "    {}: ['{}', '{kind}'],", camel(&op.method), op.name);
        }
        out.push_str("  },\n");
    }
    out.push_str("}\n");
    Generated::new("llmops-node/generated.js", out)
}
