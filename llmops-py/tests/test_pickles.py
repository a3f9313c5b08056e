"""What a pickle would import, found without loading it: compared with what Python's own disassembler sees."""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import io
import os
import pickle
import pickletools
import uuid
import zipfile
from functools import partial
from pathlib import PurePosixPath
from typing import Any, Callable

import llmops
import pytest

Name = Callable[[], str]


class Calls:
    """Loading it would call whatever it holds."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.call


SAMPLES: dict[str, Any] = {
    "plain": {"weights": [1, 2.5, -3, 10**40, None, True, b"x" * 300, "é" * 300], "t": (1, (2, ()))},
    "ordered": collections.OrderedDict(a=1, b=collections.OrderedDict()),
    "shell": Calls(os.system, "true"),
    "nested": [{"deep": (Calls(eval, "1"), Calls(exec, "1"))}, Calls(os.system, "a"), Calls(os.system, "b")],
    "values": [decimal.Decimal("1.5"), fractions.Fraction(1, 3), datetime.date(2026, 1, 1), uuid.UUID(int=1)],
    "objects": [partial(print, 1), PurePosixPath("a/b"), collections.deque([1]), {1, 2}, frozenset([3]), bytearray(b"x")],
    "shared": (lambda x: [x, x, {"k": x}])(collections.Counter("abca")),
}


def seen_by_python(data: bytes) -> set[str]:
    """The names of all GLOBAL and STACK_GLOBAL opcodes; texts of the latter are the last two that were pushed or recalled."""
    names: set[str] = set()
    texts: list[str] = []
    memo: dict[int, str | None] = {}
    last: str | None = None
    for opcode, argument, _ in pickletools.genops(data):
        if opcode.name in ("GLOBAL", "INST"):
            names.add(argument.replace(" ", "."))
            last = None
        elif opcode.name == "STACK_GLOBAL":
            names.add(".".join(texts[-2:]))
            last = None
        elif "UNICODE" in opcode.name:
            texts.append(argument)
            last = argument
        elif opcode.name == "MEMOIZE":
            memo[len(memo)] = last
        elif opcode.name in ("PUT", "BINPUT", "LONG_BINPUT"):
            memo[argument] = last
        elif opcode.name in ("GET", "BINGET", "LONG_BINGET"):
            last = memo.get(argument)
            if last is not None:
                texts.append(last)
        elif opcode.name not in ("FRAME", "PROTO"):
            last = None
    return names


@pytest.mark.parametrize("protocol", range(6))
def test_the_same_names_as_python_sees(ops: llmops.LlmOps, name: Name, protocol: int) -> None:
    model = ops.catalog.create_model(name=name(), version="1.0.0")
    for sample, value in SAMPLES.items():
        data = pickle.dumps(value, protocol)
        path = f"{sample}.pkl"
        file = ops.catalog.upload_model_files(model.id, {path: data}).files[0]
        scan = file.scan
        assert set(scan.imports or [] if scan else []) == seen_by_python(data), sample
        assert scan is None or scan.incomplete is None, sample
        assert file.state == "quarantined"


def test_what_does_more_than_rebuild_is_told_apart(ops: llmops.LlmOps, name: Name) -> None:
    model = ops.catalog.create_model(name=name(), version="1.0.0")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps([SAMPLES["ordered"], SAMPLES["shell"]], 2))
        archive.writestr("archive/data/0", b"\0" * 64)
        archive.writestr("archive/version", b"3\n")
    scan = ops.catalog.upload_model_files(model.id, {"pytorch_model.bin": packed.getvalue()}).files[0].scan
    assert scan is not None
    assert scan.imports == ["collections.OrderedDict", "posix.system"]
    assert scan.unsafe_imports == ["posix.system"]
