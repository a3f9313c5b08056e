"""Rows of datasets as dicts: in and out, shuffled, batched, some of them, and what are none."""

from __future__ import annotations

import asyncio
import threading
import uuid
from datetime import datetime, timezone
from gzip import compress
from typing import Any, Callable, Iterator

import llmops
import numpy
import pytest
from llmops import errors

Name = Callable[[], str]
MISSING = "01a20e61-fed6-773e-bbc4-8fd14a598f2b"


def numbers(rows: Any) -> list[int]:
    return [row["n"] for row in rows]


def test_rows_are_dicts_as_often_as_they_are_asked_for(ops: llmops.LlmOps, counted: Any) -> None:
    rows = ops.rows(counted)
    assert next(iter(rows)) == {"n": 0, "text": "row 0 ü"}
    assert numbers(rows) == numbers(rows) == list(range(3000))
    assert list(ops.rows(counted, columns=["n"], path="b.jsonl").take(1)) == [{"n": 2500}]


def test_some_of_the_rows(ops: llmops.LlmOps, counted: Any) -> None:
    rows = ops.rows(counted, columns=["n"])
    assert numbers(rows.skip(2400).take(200)) == list(range(2400, 2600))
    assert numbers(rows.take(200).skip(150)) == list(range(150, 200))
    assert numbers(rows.take(5).take(9)) == [0, 1, 2, 3, 4] and numbers(rows.take(5).skip(9)) == []
    assert numbers(rows.skip(9999)) == [] == numbers(rows.take(0))
    assert rows.take(0).to_arrow().schema == rows.to_arrow().schema
    assert rows.skip(2990).to_pandas()["n"].tolist() == list(range(2990, 3000))


def test_a_shuffle_is_that_of_its_seed(ops: llmops.LlmOps, counted: Any) -> None:
    rows = ops.rows(counted, columns=["n"])
    one = numbers(rows.shuffle(seed=7, buffer_size=100))
    assert one == numbers(rows.shuffle(seed=7, buffer_size=100)) != list(range(3000))
    assert one != numbers(rows.shuffle(seed=8, buffer_size=100)) and sorted(one) == list(range(3000))
    # What is drawn is no further ahead than the buffer reaches.
    assert all(n <= at + 100 for at, n in enumerate(one))
    # A dataset shuffled last year is to come in the same order this year.
    assert one[:8] == [32, 15, 65, 7, 53, 36, 5, 50]
    assert numbers(rows.take(5).shuffle(seed=1, buffer_size=1000)) == [1, 4, 2, 3, 0]
    unseeded = rows.shuffle()
    assert sorted(numbers(unseeded)) == list(range(3000)) and numbers(unseeded) != numbers(unseeded)


def test_steps_follow_one_another(ops: llmops.LlmOps, counted: Any) -> None:
    rows = ops.rows(counted, columns=["n"])
    assert list(rows.take(5).batch(2)) == [{"n": [0, 1]}, {"n": [2, 3]}, {"n": [4]}]
    assert list(rows.take(5).batch(2, drop_last_batch=True)) == [{"n": [0, 1]}, {"n": [2, 3]}]
    assert list(rows.map(lambda row: {"n": -row["n"]}).skip(3).take(2)) == [{"n": -3}, {"n": -4}]
    assert numbers(rows.map(dict).take(3).shuffle(seed=1)) == numbers(rows.take(3).shuffle(seed=1))
    assert numbers(rows.shuffle(seed=1, buffer_size=10).take(20)) == numbers(rows.shuffle(seed=1, buffer_size=10))[:20]
    assert list(rows.shuffle(seed=1).take(0)) == []
    for wrong in (lambda: rows.batch(0), lambda: rows.take(-1), lambda: rows.shuffle(buffer_size=0)):
        with pytest.raises(ValueError, match="whole number"):
            wrong()


def test_leaving_an_iteration_hangs_up(ops: llmops.LlmOps, counted: Any) -> None:
    for _ in range(30):
        for row in ops.rows(counted):
            assert row["n"] == 0
            break
    assert ops.datasets.get_dataset(counted).rows == 3000


