"""Reading with the stock clients of the Hugging Face Hub."""

import os
import pathlib
import subprocess
import sys
import uuid

import httpx2
import pytest
from calls import CONFIG, KEY, LARGE, URL, Transfers, native, sha256, versions
from huggingface_hub import HfFileSystem, hf_hub_download, hf_hub_url, snapshot_download
from huggingface_hub.errors import EntryNotFoundError
from safetensors.numpy import load_file


def test_who_calls(api):
    me = api.whoami()
    assert (me["name"], me["orgs"][0]["name"]) == ("hub-writer", "default")


def test_a_folder_comes_back_as_it_was_sent(repo, folder, cache):
    got = pathlib.Path(snapshot_download(repo, cache_dir=cache))
    for file in folder.rglob("*"):
        if file.is_file():
            assert (got / file.relative_to(folder)).read_bytes() == file.read_bytes()
    assert load_file(got / "model.safetensors")["weights"].shape == (LARGE // 4,)
    assert got.parent.parent.name == f"models--{repo}"


def test_a_second_download_moves_nothing(repo, cache):
    first = snapshot_download(repo, cache_dir=cache)
    file = hf_hub_download(repo, "config.json", cache_dir=cache)
    with Transfers() as transfers:
        assert snapshot_download(repo, cache_dir=cache) == first
        assert hf_hub_download(repo, "config.json", cache_dir=cache) == file
    assert transfers.gets == []


def test_a_download_goes_on_where_it_broke_off(repo, folder, cache, monkeypatch):
    whole = (folder / "model.safetensors").read_bytes()
    real, came = httpx2.Response.iter_bytes, []

    def breaking(response, chunk_size=None):
        for chunk in real(response, chunk_size):
            yield chunk
            if len(chunk) > 1 << 20 and not came:
                came.append(len(chunk))
                raise httpx2.RemoteProtocolError("broken off")

    monkeypatch.setattr(httpx2.Response, "iter_bytes", breaking)
    with Transfers() as transfers:
        got = hf_hub_download(repo, "model.safetensors", cache_dir=cache)
    assert pathlib.Path(got).read_bytes() == whole
    assert [ranged for _, ranged in transfers.gets] == [None, f"bytes={came[0]}-"]


def test_a_range_is_just_that(repo, folder):
    whole = (folder / "model.safetensors").read_bytes()
    answer = httpx2.get(
        hf_hub_url(repo, "model.safetensors"), headers={"authorization": f"Bearer {KEY}", "range": "bytes=1000-1009"}
    )
    assert (answer.status_code, answer.content) == (206, whole[1000:1010])


def test_what_is_known_of_a_model(api, repo, folder):
    info = api.model_info(repo, files_metadata=True)
    assert info.id == f"default/{repo}"
    assert info.card_data.license == "apache-2.0"
    assert {"tiny-tag", "tests", "license:apache-2.0"} <= set(info.tags)
    assert info.last_modified.year >= 2024
    siblings = {one.rfilename: one for one in info.siblings}
    assert set(siblings) == {"config.json", "README.md", "tokenizer/vocab.json", "model.safetensors"}
    weights = (folder / "model.safetensors").read_bytes()
    assert siblings["model.safetensors"].size == len(weights)
    assert siblings["model.safetensors"].lfs.sha256 == sha256(weights)
    assert info.sha == versions(repo)["1.0.0"]["digest"][:40]
    assert api.model_info(f"default/{repo}").sha == info.sha
    assert api.file_exists(repo, "config.json") and not api.file_exists(repo, "absent.json")
    assert api.repo_exists(repo) and not api.repo_exists("absent")


def test_a_tree(api, repo):
    top = {one.path: type(one).__name__ for one in api.list_repo_tree(repo)}
    assert top == {
        "tokenizer": "RepoFolder", "config.json": "RepoFile", "README.md": "RepoFile", "model.safetensors": "RepoFile",
    }
    below = {one.path for one in api.list_repo_tree(repo, recursive=True)}
    assert below == set(top) | {"tokenizer/vocab.json"}
    assert [one.path for one in api.list_repo_tree(repo, "tokenizer")] == ["tokenizer/vocab.json"]
    with pytest.raises(EntryNotFoundError):
        list(api.list_repo_tree(repo, "nowhere"))
    infos = api.get_paths_info(repo, ["tokenizer", "config.json", "nowhere"])
    assert [(one.path, type(one).__name__) for one in infos] == [("tokenizer", "RepoFolder"), ("config.json", "RepoFile")]


def test_revisions(api, repo, cache):
    refs = api.list_repo_refs(repo)
    sha = api.model_info(repo).sha
    assert [(ref.name, ref.target_commit) for ref in refs.branches] == [("main", sha)]
    assert [(ref.name, ref.target_commit) for ref in refs.tags] == [("1.0.0", sha)]
    for revision in ("main", "1.0.0", sha):
        got = hf_hub_download(repo, "config.json", revision=revision, cache_dir=cache)
        assert f"/snapshots/{sha}/" in got
    assert [one.commit_id for one in api.list_repo_commits(repo)] == [sha]


def test_models_are_listed_page_by_page(api):
    prefix = f"listed-{uuid.uuid4().hex[:8]}"
    for number in range(5):
        native("POST", "/catalog/models", {"name": f"{prefix}-{number}", "version": "1.0.0", "tags": [prefix]})
    native("POST", "/catalog/models", {"name": f"{prefix}-0", "version": "1.1.0", "tags": [prefix]})
    page = httpx2.get(f"{URL}/api/models?search={prefix}&limit=2", headers={"authorization": f"Bearer {KEY}"})
    assert len(page.json()) == 2 and page.links["next"]["url"].startswith(URL)
    rest = httpx2.get(page.links["next"]["url"], headers={"authorization": f"Bearer {KEY}"}).json()
    assert not {one["id"] for one in page.json()} & {one["id"] for one in rest}
    expected = {f"default/{prefix}-{number}" for number in range(5)}
    listed = [one.id for one in api.list_models(search=prefix.upper())]
    assert len(listed) == 5 and set(listed) == expected
    assert [one.id for one in api.list_models(search=prefix, limit=3)] == listed[:3]
    assert {one.id for one in api.list_models(filter=prefix)} == expected
    assert list(api.list_models(search=prefix, author="nobody")) == []
    assert len(list(api.list_models(search=prefix, author="default", sort="last_modified"))) == 5


def test_the_file_system_reads(repo, folder):
    fs = HfFileSystem(endpoint=URL, token=KEY)
    assert fs.read_bytes(f"default/{repo}/config.json") == CONFIG
    assert sorted(one.rsplit("/", 1)[1] for one in fs.ls(f"default/{repo}", detail=False)) == [
        "README.md", "config.json", "model.safetensors", "tokenizer",
    ]
    with fs.open(f"default/{repo}/model.safetensors", "rb") as file:
        file.seek(1000)
        assert file.read(10) == (folder / "model.safetensors").read_bytes()[1000:1010]
    assert fs.glob(f"default/{repo}/**/vocab.json") == [f"default/{repo}/tokenizer/vocab.json"]


def test_the_command_line_downloads(repo, tmp_path):
    command = [str(pathlib.Path(sys.executable).parent / "hf"), "download", repo, "config.json", "--local-dir", str(tmp_path)]
    done = subprocess.run(command, env={**os.environ, "HF_HOME": str(tmp_path / "home")}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "config.json").read_bytes() == CONFIG
