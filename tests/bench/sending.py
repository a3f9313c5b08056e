"""Datasets of the benches: made of blocks that come one after the other, sent, validated."""

import http.client
import json
import urllib.parse

BOUNDARY = "bench-boundary"


def add(server, name: str, version: str, blocks, kind: str = "other", file: str = "rows.csv") -> str:
    """A version with one file of these blocks of bytes; its id."""
    made = server.call("POST", "/catalog/datasets", {"name": name, "version": version, "type": kind})["id"]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{file}"\r\n\r\n'.encode()

    def body():
        yield head
        yield from (block for block in blocks if block)
        yield f"\r\n--{BOUNDARY}--\r\n".encode()

    connection = link(server)
    headers = {
        "authorization": f"Bearer {server.key}",
        "content-type": f"multipart/form-data; boundary={BOUNDARY}",
        "transfer-encoding": "chunked",
    }
    connection.request("POST", f"/llm-ops/v1/catalog/datasets/{made}/upload", body(), headers, encode_chunked=True)
    answer = connection.getresponse()
    said = answer.read()
    if answer.status >= 300:
        raise SystemExit(f"the upload failed: {said.decode()}")
    connection.close()
    return made


def validated(server, dataset: str, **how) -> dict:
    """The report of a validation."""
    path = f"/catalog/datasets/{dataset}/validation"
    server.call("POST", path, how)
    ended = server.until(path, lambda found: found["state"] in ("succeeded", "failed"))
    if ended["state"] == "failed":
        raise SystemExit(f"the validation failed: {json.dumps(ended)}")
    return ended["report"]


def link(server) -> http.client.HTTPConnection:
    address = urllib.parse.urlsplit(server.url)
    return http.client.HTTPConnection(address.hostname, address.port, timeout=600)
