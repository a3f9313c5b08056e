"""Files of models and datasets on their way: folders, large files in parts, and what breaks them off."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Callable

import llmops
import pytest
from conftest import Server
from llmops import errors

Name = Callable[[], str]
MIB = 1 << 20


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A small file and one of three parts."""
    made = tmp_path / "model"
    (made / "sub").mkdir(parents=True)
    (made / "config.json").write_text("{}")
    (made / "sub" / "model.safetensors").write_bytes(weights(20 * MIB))
    return made


def weights(count: int) -> bytes:
    """A file of so many bytes, no two parts alike."""
    room = count - 8 - 128
    head = json.dumps({"a": {"dtype": "U8", "shape": [room], "data_offsets": [0, room]}}).ljust(128)
    numbers = b"".join(n.to_bytes(8, "little") for n in range(room // 8 + 1))
    return len(head).to_bytes(8, "little") + head.encode() + numbers[:room]


def test_links_to_files_are_followed_and_no_others(ops: llmops.LlmOps, name: Name, tmp_path: Path) -> None:
    model = ops.catalog.create_model(name=name(), version="1.0.0")
    cache, folder = tmp_path / "cache", tmp_path / "folder"
    cache.mkdir()
    folder.mkdir()
    (cache / "blob").write_text("{}")
    (folder / ".hidden").write_text("{}")
    (folder / "config.json").symlink_to(cache / "blob")
    sent = ops.catalog.upload_model_files(model.id, folder)
    assert [file.path for file in sent.files] == ["config.json"]
    (folder / "round").symlink_to(folder)
    with pytest.raises(ValueError, match="round is a link to a folder"):
        ops.catalog.upload_model_files(model.id, folder)
    (folder / "round").unlink()
    os.mkfifo(folder / "pipe")
    with pytest.raises(ValueError, match="pipe is no file"):
        ops.catalog.upload_model_files(model.id, folder)


def test_a_folder_goes_to_a_model_once(ops: llmops.LlmOps, name: Name, files: Path) -> None:
    model = ops.catalog.create_model(name=name(), version="1.0.0")
    told: list[tuple[int, int]] = []
    sent = ops.upload_folder(model.id, files, progress=lambda done, total: told.append((done, total)))
    assert sorted(file.path for file in sent) == ["config.json", "sub/model.safetensors"]
    whole = (files / "sub" / "model.safetensors").read_bytes()
    assert ops.catalog.download_model_file(model.id, "sub/model.safetensors").read() == whole
    assert told[0][0] == 0 and told[-1] == (20 * MIB + 2, 20 * MIB + 2)
    again = asyncio.run(later(ops, model.id, files))
    assert {file.sha256 for file in again} == {file.sha256 for file in sent}


async def later(ops: llmops.LlmOps, model: Any, files: Path) -> list[Any]:
    return await llmops.AsyncLlmOps(ops._door.native).upload_folder(model, files, concurrency=2)


def test_a_folder_goes_to_a_dataset_in_parts(ops: llmops.LlmOps, name: Name, tmp_path: Path) -> None:
    dataset = ops.datasets.create_dataset(name=name(), version="1.0.0", type="other")
    (tmp_path / "rows").mkdir()
    rows = b"".join(b"%d;of a long table\n" % n for n in range(900_000))
    (tmp_path / "rows" / "long.data").write_bytes(rows)
    (tmp_path / "rows" / "short.data").write_text("1;b\n")
    told: list[tuple[int, int]] = []

    def send(format: llmops.types.DataFormat, delimiter: str) -> list[llmops.types.DatasetFile]:
        hear = lambda done, total: told.append((done, total))  # noqa: E731
        return ops.upload_dataset(
            dataset.id, tmp_path / "rows", format=format, delimiter=delimiter, header=False, concurrency=2, progress=hear
        )

    sent = {file.path: file for file in send("csv", ";")}
    assert sorted(sent) == ["long.data", "short.data"]
    assert (sent["long.data"].rows, sent["long.data"].delimiter) == (900_000, ";")
    assert sent["long.data"].sha256 == hashlib.sha256(rows).hexdigest()
    assert len(rows) > 8 * MIB and told[-1] == (len(rows) + 4, len(rows) + 4)
    (upload,) = ops.datasets.list_dataset_uploads(dataset.id)
    assert (upload.state, upload.format, upload.header) == ("complete", "csv", False)
    with pytest.raises(errors.ConflictError, match="another file") as refused:
        send("csv", ",")
    assert refused.value.code == "already_exists"


def test_a_readme_in_a_folder_is_the_card_of_the_dataset(ops: llmops.LlmOps, name: Name, tmp_path: Path) -> None:
    dataset = ops.datasets.create_dataset(name=name(), version="1.0.0", type="other", metadata={"license": "mit"})
    (tmp_path / "README.md").write_text("---\nlicense: cc0-1.0\nlanguage: [ko]\ntags: [a]\n---\n# 제목\n", encoding="utf-8")
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n')
    assert [file.path for file in ops.upload_dataset(dataset.id, tmp_path)] == ["a.jsonl"]
    now = ops.datasets.get_dataset(dataset.id)
    assert (now.rows, now.metadata, now.tags) == (1, {"license": "mit", "language": ["ko"]}, ["a"])
    card = ops.datasets.download_dataset_card(dataset.id).read()
    assert hashlib.sha256(card).hexdigest() == now.card_digest and card.decode().endswith("---\n# 제목\n")
    newer = ops.datasets.update_dataset(dataset.id, metadata={"license": None}, tags=[])
    assert (newer.metadata, newer.tags, newer.digest) == ({"language": ["ko"]}, [], now.digest)


async def dataset_later(ops: llmops.LlmOps, dataset: Any, path: Path) -> list[Any]:
    return await llmops.AsyncLlmOps(ops._door.native).upload_dataset(dataset, path)


def test_a_dataset_is_sent_by_who_awaits(ops: llmops.LlmOps, name: Name, tmp_path: Path) -> None:
    dataset = ops.datasets.create_dataset(name=name(), version="1.0.0", type="other")
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n')
    (sent,) = asyncio.run(dataset_later(ops, dataset.id, tmp_path / "a.jsonl"))
    assert (sent.path, sent.rows) == ("a.jsonl", 1)


def test_what_cannot_be_sent_is_said(ops: llmops.LlmOps, name: Name, files: Path) -> None:
    model = ops.catalog.create_model(name=name(), version="1.0.0")
    with pytest.raises(errors.InvalidError, match="which is not there"):
        ops.upload_folder(model.id, files / "none")
    with pytest.raises(errors.InvalidError, match="1 to 16"):
        ops.upload_folder(model.id, files, concurrency=0)
    (files / "model.safetensors").write_bytes(b"x" * (9 * MIB))
    with pytest.raises(errors.InvalidError, match="a header longer than the file") as refused:
        ops.upload_folder(model.id, files)
    assert refused.value.field == "model.safetensors"


def test_a_server_that_is_killed_is_waited_for(name: Name, tmp_path: Path, files: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    servers = [Server(tmp_path / "data", f"127.0.0.1:{port}")]
    ops = llmops.connect(servers[0].url, servers[0].key)
    model = ops.catalog.create_model(name=name(), version="1.0.0")
    (files / "sub" / "model.safetensors").write_bytes(weights(80 * MIB))
    starting: list[threading.Timer] = []

    def hear(sent: int, _: int) -> None:
        if sent > 30 * MIB and not starting:
            servers[0].process.send_signal(signal.SIGKILL)
            again = threading.Timer(1, lambda: servers.append(Server(tmp_path / "data", f"127.0.0.1:{port}")))
            again.start()
            starting.append(again)

    try:
        ops.upload_folder(model.id, files, progress=hear)
        assert starting, "the server was not killed"
        assert ops.catalog.verify_model(model.id).verified
        whole = hashlib.sha256((files / "sub" / "model.safetensors").read_bytes()).hexdigest()
        there = ops.catalog.list_model_files(model.id).items
        assert {file.path: file.sha256 for file in there}["sub/model.safetensors"] == whole
        assert servers[0].process.wait() == -signal.SIGKILL
    finally:
        starting[0].join()
        servers[-1].stop()


def test_a_client_that_is_killed_goes_on_where_it_was(server: Server, name: Name, files: Path) -> None:
    ops = llmops.connect(server.url, server.key)
    model = ops.catalog.create_model(name=name(), version="1.0.0")
    (files / "sub" / "model.safetensors").write_bytes(weights(80 * MIB))
    script = (
        "import sys, llmops\n"
        "ops = llmops.connect()\n"
        "ops.upload_folder(sys.argv[1], sys.argv[2], concurrency=1, progress=lambda *now: print(*now, flush=True))\n"
    )
    told = {**os.environ, "LLMOPS_URL": server.url, "LLMOPS_API_KEY": server.key}
    command = [sys.executable, "-c", script, str(model.id), str(files)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=told) as child:
        assert child.stdout
        sent = next(count for line in child.stdout if (count := int(line.split()[0])) > 20 * MIB)
        child.kill()
    begun = [upload for upload in ops.catalog.list_model_uploads(model.id) if upload.state == "receiving"]
    assert len(begun) == 1 and 20 * MIB < begun[0].received_bytes < 80 * MIB
    first: list[int] = []
    ops.upload_folder(model.id, files, progress=lambda now, _: first.append(now))
    assert sent <= first[2] + 8 * MIB, "what arrived is not sent again"
    assert ops.catalog.verify_model(model.id).verified
