"""Deploys a tiny chat model on a server and runs the stock clients of other makers against it.

    python tests/clients/run.py URL        with LLMOPS_API_KEY, and llmops-server in PATH
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
NAME = "tiny-chat"
TALKS = [
    ("Hello", "Hello to you too, my friend."),
    ("Who are you?", "I am a tiny model."),
]
SPEC = {
    "job_type": "from_scratch",
    "base": None,
    "architecture": {
        "hidden_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "intermediate_size": 128,
        "vocab_size": 300,
        "max_position_embeddings": 1024,
    },
    "data": [{"path": "data.jsonl", "format": "chat"}],
    "method": "full",
    "hyper": {"steps": 60, "batch": 2, "context": 128, "lr": 0.003, "seed": 1},
}


def train(folder: pathlib.Path) -> pathlib.Path:
    """A model that learned two answers in less than a second."""
    talks = [[{"role": "user", "content": q}, {"role": "assistant", "content": a}] for q, a in TALKS]
    (folder / "data.jsonl").write_text("".join(json.dumps({"messages": talk}) + "\n" for talk in talks))
    (folder / "spec.json").write_text(json.dumps(SPEC))
    command = ["llmops-server", "runtime", "train", "--spec", "spec.json", "--out", "out"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder / "out"


class Server:
    """The few calls that put a model under a route."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url, key

    def call(
        self, verb: str, path: str, body: object = None, key: str | None = None, project: str = "default"
    ) -> dict:
        raw = isinstance(body, bytes)
        request = urllib.request.Request(
            f"{self.url}/llm-ops/v1{path}",
            method=verb,
            data=body if raw else json.dumps(body).encode() if body is not None else None,
            headers={
                "authorization": f"Bearer {key or self.key}",
                "content-type": "application/octet-stream" if raw else "application/json",
                "x-llmops-project": project,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{verb} {path}: {error.status} {error.read().decode()}") from None

    def register(self, model: pathlib.Path) -> str:
        """An approved model; nobody approves his own, so a second key does."""
        card = {"purpose": "tests", "scope": "tests", "contact": "tests", "license": "Apache-2.0"}
        made = self.call("POST", "/catalog/models", {"name": NAME, "version": "1.0.0", "metadata": card})["id"]
        for file in sorted(model.iterdir()):
            if file.is_file():
                self.call("POST", f"/catalog/models/{made}/upload?path={file.name}", file.read_bytes())
        self.call("PATCH", f"/catalog/models/{made}/status", {"status": "under_review"})
        reviewer = self.call("POST", "/governance/keys", {"name": "reviewer", "roles": ["reviewer"]})["secret"]
        approve = f"/catalog/models/{made}/versions/1.0.0/approve"
        self.call("POST", approve, {"decision": "approve"}, key=reviewer)
        return made

    def deploy(self, model: str) -> str:
        """The endpoint, once it answers."""
        endpoint = self.call("POST", "/serving/endpoints", {"modelId": model, "route": NAME})
        for _ in range(600):
            endpoint = self.call("GET", f"/serving/endpoints/{endpoint['id']}")
            health = endpoint["status"] == "healthy" and self.call("GET", f"/serve/{NAME}/health")
            if health and health["available"]:
                return endpoint["id"]
            time.sleep(0.1)
        raise SystemExit(f"the endpoint did not become healthy: {endpoint['status']}, {endpoint['statusReason']}")

    def delete(self, endpoint: str) -> None:
        """Replicas outlive the server, so they are ended while it is there."""
        self.call("DELETE", f"/serving/endpoints/{endpoint}")
        for _ in range(300):
            if all(one["id"] != endpoint for one in self.call("GET", "/serving/endpoints")):
                return
            time.sleep(0.1)
        raise SystemExit("the endpoint did not go")


def hub_keys(server: Server) -> dict[str, str]:
    """Keys of people with different rights, one of them in another project."""

    def key(name: str, role: str, project: str = "default") -> str:
        return server.call("POST", "/governance/keys", {"name": name, "roles": [role]}, project=project)["secret"]

    server.call("POST", "/governance/projects", {"name": "hub-other"})
    return {
        "LLMOPS_HUB_ADMIN": server.key,
        "LLMOPS_HUB_KEY": key("hub-writer", "researcher"),
        "LLMOPS_HUB_READER": key("hub-reader", "viewer"),
        "LLMOPS_HUB_REVIEWER": key("hub-reviewer", "reviewer"),
        "LLMOPS_HUB_OTHER": key("hub-other", "researcher", "hub-other"),
    }


def main() -> int:
    url, key = sys.argv[1], os.environ["LLMOPS_API_KEY"]
    server = Server(url, key)
    with tempfile.TemporaryDirectory() as folder:
        endpoint = server.deploy(server.register(train(pathlib.Path(folder))))
    user = server.call("POST", "/governance/keys", {"name": "client", "roles": ["service"]})["secret"]
    env = {**os.environ, "LLMOPS_URL": url, "LLMOPS_API_KEY": user, "LLMOPS_ROUTE": NAME, **hub_keys(server)}
    python = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(HERE)]
    node = ["node", "--test", "--test-reporter=spec", str(HERE / "openai.test.mjs")]
    try:
        return max(subprocess.run(command, env=env, check=False).returncode for command in (python, node))
    finally:
        server.delete(endpoint)


if __name__ == "__main__":
    raise SystemExit(main())
