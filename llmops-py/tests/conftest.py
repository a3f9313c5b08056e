"""A platform in this process and one on a server; most tests run on both."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Callable, Iterator

import llmops
import pytest

ROOT = Path(__file__).parents[2]


class Server:
    """A server process of its own."""

    def __init__(self, data: Path, listen: str = "127.0.0.1:0") -> None:
        self.data = data
        self.log = data.parent / "server.log"
        with self.log.open("wb") as log:
            command = [binary(), "serve", "--data", str(data), "--listen", listen]
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        self.url = self._listening()
        self.key = (data / "admin.key").read_text().strip()

    def _listening(self) -> str:
        for _ in range(600):
            said = re.search(r"listening on (http://\S+)", self.log.read_text())
            if said:
                return said[1]
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


def binary() -> str:
    target = os.environ.get("CARGO_TARGET_DIR", str(ROOT / "target"))
    built = Path(target) / "debug" / "llmops-server"
    found = str(built) if built.exists() else shutil.which("llmops-server")
    assert found, "build llmops-server first: tests/run build"
    return found


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests; names in them are unique."""
    running = Server(tmp_path_factory.mktemp("server") / "data")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("embedded") / "data"


@pytest.fixture(scope="session")
def embedded(folder: Path) -> Iterator[llmops.LlmOps]:
    """A platform in this process."""
    with llmops.open(folder) as ops:
        yield ops


@pytest.fixture(scope="session")
def connected(server: Server) -> llmops.LlmOps:
    """The platform on the server."""
    return llmops.connect(server.url, server.key)


@pytest.fixture(params=["embedded", "connected"])
def ops(request: pytest.FixtureRequest) -> llmops.LlmOps:
    """Either."""
    found: llmops.LlmOps = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=["embedded", "connected"])
def aops(request: pytest.FixtureRequest) -> llmops.AsyncLlmOps:
    """Either, for callers that await: another face of the same engine."""
    found: llmops.LlmOps = request.getfixturevalue(request.param)
    return llmops.AsyncLlmOps(found._door.native)


@pytest.fixture
def name() -> Callable[[], str]:
    """A name that nothing has yet."""
    return lambda: f"m-{time.time_ns()}"


@pytest.fixture
def fresh(ops: llmops.LlmOps, name: Callable[[], str]) -> Callable[[], Any]:
    """An id of a dataset without files."""
    return lambda: ops.datasets.create_dataset(name=name(), version="1.0.0", type="other").id


@pytest.fixture
def counted(ops: llmops.LlmOps, fresh: Callable[[], Any]) -> Any:
    """A dataset of two files, 0 to 2,499 and 2,500 to 2,999."""
    dataset = fresh()
    ops.write_rows(dataset, ({"n": n, "text": f"row {n} ü"} for n in range(2500)), path="a.jsonl")
    ops.write_rows(dataset, ({"n": n, "text": f"row {n} ü"} for n in range(2500, 3000)), path="b.jsonl")
    return dataset
