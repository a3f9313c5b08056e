"""What the tests of the hub's clients share: the keys, the server's own operations, and the protocol below the clients.

LLMOPS_URL is the server; LLMOPS_HUB_KEY may change models, LLMOPS_HUB_READER only read them, LLMOPS_HUB_REVIEWER decides on
them, LLMOPS_HUB_OTHER may change those of another project, and LLMOPS_HUB_ADMIN may do everything.
"""

import base64
import hashlib
import json
import os
import time
import urllib.request

URL = os.environ.get("LLMOPS_URL", "")
KEY = os.environ.get("LLMOPS_HUB_KEY", "")
READER = os.environ.get("LLMOPS_HUB_READER", "")
REVIEWER = os.environ.get("LLMOPS_HUB_REVIEWER", "")
OTHER = os.environ.get("LLMOPS_HUB_OTHER", "")
ADMIN = os.environ.get("LLMOPS_HUB_ADMIN", "")

# The clients read these when they are imported.
os.environ.update(HF_ENDPOINT=URL, HF_TOKEN=KEY, HF_HUB_DISABLE_PROGRESS_BARS="1")

import httpx2  # noqa: E402

CONFIG = b'{"model_type": "llama"}'
CARD = b"---\nlicense: apache-2.0\nlanguage:\n- en\ntags:\n- tiny-tag\n- tests\n---\n# Tiny\n"
LARGE = 12 << 20


def native(verb, path, body=None, key=KEY, raw=None):
    """One of the server's own operations."""
    data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
    kind = "application/octet-stream" if raw is not None else "application/json"
    headers = {"authorization": f"Bearer {key}", "content-type": kind}
    request = urllib.request.Request(f"{URL}/llm-ops/v1{path}", method=verb, data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["data"]


def versions(name):
    return {one["version"]: one for one in native("GET", f"/catalog/models?name={name}")}


def datasets_named(name):
    return {one["version"]: one for one in native("GET", f"/catalog/datasets?name={name}")}


def validated(dataset):
    """Validates a dataset; its report."""
    native("POST", f"/catalog/datasets/{dataset}/validation", {})
    for _ in range(600):
        told = native("GET", f"/catalog/datasets/{dataset}/validation")
        if told["state"] in ("succeeded", "failed"):
            return told["report"]
        time.sleep(0.1)
    raise AssertionError(f"the validation does not end: {told}")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def approve(name):
    model = next(iter(versions(name).values()))
    card = {"purpose": "tests", "scope": "tests", "contact": "tests"}
    native("PATCH", f"/catalog/models/{model['id']}", {"metadata": card})
    native("PATCH", f"/catalog/models/{model['id']}/status", {"status": "under_review"})
    path = f"/catalog/models/{model['id']}/versions/{model['version']}/approve"
    native("POST", path, {"decision": "approve"}, key=REVIEWER)


class Transfers:
    """Counts the bytes that a block downloads: the requests that get a file's content."""

    def __enter__(self):
        self.gets = []
        self.send = httpx2.Client.send

        def send(client, request, **more):
            if request.method == "GET" and "/resolve/" in str(request.url):
                self.gets.append((str(request.url), request.headers.get("range")))
            return self.send(client, request, **more)

        httpx2.Client.send = send
        return self

    def __exit__(self, *_):
        httpx2.Client.send = self.send


def commit(repo, *lines, key=KEY, kind="models", query=""):
    body = "".join(json.dumps(line) + "\n" for line in [{"key": "header", "value": {"summary": "x"}}, *lines])
    headers = {"authorization": f"Bearer {key}", "content-type": "application/x-ndjson"}
    return httpx2.post(f"{URL}/api/{kind}/{repo}/commit/main{query}", content=body.encode(), headers=headers)


def inline(path, data):
    return {"key": "file", "value": {"path": path, "content": base64.b64encode(data).decode(), "encoding": "base64"}}


def large(path, data, size=None):
    return {"key": "lfsFile", "value": {"path": path, "algo": "sha256", "oid": sha256(data), "size": size or len(data)}}


def place(repo, oid, size, key=KEY):
    body = {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": oid, "size": size}]}
    headers = {"authorization": f"Bearer {key}"}
    answer = httpx2.post(f"{URL}/{repo}.git/info/lfs/objects/batch", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["objects"][0]["actions"]["upload"]["href"]
