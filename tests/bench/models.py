"""A page of the list of models where there are a thousand and where there are a million: it must cost the same.

One model is registered through the API; the others are copies of its row, written to the stopped server's database as the
product writes them. In each catalog the oldest fifty have what is rare, and of what is frequent a page is full.
"""

import sqlite3
import statistics
import time

from machine import Server, row, running

PAGE = 50
LIST = f"/catalog/models?limit={PAGE}"
WAYS = {
    "newest first": "",
    "by name": "&sort=name",
    "of one name": "&name=bench-0000001",
    "of a frequent status": "&status=approved",
    "of a rare status": "&status=deprecated",
    "of a frequent tag": "&tag=frequent",
    "of a rare tag": "&tag=rare",
    "of a frequent text": "&text=bench",
    "of a rare text": "&text=needle",
    "of a rare type": "&type=fine-tuned",
    "of a frequent team": "&ownerTeam=many",
    "of a rare team": "&ownerTeam=few",
    "of a frequent family": "&family=llama",
    "of a rare family": "&family=qwen",
    "of one version": "&version=1.3.0",
    "last changed first": "&sort=-updatedAt",
    "newest of each name": "&newest=true",
    "of a status and a tag": "&status=approved&tag=frequent",
}
DEEP = "behind the middle"
# Versions of a name.
VERSIONS = 10
# The longest that a round may take, in seconds.
ROUND = 3.0


def run(bench):
    sizes = [bench.size(full, smoke) for full, smoke in ((1_000, 1_000), (100_000, 2_000), (1_000_000, 4_000))]
    costs = {}
    for rows in sizes:
        data = bench.folder / f"models-{rows}"
        with running(Server(bench, data)) as server:
            server.call("POST", "/catalog/models", {"name": "bench", "version": "1.0.0"})
        multiply(data / "llmops.db", rows)
        with running(Server(bench, data)) as server:
            ways = {name: LIST + how for name, how in WAYS.items()}
            ways[DEEP] = f"{LIST}&cursor={cursor(server, rows // 2)}"
            for name, path in ways.items():
                found = len(server.call("GET", path))
                if found != (VERSIONS if name == "of one name" else PAGE):
                    raise SystemExit(f"{found} models {name} of {rows}")
                costs[name, rows] = page(bench, server, path)
    small, large = sizes[0], sizes[-1]
    for name in (*WAYS, DEEP):
        for rows in sizes:
            yield row(f"page of 50, {name}, {rows:,} models", costs[name, rows][0], "ms CPU")
        for at, what in enumerate(("CPU", "wall time")):
            ratio = costs[name, large][at] / max(costs[name, small][at], 0.001)
            yield row(f"page of 50, {name}: ratio of {what}", ratio, "x", "flat")


def page(bench, server, path) -> tuple[float, float]:
    """Milliseconds of CPU and of waiting for a page, the medians of three rounds."""
    times = bench.size(300, 3)
    rounds = []
    for _ in range(3):
        before, begun, done = server.cpu(), time.monotonic(), 0
        while done < times and (done < 3 or time.monotonic() - begun < ROUND):
            server.call("GET", path)
            done += 1
        rounds.append((1000 * (server.cpu() - before) / done, 1000 * (time.monotonic() - begun) / done))
    cpu, wall = zip(*rounds)
    return statistics.median(cpu), statistics.median(wall)


def cursor(server, depth: int) -> str:
    """Where a page that begins after so many models goes on."""
    step = min(depth, 1000)
    found = ""
    for _ in range(depth // step):
        found = server.document("GET", f"/catalog/models?limit={step}{found and '&cursor=' + found}")["page"]["nextCursor"]
    return found


def multiply(path, rows: int) -> None:
    """Copies of the one row, each with a name and version, an id and an instant of its own; `n` is 1 for the oldest."""
    with sqlite3.connect(path) as database:
        columns = [name for _, name, *_ in database.execute("PRAGMA table_info(models)")]
        own = {
            "id": "CAST(substr(m.id, 1, 6) || randomblob(10) AS BLOB)",
            "name": f"iif(n <= {PAGE}, printf('needle-%07d', n), printf('bench-%07d', (n - {PAGE + 1}) / {VERSIONS} + 1))",
            "version": f"iif(n <= {PAGE}, m.version, printf('1.%d.0', (n - {PAGE + 1}) % {VERSIONS}))",
            "status": f"CASE WHEN n <= {PAGE} THEN 'deprecated' WHEN n % 10 = 0 THEN 'approved' ELSE m.status END",
            "model_type": f"iif(n <= {PAGE}, 'fine-tuned', m.model_type)",
            "model_family": f"iif(n <= {PAGE}, 'qwen', m.model_family)",
            "owner_team": f"CASE WHEN n <= {PAGE} THEN 'few' WHEN n % 10 = 0 THEN 'many' END",
            "created_at": f"m.created_at - {rows} + n",
            "updated_at": f"m.updated_at - {rows} + n",
        }
        chosen = ", ".join(own.get(column, f"m.{column}") for column in columns)
        database.execute(
            f"WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < {rows - 1})"
            f" INSERT INTO models ({', '.join(columns)}) SELECT {chosen} FROM count, (SELECT * FROM models LIMIT 1) AS m"
        )
        kept = "project, name, created_at, updated_at"
        for tag, which in (("frequent", "status = 'approved'"), ("rare", "status = 'deprecated'")):
            database.execute(f"INSERT INTO model_tags (model_id, tag, {kept}) SELECT id, '{tag}', {kept} FROM models WHERE {which}")
        database.execute(
            "WITH RECURSIVE place(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 16) INSERT OR IGNORE INTO name_fragments"
            " SELECT 1, project, CAST(substr(name, n, 8) AS BLOB), id FROM models, place WHERE n <= length(name) ORDER BY 2, 3, 4"
        )
    database.close()
