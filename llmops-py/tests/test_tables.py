"""Rows of datasets as frames and tables of pandas, polars, pyarrow and datasets: in, out, and never short."""

from __future__ import annotations

import collections
import resource
import sys
from pathlib import Path
from typing import Any, Callable

import datasets
import llmops
import numpy
import pandas
import polars
import polars.testing
import pyarrow
import pytest
from conftest import Server
from llmops import errors

Name = Callable[[], str]

FRAME = {
    "i": [1, -2, 2**53 + 1],
    "f": [0.1 + 0.2, 5e-324, 1.7976931348623157e308],
    "b": [True, False, True],
    "t": ["a", "ü\n\"'", None],
    "m": [[{"role": "user", "content": "hi"}], [], None],
}


def test_a_frame_of_pandas_goes_in_and_comes_out(ops: llmops.LlmOps, fresh: Callable[[], Any]) -> None:
    frame = pandas.DataFrame(FRAME)
    dataset = fresh()
    file = ops.write_rows(dataset, frame, path="frame.parquet")
    assert (file.path, file.rows, [column.type for column in file.schema]) == (
        "frame.jsonl", 3, ["integer", "number", "boolean", "text", "json"],
    )  # fmt: skip
    back = ops.rows(dataset).to_pandas()
    pandas.testing.assert_frame_equal(back, frame)
    # And once more, out of what came out.
    ops.write_rows(dataset, back, path="frame.jsonl", replace=True)
    pandas.testing.assert_frame_equal(ops.rows(dataset).to_pandas(), frame)


def test_random_numbers_keep_every_bit(ops: llmops.LlmOps, fresh: Callable[[], Any]) -> None:
    drawn = numpy.random.default_rng(7).integers(0, 2**64, 20_000, dtype=numpy.uint64).view(numpy.float64)
    frame = pandas.DataFrame({"f": drawn[numpy.isfinite(drawn)], "g": 0.1})
    dataset = fresh()
    ops.write_rows(dataset, frame)
    assert (ops.rows(dataset).to_pandas()["f"].to_numpy() == frame["f"].to_numpy()).all()
    assert [row["f"] for row in ops.rows(dataset)] == frame["f"].tolist()


def test_a_frame_of_polars_goes_in_and_comes_out(ops: llmops.LlmOps, fresh: Callable[[], Any]) -> None:
    frame = polars.DataFrame(FRAME)
    dataset = fresh()
    ops.write_rows(dataset, frame)
    for back in (ops.rows(dataset).to_polars(), polars.DataFrame(ops.rows(dataset))):
        polars.testing.assert_frame_equal(back.drop("m"), frame.drop("m"))
        read = back.with_columns(polars.col("m").str.json_decode(frame.schema["m"]))
        polars.testing.assert_frame_equal(read, frame)


def test_what_speaks_arrow_goes_in_and_comes_out(ops: llmops.LlmOps, fresh: Callable[[], Any]) -> None:
    table = pyarrow.table(FRAME)
    for given in (table, table.to_batches()[0], table.to_reader(), pyarrow.RecordBatchReader.from_stream(table)):
        dataset = fresh()
        ops.write_rows(dataset, given)
        rows = ops.rows(dataset)
        back = pyarrow.table(rows)
        assert back.equals(rows.to_arrow()) and back.drop(["m"]).equals(table.drop(["m"]))
        assert list(rows) == table.to_pylist()
    # JSON that came as text goes back as JSON.
    again = fresh()
    ops.write_rows(again, ops.rows(dataset).to_arrow())
    assert list(ops.rows(again)) == table.to_pylist()
    ops.write_rows(again, ops.rows(dataset).map(lambda row: {**row, "i": 0}), path="more.jsonl")
    assert [row["i"] for row in ops.rows(again, path="more.jsonl")] == [0, 0, 0]


def test_batches_come_as_they_are_read(ops: llmops.LlmOps, fresh: Callable[[], Any]) -> None:
    dataset = fresh()
    ops.write_rows(dataset, ({"n": n, "text": "x" * 500} for n in range(5000)))
    with ops.rows(dataset).arrow_batches() as batches:
        assert 0 < batches.read_next_batch().num_rows < 2000
    assert ops.rows(dataset).to_arrow().num_rows == 5000


