"""Calls, for callers that wait."""

from __future__ import annotations

import os
from typing import Any, Generic, Iterator, Mapping, Type, TypeVar

from ._native import Native, NativeDownload, NativeStream
from ._record import Record, encode
from ._upload import CHUNK, Files, parts

R = TypeVar("R", bound=Record)
Request = Mapping[str, Any]


class Door:
    """Carries requests to the platform and answers back."""

    def __init__(self, native: Native) -> None:
        self.native = native

    def call(self, name: str, answer: Type[R], request: Request, key: str | None = None, tag: str | None = None) -> R:
        """One request, one answer."""
        return answer.from_dict(self.native.call(name, given(request), (key, tag, False)))

    def page(self, name: str, item: Type[R], request: Request) -> Page[R]:
        """One page of a list."""
        return Page(self, name, item, request)

    def stream(self, name: str, item: Type[R], request: Request) -> Stream[R]:
        """One request, many items."""
        return Stream(self.native.stream(name, given(request), (None, None, False)), item)

    def upload(self, name: str, answer: Type[R], request: Request, files: Files) -> R:
        """A request with files."""
        upload = self.native.upload(name, given(request), (None, None, False))
        try:
            for part in parts(files):
                with part.open() as file:
                    going = upload.part(part.name, False)
                    while going and (chunk := file.read(CHUNK)):
                        going = upload.write(chunk, False)
                if not going:
                    break
        except BaseException:
            upload.abort()
            raise
        return answer.from_dict(upload.finish(False))

    def download(self, name: str, request: Request) -> Download:
        """A request answered with bytes."""
        return Download(self.native.download(name, given(request), (None, None, False)))

    def close(self) -> None:
        """Ends what runs in this process."""
        self.native.close(False)


def given(request: Request) -> dict[str, Any]:
    """A request as JSON, without what the caller left out; what he empties is ``None``."""
    return {name: encode(value) for name, value in request.items() if value is not None}


class Page(Generic[R]):
    """One page of a list. Iterating goes on to the pages that follow, until the end."""

    def __init__(self, door: Door, name: str, item: Type[R], request: Request) -> None:
        answer = door.native.call(name, given(request), (None, None, False))
        self._again = (door, name, item, request)
        self.items: list[R] = [item.from_dict(one) for one in answer["items"]]
        """What is on this page."""
        self.next_cursor: str | None = answer["page"].get("nextCursor")
        """Where the next page begins; ``None`` on the last."""
        self.limit: int = answer["page"]["limit"]
        """The most items this page could hold."""
        self.total: int | None = answer["page"].get("total")
        """How many there are in all, if ``include_total`` asked for it."""

    def next_page(self) -> Page[R] | None:
        """The page that follows; ``None`` after the last."""
        if self.next_cursor is None:
            return None
        door, name, item, request = self._again
        return Page(door, name, item, {**request, "cursor": self.next_cursor})

    def pages(self) -> Iterator[Page[R]]:
        """This page and those that follow."""
        page: Page[R] | None = self
        while page is not None:
            yield page
            page = page.next_page()

    def __iter__(self) -> Iterator[R]:
        for page in self.pages():
            yield from page.items

    def __repr__(self) -> str:
        return f"Page(items={self.items!r}, next_cursor={self.next_cursor!r}, total={self.total!r})"


class Stream(Generic[R]):
    """Items as they come. Close it, or leave its ``with``, to hang up."""

    def __init__(self, native: NativeStream, item: Type[R]) -> None:
        self._native = native
        self._item = item

    def __iter__(self) -> Iterator[R]:
        return self

    def __next__(self) -> R:
        item = self._native.next(False)
        if item is None:
            raise StopIteration
        return self._item.from_dict(item)

    def close(self) -> None:
        """Hangs up. Whoever waits for an item gets none."""
        self._native.close()

    def __enter__(self) -> Stream[R]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Download:
    """Bytes as they come. Iterate over it, ``read()`` it whole, or ``save()`` it."""

    def __init__(self, native: NativeDownload) -> None:
        self._native = native
        self.length = native.length
        """How many bytes come, if that is known."""
        self.range = native.range
        """First byte, last byte and total, if only a part was asked for."""
        self.content_type = native.content_type
        """The media type."""
        self.file_name = native.file_name
        """The name to save it under."""
        self.digest = native.digest
        """The SHA-256 of the whole, in hex, if it is known."""

    def __iter__(self) -> Iterator[bytes]:
        while (chunk := self._native.next(False)) is not None:
            yield chunk

    def read(self) -> bytes:
        """All of it."""
        return b"".join(self)

    def save(self, path: str | os.PathLike[str]) -> str:
        """Writes it to a file, or under its own name into a folder. The file is there only once it is whole."""
        target = os.path.join(path, os.path.basename(self.file_name)) if os.path.isdir(path) else os.fspath(path)
        try:
            with open(f"{target}.part", "wb") as file:
                file.writelines(self)
            os.replace(f"{target}.part", target)
        finally:
            if os.path.exists(f"{target}.part"):
                os.remove(f"{target}.part")
        return target

    def close(self) -> None:
        """Hangs up."""
        self._native.close()

    def __enter__(self) -> Download:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
