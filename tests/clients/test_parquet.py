"""Parquet by its reference implementation: written by pyarrow and pandas, sent, and shown as pyarrow reads it.

LLMOPS_URL is the server, LLMOPS_HUB_KEY a key that may create datasets.
"""

import base64
import datetime
import decimal
import io
import json
import math
import os
import random
import struct
import urllib.parse
import urllib.request
import uuid

import pytest

URL = os.environ.get("LLMOPS_URL", "")
KEY = os.environ.get("LLMOPS_HUB_KEY", "")

pytestmark = pytest.mark.skipif(not KEY, reason="needs a server: LLMOPS_URL and LLMOPS_HUB_KEY")
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

UTC = datetime.timezone.utc
ROWS = 3000


def ask(verb, path, body=None, raw=None):
    data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
    kind = "application/octet-stream" if raw is not None else "application/json"
    headers = {"authorization": f"Bearer {KEY}", "content-type": kind}
    request = urllib.request.Request(f"{URL}/llm-ops/v1{path}", method=verb, data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return answer.read()


def call(*request, **more):
    return json.loads(ask(*request, **more))["data"]


def sent(data):
    """What is said of the file, and its rows as they are kept, which are those that are shown."""
    name = f"parquet-{uuid.uuid4().hex[:12]}"
    dataset = call("POST", "/catalog/datasets", {"name": name, "version": "1.0.0", "type": "other"})["id"]
    file = call("POST", f"/catalog/datasets/{dataset}/upload?path=rows.parquet", raw=data)["files"][0]
    rows, cursor = [], ""
    while cursor is not None:
        more = f"&cursor={urllib.parse.quote(cursor)}" if cursor else ""
        page = call("GET", f"/catalog/datasets/{dataset}/preview?limit=1000{more}")
        rows += [row["values"] for row in page["items"]]
        cursor = page.get("nextCursor")
    kept = [json.loads(line) for line in ask("GET", f"/catalog/datasets/{dataset}/files/rows.jsonl").splitlines()]
    assert alike(rows, kept, exact=False)
    return file, kept


def shown(value, kind):
    """A value of pyarrow as the platform writes it."""
    if value is None:
        return None
    if pa.types.is_struct(kind):
        return {field.name: shown(value[field.name], field.type) for field in kind}
    if pa.types.is_map(kind):
        if pa.types.is_string(kind.key_type):
            return {key: shown(one, kind.item_type) for key, one in value}
        return [{"key": shown(key, kind.key_type), "value": shown(one, kind.item_type)} for key, one in value]
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return [shown(one, kind.value_type) for one in value]
    if pa.types.is_dictionary(kind):
        return shown(value, kind.value_type)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, decimal.Decimal):
        return f"{value:f}"
    if isinstance(value, (datetime.datetime, datetime.time)):
        return moment(value, kind)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return readable(value) if isinstance(value, bytes) else value


def readable(value):
    try:
        return value.decode()
    except UnicodeDecodeError:
        return base64.b64encode(value).decode()


def moment(value, kind):
    text = value.replace(microsecond=0, tzinfo=None).isoformat()
    if value.microsecond:
        text += f".{value.microsecond // 1000:03}" if kind.unit == "ms" else f".{value.microsecond:06}"
    return text + ("Z" if getattr(value, "tzinfo", None) else "")


def alike(found, wanted, exact=True):
    """Numbers of 32 bits are written with as few digits as tell them apart; the last bit of shown ones may differ."""
    if isinstance(wanted, float) and isinstance(found, (int, float)):
        if not exact:
            return math.isclose(found, wanted, rel_tol=5e-16)
        single = struct.unpack("f", struct.pack("f", found))[0] if abs(found) < 3e38 else found
        return wanted in (found, single)
    if isinstance(wanted, list) and isinstance(found, list):
        return len(found) == len(wanted) and all(alike(*pair, exact) for pair in zip(found, wanted))
    if isinstance(wanted, dict) and isinstance(found, dict):
        return found.keys() == wanted.keys() and all(alike(found[key], wanted[key], exact) for key in wanted)
    return found == wanted and type(found) is type(wanted)


def compare(data):
    table = pq.read_table(io.BytesIO(data))
    file, rows = sent(data)
    assert file["path"] == "rows.jsonl" and file["rows"] == table.num_rows and file["badRows"] == 0
    assert [column["name"] for column in file["schema"]] == table.column_names
    wanted = [{f.name: shown(row[f.name], f.type) for f in table.schema} for row in table.to_pylist()]
    assert len(rows) == len(wanted)
    for number, (one, other) in enumerate(zip(rows, wanted)):
        assert alike(one, other), f"row {number}: {one} is not {other}"


