"""The local runtime: the interpreters that an embedded platform starts to do its work begin here.

``python -m llmops.runtime --help`` says what it can do.
"""

from __future__ import annotations

import os
import signal
import sys

from ._native import runtime_main


def command() -> list[str]:
    """The command that starts the runtime of this package, whatever the environment and the folder."""
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    code = f"import sys; sys.path.insert(0, {home!r}); from llmops.runtime import main; main()"
    return [sys.executable, "-I", "-c", code]


def main() -> None:
    """Runs the command line of this process, and ends it."""
    # Python only notes that somebody pressed Ctrl-C; the runtime hears it itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(runtime_main(sys.argv[1:]))


if __name__ == "__main__":
    main()
