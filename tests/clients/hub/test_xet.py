"""Large files as stock clients send them: by Xet where hf-xet is installed, which it is unless somebody took it away, and by LFS."""

import filecmp
import os
import pathlib
import subprocess
import sys

import httpx2
import numpy
import pytest
from calls import CONFIG, KEY, LARGE, READER, URL, commit, large, sha256, versions
from huggingface_hub import snapshot_download
from huggingface_hub.utils._runtime import is_xet_available
from safetensors.numpy import save_file


@pytest.fixture
def several(tmp_path):
    """Files that pack well and badly, in numbers and in text, one of which repeats itself and another one."""
    here = tmp_path / "several"
    here.mkdir()
    (here / "config.json").write_bytes(CONFIG)
    random = numpy.random.default_rng(1)
    save_file({"weights": random.standard_normal(LARGE // 4, dtype=numpy.float32)}, here / "model-00001.safetensors")
    save_file({"weights": random.integers(0, 256, LARGE, dtype=numpy.uint8)}, here / "model-00002.safetensors")
    text = "".join(f"line {at} of many\n" for at in range(1 << 20))
    (here / "text.txt").write_text(text[:LARGE])
    (here / "twice.txt").write_text(text[:LARGE] * 2)
    return here


def same(folder, other):
    names = sorted(path.name for path in folder.iterdir())
    assert filecmp.cmpfiles(folder, other, names, shallow=False) == (names, [], [])


def test_large_files_go_without_a_variable(api, name, several, tmp_path):
    assert is_xet_available() and "HF_HUB_DISABLE_XET" not in os.environ
    api.create_repo(name)
    api.upload_folder(repo_id=name, folder_path=several)
    told = {file.path: file for file in api.list_repo_tree(name, recursive=True)}
    for path in several.iterdir():
        assert told[path.name].size == path.stat().st_size, path
        assert path.stat().st_size <= LARGE - 1 or told[path.name].lfs.sha256 == sha256(path.read_bytes())
    same(several, pathlib.Path(snapshot_download(name, cache_dir=tmp_path / "cache")))


def test_a_large_file_of_a_dataset_is_read_as_what_its_path_claims(api, name, tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(f'{{"text": "row {at} of many"}}\n' for at in range(LARGE // 25)))
    api.create_repo(name, repo_type="dataset")
    api.upload_file(path_or_fileobj=rows, path_in_repo="rows.jsonl", repo_id=name, repo_type="dataset")
    got = api.hf_hub_download(name, "rows.jsonl", repo_type="dataset", cache_dir=tmp_path / "cache")
    assert filecmp.cmp(rows, got, shallow=False)


@pytest.mark.parametrize("variable", [{}, {"HF_HUB_DISABLE_XET": "1"}])
def test_the_command_line_sends_a_folder(api, name, several, tmp_path, variable):
    hf = pathlib.Path(sys.executable).with_name("hf")
    env = {key: value for key, value in os.environ.items() if key != "HF_HUB_DISABLE_XET"}
    done = subprocess.run([hf, "upload", name, several], env={**env, **variable}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    same(several, pathlib.Path(snapshot_download(name, cache_dir=tmp_path / "cache")))


def token(repo, key=KEY):
    answer = httpx2.get(f"{URL}/api/models/{repo}/xet-write-token/main", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200, answer.text
    return answer.headers["x-xet-cas-url"], {"authorization": f"Bearer {answer.headers['x-xet-access-token']}"}


def test_a_token_is_good_for_its_repository_and_what_its_holder_may(api, name):
    api.create_repo(name)
    api.create_repo(f"{name}-2")
    (place, headers), (other, _) = token(name), token(f"{name}-2")
    piece = bytes([0, 3, 0, 0, 0, 3, 0, 0]) + b"abc"
    path = "/v1/xorbs/default/" + "ab" * 32
    assert httpx2.post(place + path, content=piece, headers=headers).json() == {"was_inserted": True}
    assert httpx2.post(other + path, content=piece, headers=headers).status_code == 401
    assert httpx2.post(place + path, content=piece).status_code == 401
    place, headers = token(name, READER)
    assert httpx2.post(place + path, content=piece, headers=headers).status_code == 403


def test_what_is_no_pack_and_no_shard_is_refused(api, name):
    api.create_repo(name)
    place, headers = token(name)
    answer = httpx2.post(f"{place}/v1/xorbs/default/{'ab' * 32}", content=b"no pieces at all", headers=headers)
    assert answer.status_code == 422 and "another form" in answer.json()["error"]
    answer = httpx2.post(f"{place}/v1/shards", content=b"no shard", headers=headers)
    assert answer.status_code == 400 and "shard cannot be read" in answer.json()["error"]
    assert commit(name, large("a.txt", b"never sent")).status_code == 422
    assert list(versions(name)) == ["1.0.0"]
