"""A model's file of 10 GiB sent in parts, the server killed in the middle and started again; the memory both servers take."""

import os
import pathlib
import signal
import socket
import subprocess
import time

from machine import Server, row


def run(bench):
    size = bench.size(10 << 30, 48 << 20)
    file = bench.folder / "model.safetensors"
    weights(file, size)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = "127.0.0.1:%d" % probe.getsockname()[1]
    data = bench.folder / "parts"
    first = Server(bench, data, listen=address)
    model = first.call("POST", "/catalog/models", {"name": "parts", "version": "1.0.0"})["id"]
    idle, begun = first.memory("VmHWM"), time.monotonic()
    environment = {**os.environ, "LLMOPS_URL": first.url, "LLMOPS_API_KEY": first.key}
    client = subprocess.Popen([bench.server, "models", "upload", model, file, "--json"], env=environment, stdout=subprocess.PIPE)
    uploads = f"/catalog/models/{model}/uploads"
    while not any(one["receivedBytes"] > size // 2 for one in first.call("GET", uploads)):
        time.sleep(0.02)
    peak, used = first.memory("VmHWM"), first.cpu()
    first.child.send_signal(signal.SIGKILL)
    first.child.wait()
    second = Server(bench, data, listen=address)
    received = second.call("GET", uploads)[0]["receivedBytes"]
    ended, _ = client.communicate()
    if client.returncode:
        raise SystemExit(f"the upload failed: {ended.decode()}")
    seconds = time.monotonic() - begun
    peak, used = max(peak, second.memory("VmHWM")), used + second.cpu()
    verified = second.call("POST", f"/catalog/models/{model}/verify", {})
    second.stop()
    if not verified["verified"] or verified["bytes"] != size:
        raise SystemExit(f"not what was sent: {verified}")
    yield row("10 GiB in parts, server killed in the middle", seconds, "s")
    yield row("of which had arrived when it was killed", 100 * received / size, "%")
    yield row("CPU of both servers, reading the whole again included", used, "s CPU")
    yield row("most memory of either", peak, "MiB", "64 MiB")
    yield row("of which before it", idle, "MiB")


def weights(file: pathlib.Path, size: int) -> None:
    """A file of one tensor, no two of its blocks alike."""
    room = size - 136
    head = f'{{"a":{{"dtype":"U8","shape":[{room}],"data_offsets":[0,{room}]}}}}'.ljust(128).encode()
    block = bytearray(os.urandom(1 << 20))
    with file.open("wb") as out:
        out.write(len(head).to_bytes(8, "little") + head)
        left = room
        while left:
            block[:8] = left.to_bytes(8, "little")
            out.write(block[: min(left, len(block))])
            left -= min(left, len(block))
