"""The types of answers and of the parts of requests."""

from ._aio import AsyncDownload, AsyncPage, AsyncStream
from ._door import Download, Page, Stream
from ._generated import types as _types
from ._generated.types import *  # noqa: F403
from ._record import Record

__all__ = ["AsyncDownload", "AsyncPage", "AsyncStream", "Download", "Page", "Record", "Stream", *_types.__all__]
