"""The types of answers and of the parts of requests."""

from ._aio import AsyncDownload, AsyncPage, AsyncStream
from ._door import Download, Page, Stream
from ._empty import Empty
from ._generated import types as _types
from ._generated.types import *  # noqa: F403
from ._record import Record
from ._rows import AsyncPipeline, AsyncRows, Pipeline, Rows

__all__ = [
    "AsyncDownload",
    "AsyncPage",
    "AsyncPipeline",
    "AsyncRows",
    "AsyncStream",
    "Download",
    "Empty",
    "Page",
    "Pipeline",
    "Record",
    "Rows",
    "Stream",
    *_types.__all__,
]
