"""Files of this machine on their way to a model or a dataset, and how far they are."""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Sequence, Union
from uuid import UUID

Progress = Callable[[int, int], object]
"""Hears how many bytes of how many arrived."""
Paths = Union[str, "os.PathLike[str]", Sequence[Union[str, "os.PathLike[str]"]]]
"""A folder, a file, or several."""

WIDTH = 30


def sending(
    to: dict[str, Any], paths: Paths, concurrency: int | None, replace: bool, progress: Progress | bool
) -> dict[str, Any]:
    """What the engine is told to send; ``to`` says whose files they are to be, and what of it is ``None`` is not said."""
    several = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    return {
        "to": {name: said for name, said in to.items() if said is not None},
        "paths": [os.fspath(path) for path in several],
        "concurrency": concurrency,
        "replace": replace,
        "told": (bar if progress else None) if isinstance(progress, bool) else progress,
    }


def dataset(
    dataset_id: UUID | str, format: str | None, delimiter: str | None, header: bool | None, encoding: str | None
) -> dict[str, Any]:
    """A dataset as the one files go to, and how they are written."""
    how = {"format": format, "delimiter": delimiter, "header": header, "encoding": encoding}
    return {"datasetId": str(dataset_id), **how}


def bar(sent: int, total: int) -> None:
    """A bar on standard error, where somebody looks at it; elsewhere a line at the end."""
    done = sent >= total
    if sys.stderr.isatty():
        filled = WIDTH if done else sent * WIDTH // total
        sys.stderr.write(f"\r[{'=' * filled}{' ' * (WIDTH - filled)}] {mebibytes(sent)}/{mebibytes(total)} MiB")
        sys.stderr.write("\n" if done else "")
        sys.stderr.flush()
    elif done:
        print(f"sent {mebibytes(total)} MiB", file=sys.stderr)


def mebibytes(count: int) -> str:
    """As ``12.3``."""
    return f"{count / 2**20:.1f}"
