"""Rows on their way into a dataset: written as they are sent, none of them held longer."""

from __future__ import annotations

import json
import math
from collections import deque
from typing import Any, Iterable, Iterator, Mapping, Protocol, Union

from ._arrow import is_json, need
from ._record import encode
from ._rows import Pipeline
from ._upload import Readable

GROUP_BYTES = 16 << 20
GROUP_ROWS = 65_536


class ArrowStream(Protocol):
    """What gives an Arrow C stream: frames of pandas and polars, tables and readers of pyarrow, and others."""

    def __arrow_c_stream__(self, requested_schema: object | None = None, /) -> object:
        """A capsule."""


RowData = Union[ArrowStream, Iterable[Mapping[str, Any]]]
"""A frame, a table, a reader of batches, or dicts."""


def source(data: RowData) -> Readable:
    """The bytes of a file that holds these rows: Parquet of a table, JSON lines of dicts."""
    if isinstance(data, (str, bytes, Mapping)):
        raise TypeError(f"rows are dicts, or a table; not a {type(data).__name__}")
    if isinstance(data, Pipeline):
        return Lines(data)  # its values are known: none is to become text
    if hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"):
        batches = stream(data)
        # What came as JSON goes back as what it is; what Parquet's writer does not take goes value by value.
        read = [field.name for field in batches.schema if is_json(field)]
        whole = not read and not any("_view" in str(field.type) for field in batches.schema)
        return Parquet(batches) if whole else Lines(objects(batches, read))
    return Lines(data)


def stream(data: Any) -> Any:
    """A reader of batches."""
    pyarrow = need("pyarrow")
    reader = pyarrow.RecordBatchReader
    if type(data).__module__.startswith("polars.") and hasattr(data, "iter_slices"):
        # Left to itself it gives text in a form that Parquet's writer does not take.
        level = need("polars").CompatLevel.oldest()
        parts = (part.to_arrow(compat_level=level) for part in data.iter_slices(GROUP_ROWS))
        schema = data.clear().to_arrow(compat_level=level).schema
        return reader.from_batches(schema, (batch for part in parts for batch in part.to_batches()))
    if not hasattr(data, "__arrow_c_stream__"):
        batch = pyarrow.record_batch(data)
        return reader.from_batches(batch.schema, [batch])
    return reader.from_stream(data)


def objects(batches: Any, read: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The rows of batches, in which these columns are JSON."""
    for batch in batches:
        for row in batch.to_pylist():
            for name in read:
                row[name] = None if row[name] is None else json.loads(row[name])
            yield row


class Buffer:
    """Bytes that were written and wait to be read."""

    def __init__(self) -> None:
        self._pieces: deque[memoryview] = deque()

    def put(self, piece: bytes) -> None:
        """Adds some."""
        if piece:
            self._pieces.append(memoryview(piece))

    def take(self, size: int) -> bytes:
        """The first of them, at most so many; none when there are none."""
        taken, left = [], size if size >= 0 else sum(map(len, self._pieces))
        while self._pieces and left:
            piece = self._pieces.popleft()
            if len(piece) > left:
                self._pieces.appendleft(piece[left:])
            taken.append(piece[:left])
            left -= len(taken[-1])
        return b"".join(taken)

    def __bool__(self) -> bool:
        return bool(self._pieces)


class Lines:
    """JSON lines, to be read like a file."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._rows = iter(rows)
        self._buffer = Buffer()

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes; none at the end."""
        if not self._buffer:
            piece, most = bytearray(), size if size > 0 else 1 << 20
            for row in self._rows:
                piece += line(row)
                if len(piece) >= most:
                    break
            self._buffer.put(bytes(piece))
        return self._buffer.take(size)


def line(row: Mapping[str, Any]) -> bytes:
    """A row as JSON, with ``null`` for what is no number."""
    if not isinstance(row, Mapping):
        raise TypeError(f"a row must be a dict, not {type(row).__name__}: {row!r:.80}")
    try:
        return json.dumps(row, ensure_ascii=False, allow_nan=False, default=plain).encode() + b"\n"
    except ValueError:
        return json.dumps(finite(row), ensure_ascii=False, allow_nan=False).encode() + b"\n"


def plain(value: Any) -> Any:
    """What JSON has no word for in words that it has: times, ids, numbers of numpy."""
    return finite(encode(value.item() if hasattr(value, "item") and not hasattr(value, "__len__") else value))


def finite(value: Any) -> Any:
    """A value without numbers that are none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): finite(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(one) for one in value]
    return value if value is None or isinstance(value, (str, bool, int)) else plain(value)


class Parquet:
    """Parquet, to be read like a file: a group of rows is written when the one before was read."""

    def __init__(self, batches: Any) -> None:
        self._groups = groups(batches)
        self._buffer = Buffer()
        self._at = 0
        self._ended = False
        self.closed = False
        self._writer = need("pyarrow.parquet").ParquetWriter(self, batches.schema, compression="zstd")

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes; none at the end."""
        while not self._buffer and not self._ended:
            group = next(self._groups, None)
            if group is None:
                self._writer.close()
                self._ended = True
            else:
                self._writer.write_table(group)
        return self._buffer.take(size)

    def write(self, data: Any, /) -> int:
        """Takes what the writer wrote."""
        self._buffer.put(bytes(data))
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        """How much was written."""
        return self._at

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""


def groups(batches: Any) -> Iterator[Any]:
    """Batches put together, or cut, to so many bytes and rows."""
    table = need("pyarrow").Table
    held: list[Any] = []
    rows = size = 0
    for batch in batches:
        step = max(1, min(GROUP_ROWS, GROUP_BYTES * batch.num_rows // max(batch.nbytes, 1)))
        for at in range(0, batch.num_rows, step):
            part = batch.slice(at, step)
            held.append(part)
            rows, size = rows + part.num_rows, size + part.nbytes
            if rows >= GROUP_ROWS or size >= GROUP_BYTES:
                yield table.from_batches(held)
                held, rows, size = [], 0, 0
    if held:
        yield table.from_batches(held)