def test_bytes_that_rotted_are_no_end(server: Server, connected: llmops.LlmOps, name: Name) -> None:
    dataset = connected.datasets.create_dataset(name=name(), version="1.0.0", type="other").id
    file = connected.write_rows(dataset, ({"n": n, "text": "x" * 500} for n in range(10_000)))
    blob = next(path for path in (server.data / "blobs").rglob("*") if file.sha256 in path.as_posix().replace("/", ""))
    whole = blob.read_bytes()
    blob.chmod(0o600)
    blob.write_bytes(whole[: len(whole) // 2])
    rows = connected.rows(dataset)
    for read in (lambda: collections.deque(rows, 0), rows.to_arrow, rows.to_pandas, lambda: pyarrow.table(rows)):
        with pytest.raises((errors.LlmOpsError, OSError)):
            read()


def test_a_server_that_goes_is_no_end(tmp_path: Path, name: Name) -> None:
    server = Server(tmp_path / "data")
    ops = llmops.connect(server.url, server.key)
    dataset = ops.datasets.create_dataset(name=name(), version="1.0.0", type="other").id
    ops.write_rows(dataset, ({"n": n, "text": "x" * 1000} for n in range(40_000)))
    rows, batches = iter(ops.rows(dataset)), ops.rows(dataset).arrow_batches()
    next(rows)
    batches.read_next_batch()
    server.process.kill()
    server.process.wait()
    with pytest.raises(errors.UnavailableError, match="broke off"):
        collections.deque(rows, 0)
    with pytest.raises(errors.UnavailableError, match="broke off"):
        batches.read_all()


def test_many_rows_are_never_in_memory_whole(ops: llmops.LlmOps, fresh: Callable[[], Any]) -> None:
    dataset = fresh()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ops.write_rows(dataset, ({"n": n, "text": "x" * 1000} for n in range(100_000)))
    assert sum(row["n"] for row in ops.rows(dataset)) == sum(range(100_000))
    assert sum(batch.num_rows for batch in ops.rows(dataset).arrow_batches()) == 100_000
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
    assert grown < 60, f"{grown} MiB"


def test_datasets_reads_what_was_written(ops: llmops.LlmOps, counted: Any, tmp_path: Path) -> None:
    rows = ops.rows(counted)
    saved = ops.datasets.read_dataset_rows(counted).save(tmp_path / "rows.jsonl")
    loaded = datasets.load_dataset("json", data_files=saved, split="train", cache_dir=str(tmp_path / "cache"))
    assert loaded.to_list() == list(rows)
    assert datasets.Dataset(rows.to_arrow()).to_list() == loaded.to_list()


def read(url: str, key: str, dataset: str) -> Any:
    """Rows for a worker, which connects itself."""
    yield from llmops.connect(url, key).rows(dataset).take(5)


def test_datasets_streams_what_a_server_has(server: Server, connected: llmops.LlmOps, name: Name) -> None:
    dataset = connected.datasets.create_dataset(name=name(), version="1.0.0", type="other").id
    connected.write_rows(dataset, ({"n": n} for n in range(3000)))
    told = {"url": server.url, "key": server.key, "dataset": str(dataset)}
    theirs = datasets.IterableDataset.from_generator(read, gen_kwargs=told)
    rows = connected.rows(dataset).take(5)
    assert list(theirs) == list(rows) and len(list(theirs.shuffle(seed=1))) == 5
    # Their batches are made as ours are.
    assert list(theirs.batch(2)) == list(rows.batch(2))


@pytest.mark.parametrize("package", ["pyarrow", "pandas", "polars"])
def test_a_package_that_is_missing_is_named(
    ops: llmops.LlmOps, counted: Any, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    rows = ops.rows(counted)
    read = {"pyarrow": rows.to_arrow, "pandas": rows.to_pandas, "polars": rows.to_polars}[package]
    extra = "arrow" if package == "pyarrow" else package
    with pytest.raises(ImportError, match=rf"{package} is not installed: pip install 'llmops\[{extra}\]'"):
        read()
    assert len(list(rows)) == 3000
