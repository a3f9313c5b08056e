"""How long a client waits for a server, and when it asks again."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable, Iterator

import llmops
import pytest
from llmops import errors

AWAY = (503, {"error": {"kind": "unavailable", "message": "not now", "retryAfterMs": 5}})
EMPTY = (200, {"status": "success", "data": [], "page": {"limit": 50}})
Script = Callable[..., "tuple[str, list[str | None]]"]


@pytest.fixture
def scripted() -> Iterator[Script]:
    """Starts a server that gives these answers one after the other; its address and the keys it was sent."""
    running: list[ThreadingHTTPServer] = []

    def start(*answers: tuple[int, object]) -> tuple[str, list[str | None]]:
        left, keys = list(answers), []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                keys.append(self.headers["idempotency-key"])
                status, body = left.pop(0)
                if status == 0:
                    time.sleep(2)
                text = json.dumps(body).encode()
                self.send_response(status or 200)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                self.do_GET()

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        running.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}", keys

    yield start
    for server in running:
        server.shutdown()


def test_what_is_busy_is_asked_again(scripted: Script) -> None:
    url, asked = scripted(AWAY, AWAY, EMPTY)
    assert llmops.connect(url, "key").catalog.list_models().items == []
    assert len(asked) == 3


def test_what_is_created_again_keeps_its_key(scripted: Script) -> None:
    url, keys = scripted(AWAY, (409, {"error": {"kind": "conflict", "message": "there", "code": "model_exists"}}))
    with pytest.raises(errors.ConflictError):
        llmops.connect(url, "key").catalog.create_model(name="tiny", version="1.0.0")
    assert len(keys) == 2 and keys[0] and keys[0] == keys[1]


def test_retries_are_chosen(scripted: Script) -> None:
    url, asked = scripted(AWAY, AWAY, AWAY, AWAY, EMPTY)
    patient = llmops.connect(url, "key", max_retries=4)
    with pytest.raises(errors.UnavailableError):
        patient.with_options(max_retries=0).catalog.list_models()
    assert patient.catalog.list_models().items == []
    assert len(asked) == 5


def test_a_time_is_kept(scripted: Script) -> None:
    url, _ = scripted((0, {}), (0, {}))
    with pytest.raises(errors.TimeoutError):
        llmops.connect(url, "key", timeout=0.2).catalog.list_models()

    async def awaited() -> None:
        await llmops.aio.connect(url, "key").with_options(timeout=0.2).catalog.list_models()

    with pytest.raises(errors.TimeoutError):
        asyncio.run(awaited())


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_a_time_is_above_0(timeout: float) -> None:
    with pytest.raises(errors.InvalidError) as refused:
        llmops.connect("http://127.0.0.1:1", timeout=timeout)
    assert refused.value.field == "timeout"


def test_a_platform_in_this_process_takes_options_too(embedded: llmops.LlmOps) -> None:
    assert embedded.with_options(timeout=1, max_retries=0).catalog.list_models() is not None
