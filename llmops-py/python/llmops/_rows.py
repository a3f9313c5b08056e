"""The rows of a dataset: iterated over, shuffled, batched, or as a table of pyarrow, pandas or polars."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, AsyncIterator, Callable, Generic, Iterable, Iterator, Mapping, Sequence, TypeVar

from . import _arrow
from ._door import given
from ._native import Native, NativeDownload
from ._steps import Batch, Line, Map, Row, Shuffle, Skip, Step, Take, count
from .errors import UnavailableError

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped, unused-ignore]
    import polars
    import pyarrow  # type: ignore[import-untyped, unused-ignore]

OPERATION = "datasets.read_dataset_rows"
P = TypeVar("P")


@dataclass(frozen=True)
class Reading:
    """Which rows are read, and what is done to them on their way."""

    native: Native
    request: Mapping[str, Any]
    steps: Sequence[Callable[[], Step]] = ()

    def asked(self, format: str) -> dict[str, Any]:
        """The request; no row at all is the first, which is left out."""
        least = {"limit": 1} if self.empty else {}
        return given({**self.request, **least, "format": format})

    def begin(self, format: str) -> NativeDownload:
        """Asks for them."""
        return self.native.download(OPERATION, self.asked(format), (None, None, False))

    @property
    def empty(self) -> bool:
        """Whether none is wanted."""
        return self.request.get("limit") == 0

    def then(self, step: Callable[[], Step]) -> Reading:
        """The same with one more step."""
        return replace(self, steps=(*self.steps, step))

    def within(self, skipped: int, limit: int | None) -> Reading:
        """Some of them only; what is not wanted is not read."""
        most = self.request.get("limit")
        left = None if most is None else max(most - skipped, 0)
        row = (self.request.get("row") or 0) + skipped
        wanted = left if limit is None else limit if left is None else min(left, limit)
        return replace(self, request={**self.request, "row": row, "limit": wanted})


class Steps(Generic[P]):
    """What can be done to rows on their way. Nothing is read before they are iterated over, and they can be again."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def _piped(self, reading: Reading) -> P:
        raise NotImplementedError

    def shuffle(self, seed: int | None = None, buffer_size: int = 1000) -> P:
        """Rows in another order, ``buffer_size`` of them in memory.

        The first rows fill a buffer; each that comes takes the place of one drawn from it, and what is left at the end is
        shuffled (Fisher-Yates). The same seed gives the same order, in every version of Python; without one, every
        iteration has its own. A buffer smaller than the dataset mixes rows with those near them.
        """
        count("buffer_size", buffer_size, 1)
        return self._piped(self._reading.then(lambda: Shuffle(seed, buffer_size)))

    def batch(self, batch_size: int, drop_last_batch: bool = False) -> P:
        """So many rows as one, each column a list."""
        count("batch_size", batch_size, 1)
        return self._piped(self._reading.then(lambda: Batch(batch_size, drop_last_batch)))

    def map(self, function: Callable[[Row], Row]) -> P:
        """What a function makes of each row."""
        return self._piped(self._reading.then(lambda: Map(function)))

    def take(self, n: int) -> P:
        """The first ``n`` of them."""
        count("n", n, 0)
        return self._piped(self._reading.then(lambda: Take(n)))

    def skip(self, n: int) -> P:
        """All but the first ``n``."""
        count("n", n, 0)
        return self._piped(self._reading.then(lambda: Skip(n)))


class Pipeline(Steps["Pipeline"]):
    """Rows after some steps, for callers that wait."""

    def _piped(self, reading: Reading) -> Pipeline:
        return Pipeline(reading)

    def __iter__(self) -> Iterator[Row]:
        line = Line(self._reading.steps)
        if self._reading.empty or line.done:
            return
        download = self._reading.begin("jsonl")
        try:
            lines = Lines()
            while (chunk := download.next(False)) is not None:
                for row in lines.feed(chunk):
                    yield from line.feed(row)
                    if line.done:
                        break
                if line.done:
                    break
            else:
                lines.end()
            yield from line.end()
        finally:
            download.close()


