"""The scenarios of this folder through Python: embedded and against a server, on SQLite, and on PostgreSQL with a bucket."""

from __future__ import annotations

import base64
import json
import keyword
import os
import re
import subprocess
import sys
import time
import uuid
from itertools import islice
from pathlib import Path
from typing import Any, Dict, Iterator

import llmops
import pytest
from llmops.types import Download, Page, Record, Stream

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "llmops-py" / "tests"))
from conftest import Server  # noqa: E402

FILES = sorted(HERE.glob("*.json"))
Kept = Dict[str, Any]


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def embedded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[llmops.LlmOps]:
    """A platform in this process."""
    database = store = None
    if request.param == "postgres":
        server = os.environ.get("LLMOPS_TEST_POSTGRES") or pytest.skip("no PostgreSQL: tests/services with ..")
        name = f"scenarios_{uuid.uuid4().hex}"
        subprocess.run(["psql", server, "-qc", f"create database {name}"], check=True)
        database = server.rsplit("/", 1)[0] + "/" + name
        # Where there is the one service there is the other: what a cluster uses.
        store = f"s3://{os.environ['LLMOPS_TEST_S3_BUCKET']}/{name}"
    with llmops.open(tmp_path_factory.mktemp("embedded"), database=database, store=store) as ops:
        yield ops


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server process."""
    running = Server(tmp_path_factory.mktemp("server") / "data")
    yield running
    running.stop()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_embedded(embedded: llmops.LlmOps, file: Path) -> None:
    play(json.loads(file.read_text()), embedded)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_connected(server: Server, file: Path) -> None:
    play(json.loads(file.read_text()), llmops.connect(server.url, server.key))


def play(scenario: Any, admin: llmops.LlmOps) -> None:
    people, kept = {"": admin}, {"unique": uuid.uuid4().hex[:12]}
    for person, roles in scenario.get("people", {}).items():
        kept[person] = f"{person}-{kept['unique']}"
        given = roles if isinstance(roles, dict) else {"roles": roles}
        key = admin.governance.create_api_key(name=kept[person], **{snake(name): value for name, value in given.items()})
        people[person] = admin.with_api_key(key.secret or "")
    for number, step in enumerate(scenario["steps"], 1):
        try:
            take(step, people[step.get("as", "")], kept)
        except (AssertionError, llmops.LlmOpsError) as failed:
            raise AssertionError(f"step {number}, {step['op']}: {failed}") from failed


def take(step: Any, ops: llmops.LlmOps, kept: Kept) -> None:
    try:
        ops = ops.with_project(fill(step["in"], kept)) if "in" in step else ops
        answer = wait(step, ops, kept) if "until" in step else call(step, ops, kept)
    except llmops.LlmOpsError as refused:
        if "error" not in step:
            raise
        said = {"kind": refused.kind, "code": refused.code, "field": refused.field, "details": refused.details}
        said.update(message=refused.message, hint=refused.hint, retryable=refused.retryable)
        assert (differs := compare(fill(step["error"], kept), said, "error")) is None, differs
        return
    assert "error" not in step, f"expected the error {step['error']}, got {answer}"
    if "expect" in step:
        assert (differs := compare(fill(step["expect"], kept), answer, "answer")) is None, differs
    for name, path in step.get("keep", {}).items():
        kept[name] = at(answer, path)


def call(step: Any, ops: llmops.LlmOps, kept: Kept) -> Any:
    answer = begin(step, ops, kept)
    if isinstance(answer, Stream):
        with answer as stream:
            wanted = step.get("expect")
            return [item.to_dict() for item in islice(stream, len(wanted) if wanted else None)]
    if isinstance(answer, Download):
        return answer.read().decode(errors="replace")
    return plain(answer)


def begin(step: Any, ops: llmops.LlmOps, kept: Kept) -> Any:
    room, method = step["op"].split(".")
    request = fill(step.get("request", {}), kept).items()
    given = {snake(name): llmops.EMPTY if value is None else value for name, value in request}
    options = {snake(name): value for name, value in fill(step.get("options", {}), kept).items()}
    if "files" in step:
        options["files"] = {name: bytes_of(file) for name, file in step["files"].items()}
    return getattr(getattr(ops, room), method)(**given, **options)


def bytes_of(file: Any) -> bytes:
    return file.encode() if isinstance(file, str) else base64.b64decode(file["base64"])


def wait(step: Any, ops: llmops.LlmOps, kept: Kept) -> Any:
    wanted, deadline = fill(step["until"], kept), time.monotonic() + step.get("within", 60)
    differs: str | None = "no answer"
    while time.monotonic() < deadline:
        answer = begin(step, ops, kept)
        for item in answer if isinstance(answer, Stream) else [answer]:
            differs = compare(wanted, plain(item), "answer")
            if differs is None:
                return plain(item)
            assert time.monotonic() < deadline, differs
        time.sleep(0.1)
    raise AssertionError(f"not in time: {differs}")


def plain(answer: Any) -> Any:
    if isinstance(answer, Page):
        page = {"limit": answer.limit, "nextCursor": answer.next_cursor, "total": answer.total}
        return {"items": [item.to_dict() for item in answer.items], "page": page}
    return answer.to_dict() if isinstance(answer, Record) else answer


def snake(name: str) -> str:
    name = re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), name)
    return f"{name}_" if keyword.iskeyword(name) else name


def at(value: Any, path: str) -> Any:
    for step in filter(None, path.split(".")):
        value = value[int(step)] if step.isdigit() else value[step]
    return value


def fill(value: Any, kept: Kept) -> Any:
    if isinstance(value, str):
        return kept[value[1:]] if value[:1] == "$" and value[1:] in kept else fill_text(value, kept)
    if isinstance(value, list):
        return [fill(item, kept) for item in value]
    if isinstance(value, dict):
        return {fill_text(key, kept): fill(item, kept) for key, item in value.items()}
    return value


def fill_text(text: str, kept: Kept) -> str:
    for name in sorted(kept, reverse=True):
        if isinstance(kept[name], str):
            text = text.replace(f"${name}", kept[name])
    return text


def compare(expected: Any, got: Any, path: str) -> str | None:
    """Where an answer is not what was expected; the rules are those of ``tests/it/scenarios/compare.rs``."""
    if expected == "$any":
        return f"{path}: nothing is there" if got is None else None
    if isinstance(expected, dict):
        if any(key.startswith("$") for key in expected):
            return next((said for key, one in expected.items() if (said := rule(key, one, got, path))), None)
        if not isinstance(got, dict):
            return f"{path}: expected an object, got {got!r}"
        parts = (compare(one, got.get(key), f"{path}.{key}") for key, one in expected.items())
        return next((said for said in parts if said), None)
    if isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            return f"{path}: expected {len(expected)} items, got {got!r}"
        parts = (compare(one, item, f"{path}.{n}") for n, (one, item) in enumerate(zip(expected, got)))
        return next((said for said in parts if said), None)
    same = expected == got and isinstance(expected, bool) == isinstance(got, bool)
    return None if same else f"{path}: expected {expected!r}, got {got!r}"


def rule(name: str, value: Any, got: Any, path: str) -> str | None:
    rules = {
        "$len": lambda: isinstance(got, list) and len(got) == value,
        "$has": lambda: all(any(compare(one, item, path) is None for item in got) for one in value),
        "$from": lambda: got is not None and got >= value,
        "$to": lambda: got is not None and got <= value,
        "$holds": lambda: isinstance(got, str) and value in got,
    }
    return None if rules[name]() else f"{path}: {name} {value!r} does not hold of {got!r}"
