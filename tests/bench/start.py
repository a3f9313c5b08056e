"""From the start of `serve` on an empty folder to its first answer, migrations included; and what it holds when idle."""

import statistics
import time

from machine import Server, row, running


def run(bench):
    waits, memory = [], 0.0
    for n in range(bench.size(15, 1)):
        with running(Server(bench, bench.folder / f"start-{n}")) as server:
            server.call("GET", "/catalog/models")
            waits.append(server.ready)
            if n == 0:
                time.sleep(bench.size(10, 1))
                memory = server.memory()
    again = []
    for _ in range(bench.size(15, 1)):
        with running(Server(bench, bench.folder / "start-0")) as server:
            again.append(server.ready)
    yield row("empty folder: start to ready, migrations included, median", 1000 * statistics.median(waits), "ms", "150 ms")
    yield row("the same, slowest", 1000 * max(waits), "ms")
    yield row("folder that is there: start to ready, median", 1000 * statistics.median(again), "ms")
    yield row("resident memory, idle for ten seconds", memory, "MiB", "40 MiB")