class AsyncPipeline(Steps["AsyncPipeline"]):
    """Rows after some steps, for callers that await."""

    def _piped(self, reading: Reading) -> AsyncPipeline:
        return AsyncPipeline(reading)

    async def __aiter__(self) -> AsyncIterator[Row]:
        line, reading = Line(self._reading.steps), self._reading
        if reading.empty or line.done:
            return
        download = await reading.native.download(OPERATION, reading.asked("jsonl"), (None, None, True))
        try:
            lines = Lines()
            while (chunk := await download.next(True)) is not None:
                for row in lines.feed(chunk):
                    for out in line.feed(row):
                        yield out
                    if line.done:
                        break
                if line.done:
                    break
            else:
                lines.end()
            for out in line.end():
                yield out
        finally:
            download.close()


class Rows(Pipeline):
    """The rows of a dataset. Iterating gives a dict a row, read as it is taken; tables are read at once, or by batches.

    Whatever takes the Arrow C stream interface takes this: ``polars.DataFrame(rows)``, ``pyarrow.table(rows)``.
    """

    def take(self, n: int) -> Rows:
        """The first ``n`` of them; the others are not read."""
        return Rows(self._reading.within(0, count("n", n, 0)))

    def skip(self, n: int) -> Rows:
        """All but the first ``n``, which are not read."""
        return Rows(self._reading.within(count("n", n, 0), None))

    def arrow_batches(self) -> pyarrow.RecordBatchReader:
        """The rows as batches of pyarrow, as they come. Objects, lists and mixed values are JSON in columns of text."""
        batches = _arrow.reader(self._reading.begin("arrow"))
        return type(batches).from_batches(batches.schema, ()) if self._reading.empty else batches

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.arrow_batches().__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> pyarrow.Table:
        """All rows as a table of pyarrow."""
        return self.arrow_batches().read_all()

    def to_pandas(self) -> pandas.DataFrame:
        """All rows as a frame of pandas, in which objects and lists are Python's."""
        return _arrow.to_pandas(self.to_arrow())

    def to_polars(self) -> polars.DataFrame:
        """All rows as a frame of polars. ``str.json_decode()`` reads columns of objects or lists, which are text."""
        return _arrow.to_polars(self.to_arrow())


class AsyncRows(AsyncPipeline):
    """The rows of a dataset, as :class:`Rows` has them, for callers that await."""

    def take(self, n: int) -> AsyncRows:
        """The first ``n`` of them; the others are not read."""
        return AsyncRows(self._reading.within(0, count("n", n, 0)))

    def skip(self, n: int) -> AsyncRows:
        """All but the first ``n``, which are not read."""
        return AsyncRows(self._reading.within(count("n", n, 0), None))

    async def to_arrow(self) -> pyarrow.Table:
        """All rows as a table of pyarrow."""
        return await asyncio.to_thread(Rows(self._reading).to_arrow)

    async def to_pandas(self) -> pandas.DataFrame:
        """All rows as a frame of pandas, in which objects and lists are Python's."""
        return await asyncio.to_thread(Rows(self._reading).to_pandas)

    async def to_polars(self) -> polars.DataFrame:
        """All rows as a frame of polars."""
        return await asyncio.to_thread(Rows(self._reading).to_polars)


class Lines:
    """Bytes as rows, whatever pieces they come in."""

    def __init__(self) -> None:
        self._rest: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterable[Row]:
        """The rows that end in this piece."""
        head, end, tail = chunk.rpartition(b"\n")
        if not end:
            self._rest.append(chunk)
            return ()
        whole = b"".join((*self._rest, head)).decode()
        self._rest = [tail] if tail else []
        return map(json.loads, whole.split("\n"))

    def end(self) -> None:
        """There are no more pieces."""
        if self._rest:
            raise UnavailableError("the rows broke off in the middle of one", retryable=True)
