"""What the benches share: the programs, servers, CPU seconds and memory of a process, requests."""

import contextlib
import http.client
import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
TICK = os.sysconf("SC_CLK_TCK")
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "llmops"
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", CACHE / "target"))


class Bench:
    """One run: its folder, whether it is only a smoke test, and the programs that it measures."""

    def __init__(self, folder: pathlib.Path, smoke: bool) -> None:
        self.folder, self.smoke = folder, smoke
        profile = "debug" if smoke else "release"
        self.target = TARGET / profile
        self.server, self.floor = self.target / "llmops-server", self.target / "examples/bench_floor"
        if not smoke:
            build()

    def size(self, full: int, smoke: int) -> int:
        return smoke if self.smoke else full

    def python(self) -> dict[str, str]:
        """The environment in which Python and Node.js find this build's libraries."""
        packages = self.folder / "packages"
        if not packages.exists():
            copy = ["cp", "-r", "--", ROOT / "llmops-py/python", packages]
            subprocess.run(copy, check=True)
            subprocess.run(["cp", "-r", "--", ROOT / "llmops-node", packages / "node"], check=True)
            install(self.target / "lib_native.so", packages / "llmops/_native.abi3.so")
            install(self.target / "libllmops_node.so", packages / "node/llmops.node")
        return {**os.environ, "PYTHONPATH": str(packages), "PYTHONDONTWRITEBYTECODE": "1", "LLMOPS_NODE": str(packages / "node")}


def build() -> None:
    """The release build that is measured: the server as it is shipped, the libraries, and the other side of the benches."""
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET)}
    crates = ["-p", "llmops-core", "-p", "llmops-server", "-p", "llmops-py", "-p", "llmops-node"]
    command = ["cargo", "build", "--release", *crates, "--lib", "--bins", "--examples"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def install(source: pathlib.Path, place: pathlib.Path) -> None:
    subprocess.run(["install", "-m", "755", source, place], check=True)


class Process:
    """A child and what it has used."""

    def __init__(self, command: list, log: pathlib.Path, **environment: str) -> None:
        self.log = log
        with open(log, "wb") as out:
            self.child = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
            )

    def cpu(self) -> float:
        return cpu(self.child.pid)

    def memory(self, what: str = "VmRSS") -> float:
        """MiB held now, or at most so far (`VmHWM`)."""
        status = pathlib.Path(f"/proc/{self.child.pid}/status").read_text(encoding="ascii")
        return int(status.split(what + ":")[1].split()[0]) / 1024

    def stop(self) -> None:
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        self.child.wait(60)


def cpu(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


class Server(Process):
    """`serve` over a folder, and the administrator's requests to it."""

    def __init__(self, bench: Bench, data: pathlib.Path, listen: str = "127.0.0.1:0", **environment: str) -> None:
        data.mkdir(parents=True, exist_ok=True)
        begun = time.monotonic()
        command = [bench.server, "serve", "--data", data, "--listen", listen]
        super().__init__(command, data / "server.log", **environment)
        self.url = self.awaits("listening on ")
        self.ready = time.monotonic() - begun
        self.key = (data / "admin.key").read_text(encoding="ascii").strip()
        address = urllib.parse.urlsplit(self.url)
        self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=600)

    def awaits(self, words: str) -> str:
        for _ in range(60_000):
            for line in self.log.read_text(encoding="utf-8", errors="replace").splitlines():
                if words in line:
                    return line.split(words, 1)[1].split()[0]
            if self.child.poll() is not None:
                break
            time.sleep(0.001)
        raise SystemExit(f"the server did not start:\n{self.log.read_text(encoding='utf-8')}")

    def call(self, method: str, path: str, body: object = None):
        """The `data` of an answer."""
        return self.document(method, path, body).get("data")

    def document(self, method: str, path: str, body: object = None) -> dict:
        """A whole answer."""
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        content = None if body is None else json.dumps(body)
        try:
            answer = self.ask(method, path, content, headers)
        except ConnectionError:  # it was idle for longer than the server keeps a connection
            self.connection.close()
            answer = self.ask(method, path, content, headers)
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text.decode(errors='replace')}")
        return json.loads(text) if text else {}

    def ask(self, method: str, path: str, content: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        self.connection.request(method, "/llm-ops/v1" + path, content, headers)
        return self.connection.getresponse()

    def until(self, path: str, done) -> dict:
        """What is at `path` once it is `done`. What takes long is asked for less often, as asking takes CPU seconds too."""
        for asked in range(4_000):
            found = self.call("GET", path)
            if done(found):
                return found
            time.sleep(min(0.05 * 1.1**asked, 0.5))
        raise SystemExit(f"{path} did not come to an end: {found}")


@contextlib.contextmanager
def running(process):
    try:
        yield process
    finally:
        process.stop()


def floor(bench: Bench, verb: str, *words: str) -> tuple[Process, str]:
    """A bare server of `floor.rs` and its address."""
    place = bench.folder / f"floor-{verb}.addr"
    process = Process([bench.floor, verb, *words, "--addr-file", place], bench.folder / f"floor-{verb}.log")
    while not place.exists():
        if process.child.poll() is not None:
            raise SystemExit(f"floor {verb} ended: {process.log.read_text(encoding='utf-8')}")
        time.sleep(0.005)
    return process, "http://" + place.read_text(encoding="ascii").strip()


def row(what: str, value: float, unit: str, goal: str = "") -> dict:
    return {"what": what, "value": float(f"{value:.3g}"), "unit": unit, "goal": goal}
