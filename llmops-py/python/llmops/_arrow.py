"""Rows as Arrow has them, through pyarrow, which is asked for when it is needed."""

from __future__ import annotations

import io
import json
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped, unused-ignore]
    import polars
    import pyarrow  # type: ignore[import-untyped, unused-ignore]

CHUNK = 1 << 20
JSON = (b"json", b"mixed")
"""What the schema says of columns whose values travel as JSON."""


class Pieces(Protocol):
    """Bytes on their way."""

    def next(self, awaitable: Any, /) -> Any:
        """The next bytes; ``None`` at the end."""

    def close(self) -> None:
        """Hangs up."""


def need(name: str) -> Any:
    """A package that is not required, or what to install."""
    try:
        return import_module(name)
    except ImportError as missing:
        extra = "arrow" if name.startswith("pyarrow") else name
        raise ImportError(f"{name} is not installed: pip install 'llmops[{extra}]'", name=name) from missing


class Body(io.RawIOBase):
    """Bytes as they come, to be read like a file."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any, /) -> int:
        if not self._rest:
            self._rest = memoryview(self._pieces.next(False) or b"")
        count = min(len(into), len(self._rest))
        into[:count], self._rest = self._rest[:count], self._rest[count:]
        return count

    def close(self) -> None:
        if not self.closed:
            self._pieces.close()
        super().close()


def reader(pieces: Pieces) -> pyarrow.RecordBatchReader:
    """Batches as they come. Letting it go hangs up."""
    pyarrow = need("pyarrow")
    return pyarrow.ipc.open_stream(pyarrow.PythonFile(io.BufferedReader(Body(pieces), CHUNK), mode="r"))


def is_json(field: pyarrow.Field) -> bool:
    """Whether the values of a column are JSON."""
    return (field.metadata or {}).get(b"llmops.type") in JSON


def to_pandas(table: pyarrow.Table) -> pandas.DataFrame:
    """A frame, in which values that travelled as JSON are objects."""
    pandas = need("pandas")
    frame = table.to_pandas()
    for field in filter(is_json, table.schema):
        values = (None if text is None else json.loads(text) for text in table[field.name].to_pylist())
        frame[field.name] = pandas.Series(list(values), dtype=object, index=frame.index)
    return frame


def to_polars(table: pyarrow.Table) -> polars.DataFrame:
    """A frame; what travelled as JSON is its text."""
    frame: polars.DataFrame = need("polars").from_arrow(table)
    return frame
