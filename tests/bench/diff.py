"""Two versions of 1 GB, one row in a thousand changed, compared by their key and as whole rows; each answer must be exact.

Of ten rows that change nine have another text, and one is gone, for which there is another at the end.
"""

import random
import time

from machine import Server, row, running
from sending import add

ROW = 200
EVERY = 1000
HEAD = b"id,amount,label,text\n"
SETTINGS = {"LLMOPS_PACKING_AFTER_SECONDS": "3600"}  # nothing else is done meanwhile


def run(bench):
    rows = bench.size(5_000_000, 10_000) // (10 * EVERY) * 10 * EVERY
    changed = rows // EVERY
    keyed = {"added": changed // 10, "removed": changed // 10, "modified": changed // 10 * 9}
    whole = {"added": changed, "removed": changed, "modified": 0}
    ways = {"by key": ("&keys=id", keyed), "as whole rows": ("", whole)}
    data = bench.folder / "diff"
    with running(Server(bench, data, **SETTINGS)) as server:
        first = add(server, "diff", "1.0.0", table(rows, False))
        add(server, "diff", "1.1.0", table(rows, True))
    for what, (how, expected) in ways.items():
        with running(Server(bench, data, **SETTINGS)) as server:
            path = f"/catalog/datasets/{first}/versions/1.0.0/compare/1.1.0?wait=0{how}"
            server.call("GET", f"/catalog/datasets/{first}")
            idle, before, begun = server.memory(), server.cpu(), time.monotonic()
            found = server.until(path, lambda one: one["state"] not in ("queued", "running"))
            seconds, used, peak = time.monotonic() - begun, server.cpu() - before, server.memory("VmHWM")
        exact(found, {**expected, "unchanged": rows - expected["modified"] - expected["removed"]})
        yield row(f"{rows:,} rows of {ROW} bytes, {what}", seconds, "s")
        yield row(f"{what}: CPU", used, "s CPU")
        yield row(f"{what}: most memory", peak, "MiB")
        yield row(f"{what}: of which before it", idle, "MiB")


def exact(found: dict, expected: dict) -> None:
    """The counts are those of what was made, and the rows that are shown are among them, value by value."""
    report = found.get("report") or {}
    counts = {key: report.get(key) for key in expected}
    if counts != expected:
        raise SystemExit(f"{expected} is the truth, and the answer is {found['state']}: {found.get('error', counts)}")
    for one in report["samples"]["modified"]:
        number = one["rowBefore"]
        was, now = (values(number, is_changed)[3] for is_changed in (False, True))
        said = [(change["column"], change["before"], change["after"]) for change in one["changes"]]
        if kind(number) != "modified" or said != [("text", was, now)]:
            raise SystemExit(f"row {number} is said to be modified so: {one}")
    for one in report["samples"]["removed"]:
        wanted = ("removed",) if expected["modified"] else ("removed", "modified")
        if kind(one["row"]) not in wanted or one["values"]["text"] != values(one["row"], False)[3]:
            raise SystemExit(f"row {one['row']} is said to be removed: {one}")


def kind(number: int) -> str:
    """What becomes of a row."""
    if number % EVERY != EVERY // 2:
        return "unchanged"
    return "removed" if number // EVERY % 10 == 9 else "modified"


def table(rows: int, changed: bool):
    """The rows of a version; those that are new come at the end, under numbers of their own."""
    yield HEAD
    numbers = list(range(rows)) if not changed else [number for number in range(rows) if kind(number) != "removed"]
    numbers += range(rows, rows + rows - len(numbers))
    for begin in range(0, len(numbers), 5000):
        block = (values(number, changed) for number in numbers[begin : begin + 5000])
        yield "".join(f"{number},{amount},{label},{text}\n" for number, amount, label, text in block).encode()


def values(number: int, changed: bool) -> tuple[int, str, str, str]:
    """A row, which follows from its number."""
    rng = random.Random(number)
    amount, label = f"{rng.random() * 1000:.2f}", rng.choice(("red", "green", "blue"))
    if changed and kind(number) == "modified":
        rng.random()
    return number, amount, label, f"{rng.getrandbits(600):x}".ljust(ROW - 30, "-")
