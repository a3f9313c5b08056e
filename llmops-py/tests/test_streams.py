"""Items, files in and files out."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable

import llmops
import pytest
from llmops import errors

Name = Callable[[], str]
CONFIG = b'{"model_type":"llama"}'


@pytest.fixture
def model(ops: llmops.LlmOps, name: Name) -> Any:
    return ops.catalog.create_model(name=name(), version="1.0.0")


def test_a_stream_tells_changes(ops: llmops.LlmOps, model: Any) -> None:
    with ops.catalog.watch_model(model.id) as stream:
        assert next(stream).tags == []
        ops.catalog.update_model(model.id, tags=["a"])
        assert next(stream).tags == ["a"]


def test_a_closed_stream_ends(ops: llmops.LlmOps, model: Any) -> None:
    stream = ops.catalog.watch_model(model.id)
    next(stream)
    stream.close()
    assert list(stream) == []


def test_closing_wakes_who_waits(ops: llmops.LlmOps, model: Any) -> None:
    stream = ops.catalog.watch_model(model.id)
    next(stream)
    closer = threading.Timer(0.2, stream.close)
    closer.start()
    began = time.monotonic()
    assert list(stream) == [] and time.monotonic() - began < 5


def test_a_stream_that_is_forgotten_is_let_go(ops: llmops.LlmOps, model: Any) -> None:
    for _ in range(20):
        next(ops.catalog.watch_model(model.id))
    assert ops.catalog.get_model(model.id) == model


def test_an_awaited_stream_tells_changes(aops: llmops.AsyncLlmOps, name: Name) -> None:
    async def story() -> None:
        model = await aops.catalog.create_model(name=name(), version="1.0.0")
        seen = []
        async with aops.catalog.watch_model(model.id) as stream:
            async for now in stream:
                seen.append(now.tags)
                if now.tags:
                    break
                await aops.catalog.update_model(model.id, tags=["a"])
        assert seen == [[], ["a"]]
        assert [item async for item in stream] == []

    asyncio.run(story())


def test_ctrl_c_ends_a_wait(server: Any) -> None:
    code = (
        "import llmops, os\nops = llmops.connect()\n"
        "model = ops.catalog.create_model(name=f'm-{os.getpid()}', version='1.0.0')\n"
        "print('ready', flush=True)\nfor _ in ops.catalog.watch_model(model.id): print('waiting', flush=True)"
    )
    told = {**os.environ, "LLMOPS_URL": server.url, "LLMOPS_API_KEY": server.key}
    with subprocess.Popen([sys.executable, "-c", code], env=told, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout
        assert [child.stdout.readline() for _ in range(2)] == [b"ready\n", b"waiting\n"]
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=10)
    assert b"KeyboardInterrupt" in said


def test_files_go_out_and_come_back(ops: llmops.LlmOps, model: Any, tmp_path: Path) -> None:
    (tmp_path / "m" / "sub").mkdir(parents=True)
    (tmp_path / "m" / "config.json").write_bytes(CONFIG)
    (tmp_path / "m" / "sub" / "nötes.txt").write_text("ein wört\n")
    sent = ops.catalog.upload_model_files(model.id, tmp_path / "m")
    assert [file.path for file in sent.files] == ["config.json", "sub/nötes.txt"]
    got = ops.catalog.download_model_file(model.id, "sub/nötes.txt")
    assert got.length == 10 and got.read().decode() == "ein wört\n"


@pytest.mark.parametrize("kind", ["bytes", "reader", "path", "list"])
def test_every_source_is_sent(ops: llmops.LlmOps, model: Any, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "config.json"
    file.write_bytes(CONFIG)
    sources: dict[str, Any] = {
        "bytes": {"config.json": CONFIG},
        "reader": {"config.json": io.BytesIO(CONFIG)},
        "path": str(file),
        "list": [file],
    }
    sent = ops.catalog.upload_model_files(model.id, sources[kind])
    assert [(one.path, one.bytes) for one in sent.files] == [("config.json", len(CONFIG))]


def test_a_download_is_saved_whole_or_not_at_all(ops: llmops.LlmOps, model: Any, tmp_path: Path) -> None:
    ops.catalog.upload_model_files(model.id, {"a/config.json": CONFIG})
    saved = ops.catalog.download_model_file(model.id, "a/config.json").save(tmp_path)
    assert saved == str(tmp_path / "config.json") and Path(saved).read_bytes() == CONFIG
    assert os.listdir(tmp_path) == ["config.json"]


def test_a_range_is_a_part(ops: llmops.LlmOps, model: Any) -> None:
    ops.catalog.upload_model_files(model.id, {"config.json": CONFIG})
    part = ops.catalog.download_model_file(model.id, "config.json", range="bytes=2-5")
    assert part.range == (2, 5, len(CONFIG)) and part.read() == CONFIG[2:6]


def test_a_refused_upload_says_why(ops: llmops.LlmOps, model: Any) -> None:
    with pytest.raises(errors.InvalidError):
        ops.catalog.upload_model_files(model.id, {"../up.txt": b"x" * (8 << 20)})
    with pytest.raises(errors.NotFoundError):
        ops.catalog.upload_model_files("01a20e61-fed6-773e-bbc4-8fd14a598f2b", {"a.txt": b"x" * (8 << 20)})


def test_a_source_that_fails_leaves_nothing(ops: llmops.LlmOps, model: Any) -> None:
    class Broken:
        def read(self, size: int = -1) -> bytes:
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        ops.catalog.upload_model_files(model.id, {"a.txt": Broken()})
    assert ops.catalog.list_model_files(model.id).items == []


def test_a_large_file_is_never_in_memory_whole(ops: llmops.LlmOps, model: Any, tmp_path: Path) -> None:
    length = 96 << 20
    header = b'{"t":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]}}' % (length, length)
    start = len(header).to_bytes(8, "little") + header

    class Tensors:
        left = length
        head = start

        def read(self, size: int = -1) -> bytes:
            chunk, self.head = self.head or b"a" * min(size, self.left), b""
            self.left -= 0 if chunk is start else len(chunk)
            return chunk

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ops.catalog.upload_model_files(model.id, {"model.safetensors": Tensors()})
    digest, size = hashlib.sha256(), 0
    for chunk in ops.catalog.download_model_file(model.id, "model.safetensors"):
        digest.update(chunk)
        size += len(chunk)
    assert size == length + len(start)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
    assert grown < 60, f"{grown} MiB"


def test_awaited_files_go_out_and_come_back(aops: llmops.AsyncLlmOps, name: Name, tmp_path: Path) -> None:
    async def story() -> None:
        model = await aops.catalog.create_model(name=name(), version="1.0.0")
        await aops.catalog.upload_model_files(model.id, {"config.json": io.BytesIO(CONFIG), "a.txt": b"a" * (3 << 20)})
        got = await aops.catalog.download_model_file(model.id, "a.txt")
        assert sum([len(chunk) async for chunk in got]) == 3 << 20
        saved = await (await aops.catalog.download_model_file(model.id, "config.json")).save(tmp_path)
        assert Path(saved).read_bytes() == CONFIG

    asyncio.run(story())
