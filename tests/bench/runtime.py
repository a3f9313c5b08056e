"""Tokens for each CPU second of the local runtime: training from nothing, and answering eight at once.

The model is the one of the quickstart: 4 layers of 128, vocabulary 1024, context 128.
"""

import http.client
import json
import os
import subprocess
import time

from machine import ROOT, Process, row, running

SPEC = {
    "job_type": "from_scratch",
    "architecture": {
        "hidden_size": 128, "num_hidden_layers": 4, "num_attention_heads": 4, "num_key_value_heads": 2,
        "intermediate_size": 344, "vocab_size": 1024, "max_position_embeddings": 128,
    },
}


def run(bench):
    model, out = train(bench, "runtime", bench.size(60, 2))
    steps = [event for event in map(json.loads, out.splitlines()) if event["event"] == "step"]
    # The first step also pays for the tokenizer and the weights.
    tokens, seconds = (steps[-1][name] - steps[0][name] for name in ("tokens", "cpu_secs"))
    yield row("training, batch 16 of 96 tokens", tokens / seconds if seconds else 0.0, "tokens/CPU s")
    yield from answers(bench, model)


def tiny(bench, steps):
    """The folder of such a model after so many steps."""
    return train(bench, "tiny", steps)[0]


def train(bench, name, steps):
    model = bench.folder / f"{name}-model"
    spec = bench.folder / f"{name}-spec.json"
    texts = (ROOT / "examples/data/corpus.txt").read_text(encoding="utf-8").split("\n\n")
    corpus = bench.folder / f"{name}-corpus.jsonl"
    corpus.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    data = [{"path": str(corpus), "format": "text"}]
    hyper = {"steps": steps, "batch": 16, "context": 96}
    spec.write_text(json.dumps({**SPEC, "data": data, "hyper": hyper}), encoding="utf-8")
    command = [bench.server, "runtime", "train", "--threads", "1", "--spec", spec, "--out", model]
    words = [str(word) for word in command]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, cwd=bench.folder)
    return model, done.stdout


def answers(bench, model):
    place = bench.folder / "runtime.addr"
    serve = [bench.server, "runtime", "serve", "--threads", "1", "--model", model, "--listen", "127.0.0.1:0"]
    process = Process([*serve, "--addr-file", place], bench.folder / "runtime.log")
    with running(process):
        while not (place.exists() and loaded(place.read_text(encoding="ascii").strip())):
            if process.child.poll() is not None:
                raise SystemExit(process.log.read_text(encoding="utf-8"))
            time.sleep(0.01)
        url = f"http://{place.read_text(encoding='ascii').strip()}/v1/chat/completions"
        for at_once in (1, 8):
            yield generation(bench, process, url, at_once)


def loaded(address: str) -> bool:
    """Whether the model answers: the address is there before it does."""
    connection = http.client.HTTPConnection(address, timeout=60)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    finally:
        connection.close()


def generation(bench, process, url, at_once):
    requests, length = bench.size(64, 2), bench.size(64, 4)
    question = {"max_tokens": length, "temperature": 1.0, "seed": 1}
    question["messages"] = [{"role": "user", "content": "What is the capital of France?"}]
    # A token that ends the answer is never drawn, so that each has the same length.
    question["ignore_eos"] = True
    before = process.cpu()
    command = [str(bench.floor), "load", url, str(requests), str(at_once)]
    subprocess.run(command, input=json.dumps(question), text=True, check=True, stdout=subprocess.DEVNULL, env=os.environ)
    seconds = process.cpu() - before
    return row(f"generation, {at_once} at once", requests * length / seconds if seconds else 0.0, "tokens/CPU s")
