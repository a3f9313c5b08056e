"""Two versions of a dataset, one row in a thousand changed: what packing them costs, saves, and makes of reading."""

import random
import time

from machine import Server, row, running
from sending import add, link

ROW = 200
WORDS = "what is asked of a model and what it says to that in words that people use on every day of the year".split()


def run(bench):
    rows = bench.size(2_000_000, 20_000)
    settings = {"LLMOPS_PACKING_AFTER_SECONDS": "0"}
    with running(Server(bench, bench.folder / "versions", **settings)) as server:
        first = add(server, "rows", "1.0.0", table(rows, 0))
        cut = spent(server, first)
        second = add(server, "rows", "1.1.0", table(rows, 1))
        packed = spent(server, second)
        plain = [download(server, first) for _ in range(bench.size(3, 1))]
        chunks = [download(server, second) for _ in range(bench.size(3, 1))]
        whole = server.call("GET", f"/catalog/datasets/{first}")["bytes"]
        taken = server.call("GET", f"/catalog/datasets/{second}/storage")
        peak = server.memory("VmHWM")
    mib = whole / (1 << 20)
    yield row("first version: cut and listed", mib / max(cut, 0.001), "MiB/CPU s")
    yield row("second version: cut, packed and read again", mib / max(packed, 0.001), "MiB/CPU s")
    yield row("reading a whole file", mib / max(min(plain), 0.001), "MiB/CPU s")
    yield row("reading one of chunks", mib / max(min(chunks), 0.001), "MiB/CPU s")
    yield row("saved of full copies", 100 * taken["saved"], "%", "30 %")
    yield row("most memory while it ran", peak, "MiB")
    if taken["pending"]:
        raise SystemExit(f"not looked at: {taken}")


def table(rows: int, version: int):
    """Lines of about 200 bytes, the same each time but for one in a thousand."""
    yield b"id,prompt,response\n"
    block = []
    for number in range(rows):
        rng = random.Random(number + rows if version and number % 1000 == 500 else number)
        text = f"{number},{rng.getrandbits(64):x}"
        while len(text) < ROW - 10:
            text += " " + rng.choice(WORDS)
        block.append(f"{text},yes\n")
        if len(block) == 5000:
            yield "".join(block).encode()
            block.clear()
    yield "".join(block).encode()


def spent(server, dataset) -> float:
    """CPU seconds until the version is counted. It was sent just now, so nearly all of it is still to be done."""
    before = server.cpu()
    while "storedBytes" not in server.call("GET", f"/catalog/datasets/{dataset}"):
        time.sleep(0.05)
    time.sleep(1)
    return server.cpu() - before


def download(server, dataset) -> float:
    """CPU seconds of the server for sending the file."""
    before, connection = server.cpu(), link(server)
    path = f"/llm-ops/v1/catalog/datasets/{dataset}/files/rows.csv"
    connection.request("GET", path, headers={"authorization": f"Bearer {server.key}"})
    answer = connection.getresponse()
    while answer.read(1 << 20):
        pass
    return server.cpu() - before
