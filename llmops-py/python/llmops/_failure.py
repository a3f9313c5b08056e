"""The exception above all others."""

from __future__ import annotations

from typing import Any, ClassVar


class LlmOpsError(Exception):
    """A failure: ``kind`` and ``code`` for programs, ``message`` and ``hint`` for people.

    Each kind has a class of its own in ``llmops.errors``; this one stands for kinds that a newer server knows.
    """

    kind: str = "unexpected"
    """The class of failure."""
    status: ClassVar[int] = 500
    """The HTTP status of the kind."""

    def __init__(self, message: str, **said: Any) -> None:
        super().__init__(message)
        self.message = message
        """What went wrong, and where."""
        self.kind = said.get("kind", type(self).kind)
        self.code: str = said.get("code", self.kind)
        """The stable code: finer than the kind, or the kind itself."""
        self.field: str | None = said.get("field")
        """The field that broke a rule."""
        self.hint: str | None = said.get("hint")
        """What to do next."""
        self.details: Any = said.get("details")
        """More, for programs: what blocks, what is allowed."""
        self.request_id: str | None = said.get("requestId")
        """The request, as the log and the audit know it."""
        self.retryable: bool = said.get("retryable", False)
        """Whether the same call may succeed later."""
        wait = said.get("retryAfterMs")
        self.retry_after: float | None = None if wait is None else wait / 1000
        """When to try again, in seconds."""

    def __str__(self) -> str:
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.kind}: {self.message}{hint}"

    def __reduce__(self) -> Any:
        # The message alone would lose the rest on the way to another process.
        return _again, (type(self), self.message, dict(self.__dict__))


def _again(kind: type[LlmOpsError], message: str, said: dict[str, Any]) -> LlmOpsError:
    error = kind(message)
    error.__dict__.update(said)
    return error
