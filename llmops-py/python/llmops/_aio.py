"""Calls, for callers that await."""

from __future__ import annotations

import asyncio
import os
from typing import Any, AsyncIterator, Callable, Awaitable, Generic, Type, TypeVar

from ._door import Request, given
from ._native import Native, NativeDownload, NativeStream
from ._record import Record
from ._upload import CHUNK, Files, parts

R = TypeVar("R", bound=Record)


class AsyncDoor:
    """Carries requests to the platform and answers back."""

    def __init__(self, native: Native) -> None:
        self.native = native

    async def call(
        self, name: str, answer: Type[R], request: Request, key: str | None = None, tag: str | None = None
    ) -> R:
        """One request, one answer."""
        return answer.from_dict(await self.native.call(name, given(request), (key, tag, True)))

    async def page(self, name: str, item: Type[R], request: Request) -> AsyncPage[R]:
        """One page of a list."""
        answer = await self.native.call(name, given(request), (None, None, True))
        return AsyncPage(self, name, item, request, answer)

    def stream(self, name: str, item: Type[R], request: Request) -> AsyncStream[R]:
        """One request, many items; sent when the first is awaited."""
        return AsyncStream(lambda: self.native.stream(name, given(request), (None, None, True)), item)

    async def upload(self, name: str, answer: Type[R], request: Request, files: Files) -> R:
        """A request with files."""
        upload = await self.native.upload(name, given(request), (None, None, True))
        try:
            for part in parts(files):
                with part.open() as file:
                    going = await upload.part(part.name, True)
                    # Disks are slow; the event loop must not wait for them.
                    while going and (chunk := await asyncio.to_thread(file.read, CHUNK)):
                        going = await upload.write(chunk, True)
                if not going:
                    break
        except BaseException:
            upload.abort()
            raise
        return answer.from_dict(await upload.finish(True))

    async def download(self, name: str, request: Request) -> AsyncDownload:
        """A request answered with bytes."""
        return AsyncDownload(await self.native.download(name, given(request), (None, None, True)))

    async def close(self) -> None:
        """Ends what runs in this process."""
        await self.native.close(True)


class AsyncPage(Generic[R]):
    """One page of a list. Iterating goes on to the pages that follow, until the end."""

    def __init__(self, door: AsyncDoor, name: str, item: Type[R], request: Request, answer: Any) -> None:
        self._again = (door, name, item, request)
        self.items: list[R] = [item.from_dict(one) for one in answer["items"]]
        """What is on this page."""
        self.next_cursor: str | None = answer["page"].get("nextCursor")
        """Where the next page begins; ``None`` on the last."""
        self.limit: int = answer["page"]["limit"]
        """The most items this page could hold."""
        self.total: int | None = answer["page"].get("total")
        """How many there are in all, if ``include_total`` asked for it."""

    async def next_page(self) -> AsyncPage[R] | None:
        """The page that follows; ``None`` after the last."""
        if self.next_cursor is None:
            return None
        door, name, item, request = self._again
        return await door.page(name, item, {**request, "cursor": self.next_cursor})

    async def pages(self) -> AsyncIterator[AsyncPage[R]]:
        """This page and those that follow."""
        page: AsyncPage[R] | None = self
        while page is not None:
            yield page
            page = await page.next_page()

    async def __aiter__(self) -> AsyncIterator[R]:
        async for page in self.pages():
            for item in page.items:
                yield item


class AsyncStream(Generic[R]):
    """Items as they come. Close it, or leave its ``async with``, to hang up."""

    def __init__(self, start: Callable[[], Awaitable[NativeStream]], item: Type[R]) -> None:
        self._start = start
        self._item = item
        self._native: NativeStream | None = None
        self._closed = False

    def __aiter__(self) -> AsyncIterator[R]:
        return self

    async def __anext__(self) -> R:
        if self._closed:
            raise StopAsyncIteration
        if self._native is None:
            self._native = await self._start()
        item = await self._native.next(True)
        if item is None:
            raise StopAsyncIteration
        return self._item.from_dict(item)

    async def aclose(self) -> None:
        """Hangs up. Whoever waits for an item gets none."""
        self._closed = True
        if self._native is not None:
            self._native.close()

    async def __aenter__(self) -> AsyncStream[R]:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class AsyncDownload:
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

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (chunk := await self._native.next(True)) is not None:
            yield chunk

    async def read(self) -> bytes:
        """All of it."""
        return b"".join([chunk async for chunk in self])

    async def save(self, path: str | os.PathLike[str]) -> str:
        """Writes it to a file, or under its own name into a folder. The file is there only once it is whole."""
        target = os.path.join(path, os.path.basename(self.file_name)) if os.path.isdir(path) else os.fspath(path)
        try:
            with open(f"{target}.part", "wb") as file:
                async for chunk in self:
                    await asyncio.to_thread(file.write, chunk)
            os.replace(f"{target}.part", target)
        finally:
            if os.path.exists(f"{target}.part"):
                os.remove(f"{target}.part")
        return target

    async def aclose(self) -> None:
        """Hangs up."""
        self._native.close()

    async def __aenter__(self) -> AsyncDownload:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
