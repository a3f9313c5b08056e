"""CPU seconds of the server for one chat, against those of two bare axum servers: one that answers by itself, and one that
passes the question on to the first and the answer back, which is the least that a gateway does.

The server is the shipped one, with a deployed endpoint; in place of the local runtime it starts the bare server, so that
what the model itself would cost is on no side. All are asked in turn, several times; the median of the rounds' ratios
counts.
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
        try:
            echo, address = floor(bench, "serve")
            with running(echo):
                proxy, through = floor(bench, "proxy", address)
                with running(proxy):
                    sides = [(server, server.url), (echo, address), (proxy, through)]
                    for name, streamed, goal in WAYS:
                        yield from compare(bench, server.key, route, sides, name, streamed, goal)
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


def compare(bench, key, route, sides, name, streamed, goal):
    question = {"model": route, "messages": [{"role": "user", "content": "Say what is what. " * 8}], "stream": streamed}
    requests, rounds = bench.size(6000, 20), bench.size(7, 1)

    def ask(process, url):
        before = process.cpu()
        command = [bench.floor, "load", url + "/v1/chat/completions", str(requests), "8"]
        done = subprocess.run(
            command, input=json.dumps(question), text=True, check=True, stdout=subprocess.PIPE,
            env={**os.environ, "LLMOPS_API_KEY": key},
        )
        return 1e6 * (process.cpu() - before) / requests, json.loads(done.stdout)

    all_rounds = [[ask(*side) for side in sides] for _ in range(rounds)]
    for at, what in enumerate(("server", "bare axum that answers", "bare axum that passes on")):
        yield row(f"chat, {name}: {what}", statistics.median(one[at][0] for one in all_rounds), "µs CPU")
    for at, what, wanted in ((1, "one that answers", goal), (2, "one that passes on", "")):
        ratios = [one[0][0] / one[at][0] for one in all_rounds if one[at][0]]
        yield row(f"chat, {name}: over {what}", statistics.median(ratios) if ratios else 0.0, "x", wanted)
    waits = [1000 * (one[0][1]["p50"] - one[2][1]["p50"]) for one in all_rounds]
    yield row(f"chat, {name}: added to the median wait, 8 at once", statistics.median(waits), "ms")
