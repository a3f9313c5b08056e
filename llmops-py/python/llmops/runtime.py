"""The local runtime: the interpreters that an embedded platform starts to do its work begin here.

``python -m llmops.runtime --help`` says what it can do.
"""

from __future__ import annotations

import signal
import sys

from ._native import runtime_main


def main() -> None:
    """Runs the command line of this process, and ends it."""
    # Python only notes that somebody pressed Ctrl-C; the runtime hears it itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(runtime_main(sys.argv[1:]))


if __name__ == "__main__":
    main()
