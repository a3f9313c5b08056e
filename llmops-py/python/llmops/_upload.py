"""Files on their way to the platform: paths, bytes and open files, none of them read into memory whole."""

from __future__ import annotations

import io
import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Iterator, Mapping, Protocol, Sequence, Union

CHUNK = 1 << 20


class Readable(Protocol):
    """Something with ``read(size)``, as an open file in binary mode."""

    def read(self, size: int = ..., /) -> bytes:
        """At most ``size`` bytes; none at the end."""


Source = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, Readable]
"""A path, bytes, or an open file."""
Files = Union[Source, Mapping[str, Source], Sequence[Union[str, "os.PathLike[str]"]]]
"""A path of a file or a folder, several paths, or sources by the name they get."""


@dataclass(frozen=True)
class FilePart:
    """One file to send."""

    name: str
    source: Source

    def open(self) -> AbstractContextManager[Readable]:
        """The file, to be read from its beginning; one that the caller opened stays open."""
        source = self.source
        if isinstance(source, (str, os.PathLike)):
            return open(source, "rb")
        if isinstance(source, (bytes, bytearray, memoryview)):
            return io.BytesIO(source)
        return nullcontext(source)


def parts(files: Files) -> Iterator[FilePart]:
    """The files one after the other, folders with the paths of what is in them."""
    if isinstance(files, Mapping):
        for name, source in files.items():
            yield FilePart(name, source)
    elif isinstance(files, (str, os.PathLike)):
        yield from _path(files)
    elif isinstance(files, (bytes, bytearray, memoryview)):
        yield FilePart("file", files)
    elif hasattr(files, "read"):
        name = getattr(files, "name", "file")
        yield FilePart(os.path.basename(name) if isinstance(name, str) else "file", files)
    else:
        for path in files:
            yield from _path(path)


def _path(path: str | os.PathLike[str]) -> Iterator[FilePart]:
    if not os.path.isdir(path):
        yield FilePart(os.path.basename(path), path)
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if os.path.islink(full := os.path.join(folder, name)):
                raise ValueError(f"{full} is a link to a folder; put the folder in its place, or name it itself")
        for name in sorted(name for name in names if not name.startswith(".")):
            full = os.path.join(folder, name)
            if not os.path.isfile(full):
                raise ValueError(f"{full} is no file; name files and folders of files")
            yield FilePart(os.path.relpath(full, path).replace(os.sep, "/"), full)
