"""What empties a field in a change, where ``None`` leaves it as it is."""

from enum import Enum
from typing import Final


class Empty(Enum):
    """The type of :data:`EMPTY`."""

    EMPTY = "EMPTY"

    def __repr__(self) -> str:
        return "llmops.EMPTY"


EMPTY: Final = Empty.EMPTY
"""Empties a field: ``ops.catalog.update_model(model.id, owner_team=llmops.EMPTY)``."""
