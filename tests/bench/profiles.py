"""A CSV of 250 MB that the server profiles and validates, beside polars computing the same statistics in a process of its own.

The validation does more: it searches personal data and near duplicates, and judges the quality. The search cannot be turned
off; `one kind` is its least, for a number that few cells could hold. Of both sides what they take beyond being
started counts, and both must come to the same numbers.
"""

import json
import math
import pathlib
import random
import subprocess
import sys

from machine import Server, row, running
from sending import add, validated

WORDS = pathlib.Path(__file__).parent / "../../examples/data/corpus.txt"
HEAD = "id,amount,score,category,city,day,active,note,text\n"
# The part of two columns that is empty.
GAPS = 0.02


def run(bench):
    file = bench.folder / "profile.csv"
    mib = write(file, bench.size(250_000_000, 1_000_000)) / (1 << 20)
    rounds = bench.size(3, 1)
    data = bench.folder / "profile"
    with running(Server(bench, data)) as server:
        with file.open("rb") as blocks:
            dataset = add(server, "profile", "1.0.0", iter(lambda: blocks.read(1 << 20), b""))
        sent = server.cpu()
    ours = {"profile": least(profile(bench, data, dataset) for _ in range(rounds))}
    for what, how in (("validation", {}), ("validation, one kind searched for", {"piiTypes": ["kr_drivers_license"]})):
        ours[what] = least(validation(bench, data, dataset, how) for _ in range(rounds))
    theirs = {engine: least(frames(file, engine) for _ in range(rounds)) for engine in ("in-memory", "streaming")}
    for side in (*ours.values(), *theirs.values()):
        same(side["columns"], theirs["in-memory"]["columns"])
    for what, side in ours.items():
        yield row(what, side["cpu"], "s CPU")
        yield row(f"{what}: memory", side["memory"], "MiB")
    for engine, side in theirs.items():
        yield row(f"polars, {engine}", side["cpu"], "s CPU")
        yield row(f"polars, {engine}: memory", side["memory"], "MiB")
    for engine, their in theirs.items():
        for what, our in ours.items():
            goals = ("1x", "0.3x") if (what, engine) == ("profile", "in-memory") else ("", "")
            yield row(f"{what} over polars, {engine}: CPU", our["cpu"] / max(their["cpu"], 0.01), "x", goals[0])
            yield row(f"{what} over polars, {engine}: memory", our["memory"] / max(their["memory"], 1), "x", goals[1])
    yield row("sent before that, columns and types found", mib / max(sent, 0.01), "MiB/CPU s")


def least(sides) -> dict:
    """Of several rounds the one of the least CPU seconds, with the least memory of all."""
    sides = list(sides)
    best = min(sides, key=lambda side: side["cpu"])
    return {**best, "memory": min(side["memory"] for side in sides)}


def profile(bench, data, dataset) -> dict:
    """What the statistics take of a server that was started for them, before anything was validated."""
    with running(Server(bench, data)) as server:
        server.call("GET", f"/catalog/datasets/{dataset}")
        idle, before = server.memory(), server.cpu()
        statistics = server.call("GET", f"/catalog/datasets/{dataset}/statistics")
        spent = {"cpu": server.cpu() - before, "memory": server.memory("VmHWM") - idle}
    return {**spent, "columns": {column["name"]: brief(column) for column in statistics["columns"]}}


def validation(bench, data, dataset, how) -> dict:
    """What a validation takes of a server that was started for it."""
    with running(Server(bench, data)) as server:
        server.call("GET", f"/catalog/datasets/{dataset}")
        idle, before = server.memory(), server.cpu()
        report = validated(server, dataset, **how)
        spent = {"cpu": server.cpu() - before, "memory": server.memory("VmHWM") - idle}
    columns = {column["name"]: column for column in report["statistics"]["columns"]}
    return {**spent, "columns": {name: brief(column) for name, column in columns.items()}}


def brief(column) -> dict:
    of = column.get("numbers") or column.get("lengths") or {}
    return {"nulls": column["nulls"], "distinct": column["distinct"], **{key: of.get(key) for key in ("min", "max", "mean")}}


def frames(file, engine) -> dict:
    script = pathlib.Path(__file__).with_name("frames.py")
    return json.loads(subprocess.check_output([sys.executable, script, file, engine]))


def same(ours, theirs) -> None:
    """What is counted is the same, and what is estimated is near."""
    for name, there in theirs.items():
        here = ours[name]
        fits = here["nulls"] == there["nulls"] and math.isclose(here["distinct"], there["distinct"], rel_tol=0.03)
        for key in ("min", "max", "mean") if there.get("mean") is not None else ():
            fits = fits and math.isclose(here[key], there[key], rel_tol=1e-9)
        if not fits:
            raise SystemExit(f"{name}: {here} here, {there} there")


def write(file, size: int) -> int:
    """Rows of about 200 bytes: numbers, classes, days, short and long texts; the bytes written."""
    rng = random.Random(250)
    words = WORDS.read_text(encoding="utf-8").replace(",", "").replace('"', "").split()
    phrases = [" ".join(rng.choice(words) for _ in range(6)) for _ in range(20_000)]
    cities = [f"{rng.choice(words).title()}-{number}" for number in range(3000)]
    written, number = 0, 0
    with file.open("w", encoding="utf-8", newline="") as out:
        written += out.write(HEAD)
        while written < size:
            block = []
            for _ in range(2000):
                number += 1
                amount = "" if rng.random() < GAPS else f"{rng.lognormvariate(3, 1):.2f}"
                note = "" if rng.random() < GAPS else rng.choice(phrases)
                text = " ".join(rng.choice(phrases) for _ in range(3))
                day = f"20{rng.randint(10, 26)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
                block.append(
                    f"{number},{amount},{rng.gauss(0, 1):.6f},{rng.choice('abcdefgh')},{rng.choice(cities)},{day},"
                    f'{rng.choice(("true", "false"))},{note},"{text}, {number % 97}"\n'
                )
            written += out.write("".join(block))
    return written
