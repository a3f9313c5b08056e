"""What goes wrong says what, where and what next."""

from __future__ import annotations

import asyncio
import pickle
from typing import Any, Callable

import llmops
import pytest
from llmops import errors

MISSING = "01a20e61-fed6-773e-bbc4-8fd14a598f2b"


def test_each_kind_is_an_exception(ops: llmops.LlmOps) -> None:
    with pytest.raises(errors.NotFoundError) as refused:
        ops.catalog.get_model(MISSING)
    error = refused.value
    assert isinstance(error, llmops.LlmOpsError)
    assert (error.kind, error.status, error.retryable) == ("not_found", 404, False)
    assert MISSING in error.message and str(error).startswith("not_found: ")


def test_a_refusal_names_field_and_remedy(ops: llmops.LlmOps) -> None:
    with pytest.raises(errors.InvalidError) as refused:
        ops.catalog.create_model(name="a b", version="1.0.0")
    assert refused.value.field == "name" and refused.value.hint


def test_the_request_can_be_found_in_the_log(ops: llmops.LlmOps, connected: llmops.LlmOps) -> None:
    for door in (ops, connected):
        with pytest.raises(errors.NotFoundError) as refused:
            door.catalog.get_model(MISSING)
        assert refused.value.request_id and refused.value.request_id.startswith("req_")


def test_a_conflict_has_a_code(ops: llmops.LlmOps, name: Callable[[], str]) -> None:
    called = name()
    ops.catalog.create_model(name=called, version="1.0.0")
    with pytest.raises(errors.ConflictError) as refused:
        ops.catalog.create_model(name=called, version="1.0.0")
    assert refused.value.code == "model_exists"


def test_unknown_fields_are_named(ops: llmops.LlmOps) -> None:
    with pytest.raises(errors.InvalidError) as refused:
        ops.catalog.create_model(name="a", version="1.0.0", lineage={"parent": MISSING})
    assert (refused.value.code, refused.value.field) == ("unknown_field", "lineage.parent")


def test_an_error_survives_the_way_to_another_process() -> None:
    error = errors.from_json({"kind": "invalid", "code": "c", "message": "m", "field": "f", "retryable": False})
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is errors.InvalidError and (again.code, again.field, again.message) == ("c", "f", "m")


def test_a_kind_of_a_newer_server_is_still_an_error() -> None:
    error = errors.from_json({"kind": "quantum", "message": "m", "retryAfterMs": 1500})
    assert type(error) is llmops.LlmOpsError and (error.kind, error.retry_after) == ("quantum", 1.5)


def test_a_timeout_is_pythons_too() -> None:
    assert issubclass(errors.TimeoutError, TimeoutError)


def test_a_wrong_key_is_refused(server: Any) -> None:
    with pytest.raises(errors.UnauthenticatedError):
        llmops.connect(server.url, "lo_wrong").catalog.list_models()


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(errors.UnavailableError) as refused:
        llmops.connect("http://127.0.0.1:1").catalog.list_models()
    assert refused.value.retryable and refused.value.hint


def test_an_address_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(errors.InvalidError) as refused:
        llmops.connect("file:///tmp")
    assert refused.value.field == "url"


def test_what_cannot_be_sent_says_its_type(ops: llmops.LlmOps) -> None:
    with pytest.raises(TypeError, match="object"):
        ops.catalog.create_model(name="a", version="1.0.0", metadata={"a": object()})


def test_awaited_errors_are_the_same(aops: llmops.AsyncLlmOps) -> None:
    async def story() -> None:
        with pytest.raises(errors.NotFoundError):
            await aops.catalog.get_model(MISSING)
        with pytest.raises(errors.NotFoundError):
            async for _ in aops.catalog.watch_model(MISSING):
                pass

    asyncio.run(story())


def test_a_closed_platform_answers_with_an_error(tmp_path: Any) -> None:
    ops = llmops.open(tmp_path / "data", loops=False)
    ops.close()
    ops.close()
    with pytest.raises(llmops.LlmOpsError):
        ops.catalog.list_models()
