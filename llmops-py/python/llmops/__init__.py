"""The LLM Ops engine for Python: embedded in this process, or on a server.

    import llmops

    with llmops.open("./data") as ops:
        model = ops.catalog.create_model(name="tiny", version="1.0.0")

``llmops.connect(url, api_key)`` gives the same calls on a server, ``llmops.aio`` the same for callers that await.
"""

from . import aio, errors, types
from ._empty import EMPTY
from ._failure import LlmOpsError
from ._native import __version__
from ._upload import Files, Source
from ._write import RowData
from .client import AsyncLlmOps, LlmOps, connect, open

__all__ = [
    "EMPTY",
    "AsyncLlmOps",
    "Files",
    "LlmOps",
    "LlmOpsError",
    "RowData",
    "Source",
    "__version__",
    "aio",
    "connect",
    "errors",
    "open",
    "types",
]
