"""Rows that are read as a Parquet file, by pyarrow, polars and pandas."""

import io
import json
import uuid

import pytest
from test_parquet import ask, call, pq, pytestmark, table, written  # noqa: F401


def read(dataset, **more):
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return ask("GET", f"/catalog/datasets/{dataset}/rows?format=parquet{query}")


def filled(path, data):
    name = f"out-{uuid.uuid4().hex[:12]}"
    dataset = call("POST", "/catalog/datasets", {"name": name, "version": "1.0.0", "type": "other"})["id"]
    call("POST", f"/catalog/datasets/{dataset}/upload?path={path}", raw=data)
    return dataset


def made(rows):
    return filled("rows.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())


ROWS = [
    {"n": -(2**63), "x": 0.1, "ok": True, "text": '한 "1"\n𝄞', "messages": [{"role": "user", "content": None}]},
    {"n": None, "x": 1e-300, "ok": None, "text": "", "messages": {"a": [1, 2.5]}, "late": "b"},
    {"n": 2**63 - 1, "x": None, "ok": False, "text": None, "messages": None},
]


def test_pyarrow_reads_what_was_sent():
    found = pq.read_table(io.BytesIO(read(made(ROWS))))
    kinds = {"n": "int64", "x": "double", "ok": "bool", "text": "string", "messages": "string", "late": "string"}
    assert {field.name: str(field.type) for field in found.schema} == kinds
    rows = found.to_pylist()
    for row, wanted in zip(rows, ROWS):
        messages = row.pop("messages")
        assert (messages and json.loads(messages)) == wanted["messages"]
        assert row == {name: wanted.get(name) for name in row}
    assert len(rows) == len(ROWS)


def test_polars_and_pandas_read_the_same():
    polars, pandas = pytest.importorskip("polars"), pytest.importorskip("pandas")
    data = read(made(ROWS), columns="n", limit=2)
    assert polars.read_parquet(io.BytesIO(data)).rows() == [(-(2**63),), (None,)]
    data = read(made(ROWS))
    frame = pandas.read_parquet(io.BytesIO(data), dtype_backend="pyarrow")
    assert frame["text"].tolist()[:2] == ['한 "1"\n𝄞', ""] and frame["text"].isna().tolist() == [False, False, True]
    whole = polars.read_parquet(io.BytesIO(data))
    assert whole["ok"].to_list() == [True, None, False] and whole["late"].to_list() == [None, "b", None]


def test_what_comes_as_parquet_goes_as_parquet():
    names = ["zebra", "text", "large", "flag", "nothing", "ant"]
    came = table(500).select(names)
    found = pq.read_table(io.BytesIO(read(filled("rows.parquet", written(came)))))
    assert found.column_names == names and found.to_pylist() == came.to_pylist()
    assert [str(field.type) for field in found.schema] == ["int64", "string", "int64", "bool", "string", "string"]


def test_many_rows_are_groups_of_a_file():
    rows = [{"n": n, "text": f"row {n % 999}"} for n in range(300_000)]
    data = read(made(rows))
    file = pq.ParquetFile(io.BytesIO(data))
    groups = [file.metadata.row_group(at).num_rows for at in range(file.metadata.num_row_groups)]
    assert groups == [131_072, 131_072, 37_856] and len(data) < 4_000_000
    found = file.read()
    assert found["n"].to_pylist() == list(range(300_000)) and found["text"][299_999].as_py() == rows[-1]["text"]
    assert file.metadata.row_group(1).column(0).statistics.min == 131_072
