"""A page of a list where there are a thousand rows and where there are a million: it must cost the same.

One model is registered through the API; the others are copies of its row, written to the stopped server's database.
"""

import sqlite3
import statistics
import time

from machine import Server, row, running

WAYS = [
    ("newest first", "/catalog/models?limit=50"),
    ("by name", "/catalog/models?limit=50&sort=name"),
    ("of one status", "/catalog/models?limit=50&status=draft"),
    ("of one tag", "/catalog/models?limit=50&tag=rare"),
]


def run(bench):
    costs = {}
    for rows in (bench.size(1_000, 200), bench.size(1_000_000, 2_000)):
        data = bench.folder / f"pages-{rows}"
        with running(Server(bench, data)) as server:
            server.call("POST", "/catalog/models", {"name": "bench", "version": "1.0.0", "tags": ["rare"]})
        multiply(data / "llmops.db", rows)
        with running(Server(bench, data)) as server:
            for name, path in WAYS:
                costs[name, rows] = page(bench, server, path)
            deep = ""
            for _ in range(bench.size(15, 2)):
                deep = server.document("GET", f"{WAYS[0][1]}{deep and '&cursor=' + deep}")["page"]["nextCursor"]
            costs["behind the fifteenth", rows] = page(bench, server, f"{WAYS[0][1]}&cursor={deep}")
    small, large = sorted({rows for _, rows in costs})
    for name in dict.fromkeys(name for name, _ in costs):
        for rows in (small, large):
            yield row(f"page of 50, {name}, {rows:,} rows", costs[name, rows], "ms CPU")
        ratio = costs[name, large] / costs[name, small] if costs[name, small] else 0.0
        yield row(f"page of 50, {name}: ratio", ratio, "x", "flat")


def page(bench, server, path):
    times = bench.size(300, 3)
    rounds = []
    for _ in range(3):
        before = server.cpu()
        for _ in range(times):
            server.call("GET", path)
        rounds.append(1000 * (server.cpu() - before) / times)
        time.sleep(0.01)
    return statistics.median(rounds)


def multiply(path, rows):
    """Copies of the one row, each with a name, an id and an instant of its own."""
    with sqlite3.connect(path) as database:
        columns = [name for _, name, *_ in database.execute("PRAGMA table_info(models)")]
        own = {
            "id": "substr(m.id, 1, 6) || randomblob(10)",
            "name": "printf('bench-%07d', n)",
            "created_at": "m.created_at - n",
            "updated_at": "m.updated_at - n",
        }
        chosen = ", ".join(own.get(column, f"m.{column}") for column in columns)
        database.execute(
            f"WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < {rows - 1})"
            f" INSERT INTO models ({', '.join(columns)}) SELECT {chosen} FROM count, (SELECT * FROM models LIMIT 1) AS m"
        )
    database.close()
