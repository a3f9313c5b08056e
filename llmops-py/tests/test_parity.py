"""The package has what the engine that was built has."""

from __future__ import annotations

import inspect

import llmops
from llmops import _native


def test_the_package_is_of_the_engine_that_was_built(embedded: llmops.LlmOps) -> None:
    described = {op["name"] for op in _native.describe()["operations"]}
    rooms = {name: room for name, room in vars(embedded).items() if not name.startswith("_")}
    methods = {
        f"{room}.{name}"
        for room, one in rooms.items()
        for name, _ in inspect.getmembers(one, inspect.ismethod)
        if not name.startswith("_")
    }
    assert methods == described and len(methods) >= 50


def test_every_method_says_what_it_does(embedded: llmops.LlmOps) -> None:
    for name, room in vars(embedded).items():
        if not name.startswith("_"):
            for method, call in inspect.getmembers(room, inspect.ismethod):
                assert method.startswith("_") or inspect.getdoc(call), f"{name}.{method}"


def test_the_version_is_the_engines() -> None:
    assert llmops.__version__ == _native.__version__
