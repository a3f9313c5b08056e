"""CPU seconds of the server for one chat, against those of a bare axum server that answers the same question.

The server is the shipped one, with a deployed endpoint; in place of the local runtime it starts the bare server, so that
what the model itself would cost is on neither side. Both sides are asked in turn, several times; the median of the pairs'
ratios counts.
"""

import json
import os
import statistics
import subprocess

from machine import Server, floor, row, running
from runtime import tiny

WAYS = [("whole", False, "2.0x"), ("streamed, 33 pieces", True, "")]


def run(bench):
    with running(Server(bench, bench.folder / "chat", LLMOPS_RUNTIME_BIN=str(bench.floor))) as server:
        route = deploy(bench, server)
        bare, address = floor(bench, "serve")
        try:
            with running(bare):
                for name, streamed, goal in WAYS:
                    yield from compare(bench, server, route, bare, address, name, streamed, goal)
        finally:
            for endpoint in server.call("GET", "/serving/endpoints"):
                server.call("DELETE", f"/serving/endpoints/{endpoint['id']}")
            server.until("/serving/endpoints", lambda found: not found)


def deploy(bench, server):
    """A route to a model that a few steps of training made; what it knows is of no matter here."""
    model = tiny(bench, steps=2)

    def run(*words, key=server.key):
        environment = {**os.environ, "LLMOPS_URL": server.url, "LLMOPS_API_KEY": key}
        subprocess.run([bench.server, *words], check=True, env=environment, stdout=subprocess.DEVNULL)

    card = [word for line in ("purpose=a bench", "scope=here", "contact=nobody", "license=CC0-1.0") for word in ("--card", line)]
    files = [path for path in sorted(model.iterdir()) if path.is_file()]
    run("models", "create", "bench", "1.0.0", *files, *card)
    run("models", "submit", "bench")
    reviewer = server.call("POST", "/governance/keys", {"name": "reviewer", "roles": ["reviewer"]})
    run("models", "approve", "bench", key=reviewer["secret"])
    run("deploy", "bench", "--route", "bench")
    return "bench"


def compare(bench, server, route, bare, address, name, streamed, goal):
    question = {"model": route, "messages": [{"role": "user", "content": "Say what is what. " * 8}], "stream": streamed}
    requests, rounds = bench.size(6000, 20), bench.size(7, 1)

    def ask(process, url):
        before = process.cpu()
        command = [bench.floor, "load", url + "/v1/chat/completions", str(requests), "8"]
        done = subprocess.run(
            command, input=json.dumps(question), text=True, check=True, stdout=subprocess.PIPE,
            env={**os.environ, "LLMOPS_API_KEY": server.key},
        )
        return 1e6 * (process.cpu() - before) / requests, json.loads(done.stdout)

    pairs = [(ask(server, server.url), ask(bare, address)) for _ in range(rounds)]
    ours, theirs = (statistics.median(side[0] for side in sides) for sides in zip(*pairs))
    yield row(f"chat, {name}: server", ours, "µs CPU")
    yield row(f"chat, {name}: bare axum", theirs, "µs CPU")
    ratios = [a[0] / b[0] for a, b in pairs if b[0]]
    yield row(f"chat, {name}: ratio, median of pairs", statistics.median(ratios) if ratios else 0.0, "x", goal)
    waits = [1000 * (a[1]["p50"] - b[1]["p50"]) for a, b in pairs]
    yield row(f"chat, {name}: added to the median wait, 8 at once", statistics.median(waits), "ms")
