# @generated from the declarations of the operations, by
# UPDATE_GENERATED=1 cargo test -p llmops-tests --test it generated
"""One exception for each kind of error."""

from __future__ import annotations

import builtins
from typing import Dict, Type

from .._failure import LlmOpsError

__all__ = [
    "KINDS",
    "MalformedError",
    "UnauthenticatedError",
    "DeniedError",
    "NotFoundError",
    "MethodNotAllowedError",
    "ConflictError",
    "StaleError",
    "TooLargeError",
    "RangeNotSatisfiableError",
    "InvalidError",
    "RateLimitedError",
    "UnsupportedError",
    "UpstreamError",
    "UnavailableError",
    "TimeoutError",
    "StorageFullError",
    "UnexpectedError",
]


class MalformedError(LlmOpsError):
    """The request cannot be read: not JSON, a broken cursor, a header that lies."""

    kind = "malformed"
    status = 400


class UnauthenticatedError(LlmOpsError):
    """Nobody is signed in, or the credential is not valid."""

    kind = "unauthenticated"
    status = 401


class DeniedError(LlmOpsError):
    """The caller may not do this."""

    kind = "denied"
    status = 403


class NotFoundError(LlmOpsError):
    """There is no such thing, or the caller may not know of it."""

    kind = "not_found"
    status = 404


class MethodNotAllowedError(LlmOpsError):
    """The path exists, the verb does not."""

    kind = "method_not_allowed"
    status = 405


class ConflictError(LlmOpsError):
    """It exists already, or its state does not allow this."""

    kind = "conflict"
    status = 409


class StaleError(LlmOpsError):
    """The object changed since the caller read it."""

    kind = "stale"
    status = 412


class TooLargeError(LlmOpsError):
    """More bytes than the stated limit."""

    kind = "too_large"
    status = 413


class RangeNotSatisfiableError(LlmOpsError):
    """A range outside the file."""

    kind = "range_not_satisfiable"
    status = 416


class InvalidError(LlmOpsError):
    """A field breaks a rule."""

    kind = "invalid"
    status = 422


class RateLimitedError(LlmOpsError):
    """Too many requests; try again after the stated time."""

    kind = "rate_limited"
    status = 429


class UnsupportedError(LlmOpsError):
    """This build or backend cannot do it."""

    kind = "unsupported"
    status = 501


class UpstreamError(LlmOpsError):
    """Something the platform depends on answered wrongly."""

    kind = "upstream"
    status = 502


class UnavailableError(LlmOpsError):
    """Not now: starting, draining, or a dependency is away."""

    kind = "unavailable"
    status = 503


class TimeoutError(LlmOpsError, builtins.TimeoutError):
    """It took longer than its deadline."""

    kind = "timeout"
    status = 504


class StorageFullError(LlmOpsError):
    """No room left on the disk or in the quota."""

    kind = "storage_full"
    status = 507


class UnexpectedError(LlmOpsError):
    """A fault of the platform."""

    kind = "unexpected"
    status = 500


KINDS: Dict[str, Type[LlmOpsError]] = {
    "malformed": MalformedError,
    "unauthenticated": UnauthenticatedError,
    "denied": DeniedError,
    "not_found": NotFoundError,
    "method_not_allowed": MethodNotAllowedError,
    "conflict": ConflictError,
    "stale": StaleError,
    "too_large": TooLargeError,
    "range_not_satisfiable": RangeNotSatisfiableError,
    "invalid": InvalidError,
    "rate_limited": RateLimitedError,
    "unsupported": UnsupportedError,
    "upstream": UpstreamError,
    "unavailable": UnavailableError,
    "timeout": TimeoutError,
    "storage_full": StorageFullError,
    "unexpected": UnexpectedError,
}
