"""What is done to rows on their way, one after the other: each step takes a row and gives what may go on."""

from __future__ import annotations

import random
from typing import Any, Callable, Dict, Iterable, List, Protocol, Sequence

Row = Dict[str, Any]


class Step(Protocol):
    """A step under way."""

    done: bool
    """Whether it wants no more rows."""

    def feed(self, row: Row) -> Iterable[Row]:
        """Takes a row; the rows that go on."""

    def end(self) -> Iterable[Row]:
        """There are no more; the rows that still go on."""


class Take:
    """The first so many."""

    def __init__(self, count: int) -> None:
        self._left = count
        self.done = count == 0

    def feed(self, row: Row) -> Iterable[Row]:
        self._left -= 1
        self.done = self._left == 0
        return (row,)

    def end(self) -> Iterable[Row]:
        return ()


class Skip:
    """All but the first so many."""

    done = False

    def __init__(self, count: int) -> None:
        self._left = count

    def feed(self, row: Row) -> Iterable[Row]:
        if self._left:
            self._left -= 1
            return ()
        return (row,)

    def end(self) -> Iterable[Row]:
        return ()


class Map:
    """What a function makes of each."""

    done = False

    def __init__(self, function: Callable[[Row], Row]) -> None:
        self._function = function

    def feed(self, row: Row) -> Iterable[Row]:
        return (self._function(row),)

    def end(self) -> Iterable[Row]:
        return ()


class Batch:
    """So many as one row of lists."""

    done = False

    def __init__(self, size: int, drop_last: bool) -> None:
        self._size = size
        self._drop_last = drop_last
        self._held: List[Row] = []

    def feed(self, row: Row) -> Iterable[Row]:
        self._held.append(row)
        return self._whole() if len(self._held) == self._size else ()

    def end(self) -> Iterable[Row]:
        return () if self._drop_last or not self._held else self._whole()

    def _whole(self) -> Iterable[Row]:
        rows, self._held = self._held, []
        return ({name: [row.get(name) for row in rows] for name in rows[0]},)


class Shuffle:
    """A buffer out of which one is drawn whenever another comes.

    Only ``random()`` of Python's generator is drawn from, which gives the same numbers for a seed in every version.
    """

    done = False

    def __init__(self, seed: int | None, size: int) -> None:
        self._random = random.Random(seed)
        self._size = size
        self._held: List[Row] = []

    def feed(self, row: Row) -> Iterable[Row]:
        if len(self._held) < self._size:
            self._held.append(row)
            return ()
        at = self._below(self._size)
        drawn, self._held[at] = self._held[at], row
        return (drawn,)

    def end(self) -> Iterable[Row]:
        held, self._held = self._held, []
        for last in range(len(held) - 1, 0, -1):
            at = self._below(last + 1)
            held[at], held[last] = held[last], held[at]
        return held

    def _below(self, bound: int) -> int:
        return int(self._random.random() * bound)


class Line:
    """Rows on their way through steps."""

    def __init__(self, steps: Sequence[Callable[[], Step]]) -> None:
        self._steps = [begin() for begin in steps]

    @property
    def done(self) -> bool:
        """Whether no row is wanted any more."""
        return any(step.done for step in self._steps)

    def feed(self, row: Row) -> Iterable[Row]:
        """Takes a row; those that come out."""
        return self._through((row,), 0)

    def end(self) -> Iterable[Row]:
        """There are no more; those that still come out."""
        for at, step in enumerate(self._steps):
            yield from self._through(step.end(), at + 1)

    def _through(self, rows: Iterable[Row], at: int) -> Iterable[Row]:
        if at == len(self._steps):
            return rows
        step = self._steps[at]
        return (out for row in rows if not step.done for out in self._through(step.feed(row), at + 1))


def count(name: str, given: int, least: int) -> int:
    """A number of rows."""
    if isinstance(given, bool) or not isinstance(given, int) or given < least:
        raise ValueError(f"{name} must be a whole number from {least} on, not {given!r}")
    return given
