"""The platform: opened in this process or reached on a server."""

from __future__ import annotations

import os
from typing import Any
from uuid import UUID

from ._aio import AsyncDoor
from ._door import Door
from ._generated.aio_rooms import AsyncRooms
from ._generated.rooms import Rooms
from ._native import Native
from ._send import Paths, Progress, dataset, sending
from ._start import command
from ._tables import AsyncDatasetRows, DatasetRows
from .types import DataFormat, DatasetFile, ModelFile


class LlmOps(DatasetRows, Rooms):
    """One platform, for callers that wait. Close it, or leave its ``with``."""

    def __init__(self, native: Native) -> None:
        self._door = Door(native)
        super().__init__(self._door)

    def with_api_key(self, api_key: str) -> LlmOps:
        """The same platform for the holder of another key, as a reviewer. Closing either closes both."""
        return LlmOps(self._door.native.with_api_key(api_key))

    def upload_folder(
        self,
        model_id: UUID | str,
        paths: Paths,
        *,
        concurrency: int | None = None,
        replace: bool = False,
        progress: Progress | bool = False,
    ) -> list[ModelFile]:
        """Sends a folder, a file or several to a model: small files as they are, large ones in parts.

        Broken off, and called again with the same files, it goes on where it ended; a server that is away for half a minute is
        waited for.

        - concurrency: how many parts of a file are on their way at once, 1 to 16; 4 unless given.
        - replace: whether they take the place of other bytes under the same paths, which returns the model to draft.
        - progress: ``True`` for a bar on standard error, or what is to hear how many bytes of how many arrived.
        """
        given = sending({"modelId": str(model_id)}, paths, concurrency, replace, progress)
        return [ModelFile.from_dict(one) for one in self._door.native.send(given, False)]

    def upload_dataset(
        self,
        dataset_id: UUID | str,
        paths: Paths,
        *,
        format: DataFormat | None = None,
        delimiter: str | None = None,
        header: bool | None = None,
        encoding: str | None = None,
        concurrency: int | None = None,
        replace: bool = False,
        progress: Progress | bool = False,
    ) -> list[DatasetFile]:
        """Sends a folder, a file or several to a dataset as :meth:`upload_folder` does to a model, large ones in parts.

        A ``README.md`` at the root is the card of the dataset and none of its files.

        - format, delimiter, header, encoding: how they are written, as ``datasets.upload_dataset_files`` takes it; found out unless
          given.
        """
        to = dataset(dataset_id, format, delimiter, header, encoding)
        given = sending(to, paths, concurrency, replace, progress)
        return [DatasetFile.from_dict(one) for one in self._door.native.send(given, False)]

    def with_project(self, project: str) -> LlmOps:
        """The same platform, at work in another project. Closing either closes both."""
        return LlmOps(self._door.native.with_project(project))

    def with_options(self, *, timeout: float | None = None, max_retries: int | None = None) -> LlmOps:
        """The same server, called with other patience, as :func:`connect` takes it. What is not given stays.

        A platform in this process answers without a wire, which is neither waited for nor asked again.
        """
        return LlmOps(self._door.native.with_options(timeout, max_retries))

    def close(self) -> None:
        """Ends the loops in order and closes the database. On a server there is nothing to end."""
        self._door.close()

    def __enter__(self) -> LlmOps:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncLlmOps(AsyncDatasetRows, AsyncRooms):
    """One platform, for callers that await. Close it, or leave its ``async with``."""

    def __init__(self, native: Native) -> None:
        self._door = AsyncDoor(native)
        super().__init__(self._door)

    def with_api_key(self, api_key: str) -> AsyncLlmOps:
        """The same platform for the holder of another key, as a reviewer. Closing either closes both."""
        return AsyncLlmOps(self._door.native.with_api_key(api_key))

    async def upload_folder(
        self,
        model_id: UUID | str,
        paths: Paths,
        *,
        concurrency: int | None = None,
        replace: bool = False,
        progress: Progress | bool = False,
    ) -> list[ModelFile]:
        """Sends a folder, a file or several to a model, as :meth:`LlmOps.upload_folder` does."""
        given = sending({"modelId": str(model_id)}, paths, concurrency, replace, progress)
        return [ModelFile.from_dict(one) for one in await self._door.native.send(given, True)]

    async def upload_dataset(
        self,
        dataset_id: UUID | str,
        paths: Paths,
        *,
        format: DataFormat | None = None,
        delimiter: str | None = None,
        header: bool | None = None,
        encoding: str | None = None,
        concurrency: int | None = None,
        replace: bool = False,
        progress: Progress | bool = False,
    ) -> list[DatasetFile]:
        """Sends a folder, a file or several to a dataset, as :meth:`LlmOps.upload_dataset` does."""
        to = dataset(dataset_id, format, delimiter, header, encoding)
        given = sending(to, paths, concurrency, replace, progress)
        return [DatasetFile.from_dict(one) for one in await self._door.native.send(given, True)]

    def with_project(self, project: str) -> AsyncLlmOps:
        """The same platform, at work in another project. Closing either closes both."""
        return AsyncLlmOps(self._door.native.with_project(project))

    def with_options(self, *, timeout: float | None = None, max_retries: int | None = None) -> AsyncLlmOps:
        """The same server, called with other patience, as :func:`connect` takes it. What is not given stays.

        A platform in this process answers without a wire, which is neither waited for nor asked again.
        """
        return AsyncLlmOps(self._door.native.with_options(timeout, max_retries))

    async def close(self) -> None:
        """Ends the loops in order and closes the database. On a server there is nothing to end."""
        await self._door.close()

    async def __aenter__(self) -> AsyncLlmOps:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def open(
    data_dir: str | os.PathLike[str] = "./llmops-data",
    *,
    database: str | None = None,
    store: str | None = None,
    loops: bool = True,
) -> LlmOps:
    """Opens a platform in this process. A folder is enough.

    - data_dir: the folder of the administrator's key, of local jobs and, unless given, of database and blobs.
    - database: ``sqlite://FILE`` or ``postgres://USER:PASSWORD@HOST:PORT/NAME``.
    - store: ``file:///DIR`` or ``s3://BUCKET/PREFIX``, with the usual ``AWS_*`` variables.
    - loops: whether this process carries out jobs, deployments and validations, or only answers calls.
    """
    native: Native = Native.open(opening(data_dir, database, store, loops), False)
    return LlmOps(native)