def test_rows_are_awaited(aops: llmops.AsyncLlmOps, name: Name) -> None:
    async def story() -> None:
        dataset = await aops.datasets.create_dataset(name=name(), version="1.0.0", type="other")
        file = await aops.write_rows(dataset.id, ({"n": n} for n in range(3000)))
        assert file.path == "rows.jsonl" and file.rows == 3000
        rows = aops.rows(dataset.id)
        assert [row["n"] async for row in rows] == list(range(3000))
        assert [row["n"] async for row in rows.skip(5).take(2)] == [5, 6]
        assert [row async for row in rows.take(3).batch(2)] == [{"n": [0, 1]}, {"n": [2]}]
        waited = llmops.LlmOps(aops._door.native).rows(dataset.id).shuffle(seed=3)
        assert [row async for row in rows.shuffle(seed=3)] == list(waited)
        async for row in rows:
            break
        frames = await asyncio.gather(rows.to_pandas(), rows.to_polars(), rows.to_arrow())
        assert [len(frame) for frame in frames] == [3000] * 3

    asyncio.run(story())


def test_a_table_has_types_and_nulls(ops: llmops.LlmOps, fresh: Callable[[], Any]) -> None:
    dataset = fresh()
    text = "n,x,ok,t\n1,1,true,a\n,2.5,,\n-3,,FALSE,\"b,c\"\n"
    ops.datasets.upload_dataset_files(dataset, {"a.csv.gz": compress(text.encode())})
    wanted = [
        {"n": 1, "x": 1.0, "ok": True, "t": "a"},
        {"n": None, "x": 2.5, "ok": None, "t": None},
        {"n": -3, "x": None, "ok": False, "t": "b,c"},
    ]
    assert list(ops.rows(dataset)) == wanted == ops.rows(dataset).to_arrow().to_pylist()
    assert [str(kind) for kind in ops.rows(dataset).to_polars().dtypes] == ["Int64", "Float64", "Boolean", "String"]


def test_dicts_hold_what_python_has(ops: llmops.LlmOps, fresh: Callable[[], Any]) -> None:
    id, dataset = uuid.uuid4(), fresh()
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    rows = [{"a": float("nan"), "b": [1, float("inf")], "c": numpy.float32(0.5), "d": id, "e": at}, {"a": 1.5, "f": "late"}]
    ops.write_rows(dataset, rows)
    first = {"a": None, "b": [1, None], "c": 0.5, "d": str(id), "e": "2026-01-02T03:04:05Z", "f": None}
    assert list(ops.rows(dataset))[0] == first and list(ops.rows(dataset))[1]["f"] == "late"


def test_what_are_no_rows_is_refused_and_leaves_nothing(ops: llmops.LlmOps, fresh: Callable[[], Any]) -> None:
    dataset = fresh()
    for wrong in ("text", b"bytes", {"n": 1}, [1], ["n"]):
        with pytest.raises(TypeError, match="dict"):
            ops.write_rows(dataset, wrong)  # type: ignore[arg-type]

    def broken() -> Iterator[dict[str, int]]:
        yield from ({"n": n} for n in range(100_000))
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        ops.write_rows(dataset, broken())
    with pytest.raises(errors.InvalidError):
        ops.write_rows(dataset, [])
    assert ops.datasets.list_dataset_files(dataset).items == []
    ops.write_rows(dataset, [{"n": 1}])
    with pytest.raises(errors.ConflictError, match="already"):
        ops.write_rows(dataset, [{"n": 2}])


def test_rows_that_cannot_be_read(ops: llmops.LlmOps, fresh: Callable[[], Any]) -> None:
    dataset = fresh()
    ops.datasets.upload_dataset_files(dataset, {"a.jsonl": b'{"n": 1}\n{"n": \n{"n": 3}\n'})
    for read in (list, llmops.types.Rows.to_arrow):
        with pytest.raises(errors.ConflictError) as refused:
            read(ops.rows(dataset))
        assert (refused.value.code, refused.value.field) == ("bad_rows", "skipBadRows")
    assert numbers(ops.rows(dataset, skip_bad_rows=True)) == [1, 3]
    with pytest.raises(errors.InvalidError, match="names `m`"):
        ops.rows(dataset, columns=["m"]).to_pandas()
    with pytest.raises(errors.NotFoundError):
        list(ops.rows(MISSING))


def test_rows_are_read_from_many_threads(ops: llmops.LlmOps, counted: Any) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(list(ops.rows(counted))))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [3000] * 8


