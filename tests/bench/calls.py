"""One read of a model from an embedded platform: in Rust, and from Python and Node.js through their libraries."""

import json
import subprocess
import sys

from machine import row

PYTHON = """
import json, sys, time
import llmops
ops = llmops.open(sys.argv[1])
model = ops.catalog.create_model(name="floor", version="1.0.0")
best = float("inf")
for _ in range(5):
    begun = time.perf_counter()
    for _ in range(int(sys.argv[2])):
        ops.catalog.get_model(model_id=model.id)
    best = min(best, (time.perf_counter() - begun) / int(sys.argv[2]))
ops.close()
print(json.dumps({"seconds": best}))
"""
NODE = """
import { createRequire } from "node:module";
const { open } = createRequire(process.env.LLMOPS_NODE + "/")("./index.js");
const [folder, calls] = [process.argv[2], Number(process.argv[3])];
const ops = await open(folder);
const model = await ops.catalog.createModel({ name: "floor", version: "1.0.0" });
let best = Infinity;
for (let round = 0; round < 5; round++) {
  const begun = performance.now();
  for (let n = 0; n < calls; n++) await ops.catalog.getModel({ modelId: model.id });
  best = Math.min(best, (performance.now() - begun) / calls / 1000);
}
await ops.close();
console.log(JSON.stringify({ seconds: best }));
"""


def run(bench):
    calls = str(bench.size(2000, 20))
    environment = bench.python()
    scripts = {}
    for name, ending, text in (("python", "py", PYTHON), ("node", "mjs", NODE)):
        scripts[name] = bench.folder / f"call.{ending}"
        scripts[name].write_text(text, encoding="utf-8")
    ways = {
        "Rust": [bench.floor, "call"],
        "Python": [sys.executable, scripts["python"]],
        "Node.js": ["node", scripts["node"]],
    }
    seconds = {}
    for name, command in ways.items():
        words = [*command, bench.folder / f"call-{name}", calls]
        done = subprocess.run([str(word) for word in words], check=True, stdout=subprocess.PIPE, env=environment)
        seconds[name] = 1e6 * json.loads(done.stdout)["seconds"]
        yield row(f"read of one model, embedded, from {name}", seconds[name], "µs")
    for name in ("Python", "Node.js"):
        yield row(f"{name} over Rust", seconds[name] - seconds["Rust"], "µs", "50 µs")