def connect(
    url: str | None = None,
    api_key: str | None = None,
    *,
    project: str | None = None,
    timeout: float | None = None,
    max_retries: int | None = None,
) -> LlmOps:
    """The platform on a server; ``LLMOPS_URL``, ``LLMOPS_API_KEY`` and ``LLMOPS_PROJECT`` stand in for what is not given.

    Nothing is contacted before the first call.

    - project: the one to work in; the key's own unless given.
    - timeout: the most seconds that an answer may take, its retries among them; 600 unless given. A stream or a download is
      waited for until it begins, an upload takes as long as its bytes do.
    - max_retries: how often a call is made again when the server cannot be reached or is busy, after the pause it names;
      2 unless given. What is created carries an idempotency key for that, so it happens once. Uploads are sent once.
    """
    return LlmOps(remote(url, api_key, project, timeout, max_retries))


def opening(
    data_dir: str | os.PathLike[str], database: str | None, store: str | None, loops: bool
) -> dict[str, Any]:
    """What the engine is told; its jobs run in interpreters of their own."""
    return {
        "data_dir": os.fspath(data_dir),
        "database": database,
        "store": store,
        "runtime": command(),
        "loops": loops,
    }


def remote(
    url: str | None, api_key: str | None, project: str | None, timeout: float | None, max_retries: int | None
) -> Native:
    """The wire to a server."""
    url = url or os.environ.get("LLMOPS_URL") or "http://127.0.0.1:8080"
    native = Native.connect(url, api_key or os.environ.get("LLMOPS_API_KEY"))
    if project := project or os.environ.get("LLMOPS_PROJECT"):
        native = native.with_project(project)
    return native.with_options(timeout, max_retries)
