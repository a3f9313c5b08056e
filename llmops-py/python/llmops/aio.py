"""The same platform for callers that await.

    async with await llmops.aio.open("./data") as ops:
        model = await ops.catalog.create_model(name="tiny", version="1.0.0")
"""

from __future__ import annotations

import os

from ._native import Native
from .client import AsyncLlmOps, opening, remote

__all__ = ["AsyncLlmOps", "connect", "open"]


async def open(
    data_dir: str | os.PathLike[str] = "./llmops-data",
    *,
    database: str | None = None,
    store: str | None = None,
    loops: bool = True,
) -> AsyncLlmOps:
    """Opens a platform in this process, as :func:`llmops.open` does."""
    return AsyncLlmOps(await Native.open(opening(data_dir, database, store, loops), True))


def connect(
    url: str | None = None,
    api_key: str | None = None,
    *,
    project: str | None = None,
    timeout: float | None = None,
    max_retries: int | None = None,
) -> AsyncLlmOps:
    """The platform on a server, as :func:`llmops.connect` gives it."""
    return AsyncLlmOps(remote(url, api_key, project, timeout, max_retries))
