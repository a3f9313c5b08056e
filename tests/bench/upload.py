"""An upload of 1 GiB against a bare axum server that writes the file and takes its SHA-256; the memory it takes."""

import http.client
import json
import os
import statistics
import urllib.parse

from machine import Server, floor, row, running

BOUNDARY = "bench-boundary"
CHUNK = 1 << 20


def run(bench):
    size, rounds = bench.size(1 << 30, 4 << 20), bench.size(3, 1)
    block = os.urandom(CHUNK)
    pairs = []
    with running(Server(bench, bench.folder / "upload")) as server:
        bare, address = floor(bench, "upload")
        idle = server.memory("VmHWM")
        with running(bare):
            for n in range(rounds):
                model = server.call("POST", "/catalog/models", {"name": f"upload-{n}", "version": "1.0.0"})
                path = f"/llm-ops/v1/catalog/models/{model['id']}/upload"
                ours = cost(server, server.url, path, server.key, block, size, n)
                pairs.append((ours, cost(bare, address, "/", "", block, size, n)))
        peak = server.memory("VmHWM")
    ours, theirs = (statistics.median(side) for side in zip(*pairs))
    yield row("1 GiB: server", ours, "s CPU")
    yield row("1 GiB: bare axum with SHA-256", theirs, "s CPU")
    yield row("1 GiB: ratio, median of pairs", statistics.median(a / b for a, b in pairs) if theirs else 0.0, "x", "1.1x")
    yield row("most memory while it ran", peak, "MiB", "64 MiB")
    yield row("of which before it", idle, "MiB")


def cost(process, url, path, key, block, size, salt):
    """CPU seconds for one file that no other upload has."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="weights.bin"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    before = process.cpu()
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=600)
    connection.putrequest("POST", path)
    for name, value in (
        ("authorization", f"Bearer {key}"),
        ("content-type", f"multipart/form-data; boundary={BOUNDARY}"),
        ("content-length", str(len(head) + size + len(tail))),
    ):
        connection.putheader(name, value)
    connection.endheaders(head)
    connection.send(bytes([salt]) + block[1:])
    for _ in range(size // CHUNK - 1):
        connection.send(block)
    connection.send(tail)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status >= 300:
        raise SystemExit(f"upload: {answer.status} {text.decode(errors='replace')}")
    json.loads(text)
    connection.close()
    return process.cpu() - before
