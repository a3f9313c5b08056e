"""One request, one answer."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import pickle
import threading
from datetime import datetime, timezone
from typing import Callable

import llmops
import pytest
from llmops import errors
from llmops.types import Lineage, MetricPoint, Model

Name = Callable[[], str]


def test_an_answer_is_a_typed_object(ops: llmops.LlmOps, name: Name) -> None:
    called = name()
    model = ops.catalog.create_model(name=called, version="1.0.0", owner_team="core", metadata={"maxLen": {"a_b": 1}})
    assert (model.name, model.type, model.owner_team, model.status) == (called, "base", "core", "draft")
    assert model.created_at.tzinfo and abs((datetime.now(timezone.utc) - model.created_at).total_seconds()) < 60
    assert model.metadata == {"maxLen": {"a_b": 1}}, "the keys of a free map stay as they are"
    assert isinstance(model.lineage, Lineage)
    assert ops.catalog.get_model(model.id) == model


def test_an_answer_is_frozen_and_knows_its_json(ops: llmops.LlmOps, name: Name) -> None:
    model = ops.catalog.create_model(name=name(), version="1.0.0")
    with pytest.raises(dataclasses.FrozenInstanceError):
        model.name = "other"  # type: ignore[misc]
    assert model.to_dict()["modelFamily"] == "llama"
    assert Model.from_dict(model.to_dict()) == model == copy.deepcopy(model) == pickle.loads(pickle.dumps(model))
    assert "<table>" in model._repr_html_() and model.id in model._repr_html_()


def test_what_is_absent_is_none(ops: llmops.LlmOps, name: Name) -> None:
    model = ops.catalog.create_model(name=name(), version="1.0.0")
    assert model.owner_team is None and "ownerTeam" not in model.to_dict()


def test_a_part_of_a_request_is_an_object_or_a_mapping(ops: llmops.LlmOps, name: Name) -> None:
    called = name()
    parent = ops.catalog.create_model(name=called, version="1.0.0")
    for version, lineage in (
        ("2.0.0", Lineage(parent_model_id=parent.id)),
        ("3.0.0", {"parent_model_id": parent.id}),
        ("4.0.0", {"parentModelId": parent.id}),
    ):
        child = ops.catalog.create_model(name=called, version=version, type="fine-tuned", lineage=lineage)
        assert child.lineage.parent_model_id == parent.id


@pytest.mark.parametrize("text", ["ünïcödé", "日本語 한국어", "🦙\u200d🔥", "quote\"'\\ \n\t", "\u200b\ufeff", "a" * 20_000])
def test_text_comes_back_as_it_went(ops: llmops.LlmOps, name: Name, text: str) -> None:
    model = ops.catalog.create_model(name=name(), version="1.0.0", metadata={"text": text})
    assert ops.catalog.get_model(model.id).metadata == {"text": text}


def test_numbers_come_back_as_they_went(ops: llmops.LlmOps, name: Name) -> None:
    numbers = {"whole": 2**53 + 1, "least": -(2**63), "part": 0.1, "small": 5e-324, "none": None, "true": True}
    model = ops.catalog.create_model(name=name(), version="1.0.0", metadata={"n": numbers})
    assert ops.catalog.get_model(model.id).metadata["n"] == numbers


def test_not_a_number_travels(ops: llmops.LlmOps, name: Name) -> None:
    run = ops.experiments.create_run(name=name())
    values = [float("nan"), float("inf"), float("-inf"), 0.5]
    points = [MetricPoint(name="loss", value=value, step=step) for step, value in enumerate(values)]
    assert ops.experiments.log_metrics(run.id, metrics=points).recorded == 4
    series = ops.experiments.get_series(run.id).series[0]
    assert [str(point.value) for point in series.points] == ["nan", "inf", "-inf", "0.5"]
    assert ops.experiments.get_run(run.id).metrics["loss"].last == 0.5


def test_a_list_goes_on_through_its_pages(ops: llmops.LlmOps, name: Name) -> None:
    called = name()
    for patch in range(5):
        ops.catalog.create_model(name=called, version=f"1.0.{patch}")
    page = ops.catalog.list_models(name=called, limit=2, sort="createdAt", include_total=True)
    assert (len(page.items), page.total, page.limit) == (2, 5, 2)
    assert [model.version for model in page] == [f"1.0.{patch}" for patch in range(5)]
    assert [len(one.items) for one in page.pages()] == [2, 2, 1]


def test_a_key_makes_a_call_happen_once(ops: llmops.LlmOps, name: Name) -> None:
    called, key = name(), name()
    first = ops.catalog.create_model(name=called, version="1.0.0", idempotency_key=key)
    assert ops.catalog.create_model(name=called, version="1.0.0", idempotency_key=key) == first
    with pytest.raises(errors.InvalidError) as refused:
        ops.catalog.create_model(name=called, version="2.0.0", idempotency_key=key)
    assert refused.value.code == "idempotency_key_reused"


def test_a_tag_guards_a_change(ops: llmops.LlmOps, name: Name) -> None:
    model = ops.catalog.create_model(name=name(), version="1.0.0")
    changed = ops.catalog.update_model(model.id, tags=["a"], if_match=model.etag)
    assert changed.tags == ["a"]
    with pytest.raises(errors.StaleError):
        ops.catalog.update_model(model.id, tags=["b"], if_match=model.etag)


def test_a_merge_patch_removes_with_none(ops: llmops.LlmOps, name: Name) -> None:
    model = ops.catalog.create_model(name=name(), version="1.0.0", metadata={"a": 1, "b": 2})
    assert ops.catalog.update_model(model.id, metadata={"a": None}).metadata == {"b": 2}


def test_what_is_empty_is_not_what_is_left_out(ops: llmops.LlmOps, name: Name) -> None:
    model = ops.catalog.create_model(name=name(), version="1.0.0", owner_team="core")
    assert ops.catalog.update_model(model.id, owner_team=None, tags=["a"]).owner_team == "core"
    assert ops.catalog.update_model(model.id, owner_team=llmops.EMPTY).owner_team is None
    assert repr(llmops.EMPTY) == "llmops.EMPTY"


def test_threads_call_at_the_same_time(ops: llmops.LlmOps, name: Name) -> None:
    called, failed = name(), []

    def work(major: int) -> None:
        try:
            for minor in range(5):
                model = ops.catalog.create_model(name=called, version=f"{major}.{minor}.0")
                assert ops.catalog.get_model(model.id) == model
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(major,)) for major in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert ops.catalog.list_models(name=called, include_total=True).total == 40


def test_tasks_call_at_the_same_time(aops: llmops.AsyncLlmOps, name: Name) -> None:
    async def story() -> None:
        called = name()
        makes = (aops.catalog.create_model(name=called, version=f"{n}.0.0") for n in range(30))
        models = await asyncio.gather(*makes)
        page = await aops.catalog.list_models(name=called, limit=7)
        assert {model.id async for model in page} == {model.id for model in models}

    asyncio.run(story())


def test_a_task_that_is_cancelled_stops_waiting(aops: llmops.AsyncLlmOps, name: Name) -> None:
    async def story() -> None:
        model = await aops.catalog.create_model(name=name(), version="1.0.0")
        stream = aops.catalog.watch_model(model.id)
        await stream.__anext__()
        waiting = asyncio.ensure_future(stream.__anext__())
        await asyncio.sleep(0.1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await aops.catalog.get_model(model.id)).id == model.id

    asyncio.run(story())
