"""How this package's runtime is started."""

from __future__ import annotations

import os
import sys


def command() -> list[str]:
    """The command that starts the runtime of this package, whatever the environment and the folder."""
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    code = f"import sys; sys.path.insert(0, {home!r}); from llmops.runtime import main; main()"
    return [sys.executable, "-I", "-c", code]
