"""One exception for each kind of error, all of them :class:`LlmOpsError`."""

from __future__ import annotations

from typing import Any, Mapping

from ._failure import LlmOpsError
from ._generated import errors as _kinds
from ._generated.errors import *  # noqa: F403

__all__ = ["LlmOpsError", "from_json", *_kinds.__all__]


def from_json(error: Mapping[str, Any]) -> LlmOpsError:
    """The exception of an error as the platform writes it."""
    kind = _kinds.KINDS.get(error["kind"], LlmOpsError)
    return kind(error["message"], **{key: value for key, value in error.items() if key != "message"})