def table(rows=ROWS):
    """Every kind of column, with values absent here and there."""
    chance = random.Random(7)

    def some(make):
        return [None if chance.random() < 0.2 else make() for _ in range(rows)]

    def text():
        return "".join(chance.choice("aé한𝄞\n\"\\ ") for _ in range(chance.randrange(12)))

    def turns():
        return [
            {"role": chance.choice(["user", "bot"]), "content": text() or None, "tags": tags()}
            if chance.random() < 0.9
            else None
            for _ in range(chance.randrange(4))
        ]

    def tags():
        return None if chance.random() < 0.3 else [text() for _ in range(chance.randrange(3))]

    def at():
        return datetime.datetime(1900, 1, 1) + datetime.timedelta(microseconds=chance.randrange(10**16))

    def price():
        return decimal.Decimal(chance.randrange(-(10**12), 10**12)).scaleb(-4)

    def entries(make, most=3):
        return lambda: [make(n) for n in range(chance.randrange(most))]

    texts = pa.list_(pa.string())
    turn = pa.struct([("role", pa.string()), ("content", pa.string()), ("tags", texts)])
    deep = pa.struct([("a", pa.struct([("b", texts), ("c", pa.int32())]))])
    odd = [math.nan, math.inf, 1e-300]
    columns = {
        "zebra": pa.array(range(rows), pa.int64()),
        "text": pa.array(some(text), pa.string()),
        "repeated": pa.array(some(lambda: chance.choice(["yes", "no"])), pa.string()).dictionary_encode(),
        "large": pa.array(some(lambda: chance.randrange(-(2**63), 2**63)), pa.int64()),
        "unsigned": pa.array(some(lambda: chance.randrange(2**64)), pa.uint64()),
        "byte": pa.array(some(lambda: chance.randrange(-128, 128)), pa.int8()),
        "word": pa.array(some(lambda: chance.randrange(2**32)), pa.uint32()),
        "single": pa.array(some(lambda: chance.gauss(0, 1e10)), pa.float32()),
        "double": pa.array(some(lambda: chance.choice([chance.gauss(0, 1), *odd])), pa.float64()),
        "half": pa.array(some(lambda: float(chance.randrange(100))), pa.float16()),
        "flag": pa.array(some(lambda: chance.random() < 0.5), pa.bool_()),
        "day": pa.array(some(lambda: at().date()), pa.date32()),
        "seconds": pa.array(some(lambda: at().replace(microsecond=0)), pa.timestamp("s")),
        "millis": pa.array(some(lambda: at().replace(microsecond=123000, tzinfo=UTC)), pa.timestamp("ms", "UTC")),
        "micros": pa.array(some(at), pa.timestamp("us")),
        "time": pa.array(some(lambda: at().time()), pa.time64("us")),
        "price": pa.array(some(price), pa.decimal128(18, 4)),
        "broad": pa.array(some(lambda: price() * 10**20), pa.decimal256(60, 4)),
        "bytes": pa.array(some(lambda: chance.randbytes(5)), pa.binary()),
        "fixed": pa.array(some(lambda: chance.randbytes(4)), pa.binary(4)),
        "tokens": pa.array(some(entries(lambda n: chance.randrange(1000), 9)), pa.list_(pa.int32())),
        "turns": pa.array(some(turns), pa.list_(turn)),
        "nested": pa.array(some(entries(lambda n: tags())), pa.list_(texts)),
        "one": pa.array(some(lambda: {"a": {"b": tags(), "c": None}}), deep),
        "map": pa.array(some(entries(lambda n: (f"k{n}", chance.randrange(9)))), pa.map_(pa.string(), pa.int64())),
        "counts": pa.array(some(entries(lambda n: (n, [n]))), pa.map_(pa.int32(), pa.list_(pa.int32()))),
        "nothing": pa.nulls(rows),
        "ant": pa.array(["last"] * rows),
    }
    return pa.table(columns)


def written(what, **how):
    to = io.BytesIO()
    pq.write_table(what, to, **how)
    return to.getvalue()


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd", "gzip", "lz4"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_each_compression_and_page(compression, version):
    how = {"compression": compression, "data_page_version": version}
    compare(written(table(), data_page_size=4000, row_group_size=1100, **how))


NUMBERS = {"DELTA_BINARY_PACKED": ["zebra", "large", "word"], "BYTE_STREAM_SPLIT": ["single", "double"]}


@pytest.mark.parametrize("encoding", [*NUMBERS, "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"])
def test_each_encoding(encoding):
    kinds = NUMBERS.get(encoding, ["text", "ant", "bytes"])
    how = {"use_dictionary": False, "column_encoding": {name: encoding for name in kinds}, "data_page_size": 2000}
    compare(written(table().select([*kinds, "turns", "tokens"]), **how))


def test_nanoseconds_and_moments_of_old_writers():
    moments = pa.array([0, 1, -1, 1_709_210_096_123_456_789, None], pa.timestamp("ns"))
    wanted = ["1970-01-01T00:00:00", "1970-01-01T00:00:00.000000001", "1969-12-31T23:59:59.999999999"]
    wanted += ["2024-02-29T12:34:56.123456789", None]
    for old in (False, True):
        _, rows = sent(written(pa.table({"at": moments}), use_deprecated_int96_timestamps=old))
        assert [row["at"] for row in rows] == wanted


def test_pandas():
    pandas = pytest.importorskip("pandas")
    when = pandas.to_datetime(["2024-02-29", None, "2024-03-01"])
    frame = pandas.DataFrame({"prompt": ["a", "나", None], "n": [1, 2, 3], "when": when})
    to = io.BytesIO()
    frame.to_parquet(to)
    _, rows = sent(to.getvalue())
    wanted = [("a", 1, "2024-02-29T00:00:00"), ("나", 2, None), (None, 3, "2024-03-01T00:00:00")]
    assert [tuple(row.values()) for row in rows] == wanted


def test_a_dataset_of_the_hub_comes_as_it_went(tmp_path):
    datasets = pytest.importorskip("datasets")
    talk = [{"role": "user", "content": "수도?"}, {"role": "assistant", "content": "서울"}]
    rows = [{"messages": talk}, {"messages": []}]
    path = tmp_path / "rows.parquet"
    datasets.Dataset.from_list(rows).to_parquet(path)
    assert sent(path.read_bytes())[1] == rows


def test_many_rows_in_pages_of_their_own():
    many = pa.table({"n": range(200_000), "text": [f"row {n % 999}" for n in range(200_000)]})
    file, rows = sent(written(many, row_group_size=30_000))
    assert file["rows"] == 200_000 and rows[199_999] == {"n": 199_999, "text": f"row {199_999 % 999}"}
