"""What the types say; checked by ``mypy --strict``, never run. An expected error that is none fails too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import llmops
from llmops.types import AsyncRows, AsyncStream, DatasetFile, Download, Lineage, Model, Page, Pipeline, Rows, Stream
from typing_extensions import assert_type


def waits(ops: llmops.LlmOps) -> None:
    model = ops.catalog.create_model(name="tiny", version="1.0.0", type="fine-tuned", lineage=Lineage(), tags=("a",))
    assert_type(model, Model)
    assert_type(model.created_at, datetime)
    assert_type(model.owner_team, "str | None")
    assert_type(model.metadata, "dict[str, Any]")
    assert_type(ops.catalog.list_models(), Page[Model])
    assert_type([one.name for one in ops.catalog.list_models()], "list[str]")
    assert_type(ops.catalog.watch_model(model.id), Stream[Model])
    assert_type(ops.catalog.download_model_file(model.id, "config.json"), Download)
    ops.catalog.upload_model_files(model.id, {"config.json": b"{}"}, replace=True)
    ops.catalog.update_model(model.id, tags=["a"], if_match=model.etag)
    ops.catalog.update_model(model.id, owner_team=llmops.EMPTY)
    ops.catalog.update_model(model.id, tags=llmops.EMPTY)
    ops.catalog.update_model(model.id, model_family=llmops.EMPTY)  # type: ignore[arg-type]

    ops.catalog.create_model(name="tiny")  # type: ignore[call-arg]
    ops.catalog.create_model(name="tiny", version="1.0.0", type="large")  # type: ignore[arg-type]
    ops.catalog.get_model(model.id, colour="red")  # type: ignore[call-arg]
    ops.catalog.list_models(idempotency_key="k")  # type: ignore[call-arg]
    assert_type(ops.with_options(timeout=2.5, max_retries=0), llmops.LlmOps)
    ops.with_options(max_retries="many")  # type: ignore[arg-type]
    model.name = "other"  # type: ignore[misc]
    model.colour  # type: ignore[attr-defined]

    rows = ops.rows(model.id, columns=["text"])
    assert_type(rows.skip(1).take(2), Rows)
    assert_type(rows.shuffle(seed=1).batch(2).map(dict), Pipeline)
    assert_type(list(rows), "list[dict[str, Any]]")
    assert_type(ops.write_rows(model.id, rows), DatasetFile)
    ops.write_rows(model.id, [{"text": "a"}], path="a.jsonl", replace=True)
    ops.write_rows(model.id, 7)  # type: ignore[arg-type]
    rows.shuffle(seed=1).to_pandas()  # type: ignore[attr-defined]

    try:
        ops.catalog.get_model(model.id)
    except llmops.errors.NotFoundError as error:
        assert_type(error.hint, "str | None")


async def awaits(ops: llmops.AsyncLlmOps) -> None:
    model = await ops.catalog.create_model(name="tiny", version="1.0.0", idempotency_key="k")
    assert_type(model, Model)
    assert_type([one async for one in await ops.catalog.list_models()], "list[Model]")
    assert_type(ops.catalog.watch_model(model.id), AsyncStream[Model])
    assert_type(llmops.aio.connect(timeout=2.5).with_options(max_retries=0), llmops.AsyncLlmOps)
    assert_type(ops.rows(model.id).take(2), AsyncRows)
    assert_type([row async for row in ops.rows(model.id)], "list[dict[str, Any]]")
    assert_type(await ops.write_rows(model.id, [{"text": "a"}]), DatasetFile)
    details: Any = None
    try:
        await ops.catalog.delete_model(model.id)
    except llmops.errors.ConflictError as error:
        details = error.details
    print(details)
