"""Datasets through the stock clients of the Hugging Face Hub."""

import os
import pathlib
import subprocess
import sys
import uuid

import httpx2
import pytest
from calls import KEY, OTHER, URL, native, sha256
from huggingface_hub import DatasetCard, HfApi, HfFileSystem, hf_hub_download, hf_hub_url, snapshot_download
from huggingface_hub.errors import EntryNotFoundError, RepositoryNotFoundError


@pytest.fixture(scope="session")
def talks():
    """A dataset of JSON lines, and one of tables."""
    names = {}
    for kind, path, text in (
        ("jsonl", "train.jsonl", '{"prompt": "a", "response": "b"}\n{"prompt": "c", "response": "d"}\n'),
        ("csv", "train.csv", "prompt,response\na,b\nc,d\n"),
    ):
        name = f"talks-{kind}-{uuid.uuid4().hex[:8]}"
        made = native("POST", "/catalog/datasets", {"name": name, "version": "1.0.0", "type": "sft_pair"})
        native("POST", f"/catalog/datasets/{made['id']}/upload?path={path}", raw=text.encode())
        names[kind] = name
    return names


def test_what_is_known_of_a_dataset(api, talks, cache):
    info = api.dataset_info(talks["jsonl"], files_metadata=True)
    assert info.id == f"default/{talks['jsonl']}"
    assert [(one.rfilename, one.size) for one in info.siblings] == [("train.jsonl", 66)]
    assert talks["csv"] in {one.id.split("/")[1] for one in api.list_datasets(search="talks-csv")}
    got = hf_hub_download(talks["csv"], "train.csv", repo_type="dataset", cache_dir=cache)
    assert pathlib.Path(got).read_text().startswith("prompt,response")
    assert [ref.name for ref in api.list_repo_refs(talks["csv"], repo_type="dataset").tags] == ["1.0.0"]
    with pytest.raises(RepositoryNotFoundError):
        api.dataset_info("absent")
    with pytest.raises(RepositoryNotFoundError):
        HfApi(endpoint=URL, token=OTHER).dataset_info(talks["csv"])
    fs = HfFileSystem(endpoint=URL, token=KEY)
    assert fs.read_text(f"datasets/default/{talks['csv']}/train.csv").endswith("c,d\n")


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_a_dataset_is_loaded(talks, kind, tmp_path):
    import datasets

    loaded = datasets.load_dataset(f"default/{talks[kind]}", cache_dir=str(tmp_path), split="train")
    assert loaded.to_list() == [{"prompt": "a", "response": "b"}, {"prompt": "c", "response": "d"}]


CARD = """---
license: mit
language: [en, ko]
task_categories: [question-answering]
tags: [talks]
configs:
- config_name: small
  data_files: [{split: train, path: small/a*}, {split: held_out, path: small/b.jsonl}]
- config_name: large
  data_files: large/*.jsonl
---
# Talks

Of two kinds.
"""


@pytest.fixture
def carded():
    """A dataset with a card, two configurations, and a file that belongs to neither."""
    name = f"carded-{uuid.uuid4().hex[:8]}"
    made = native("POST", "/catalog/datasets", {"name": name, "version": "1.0.0", "type": "other"})
    files = {path: f'{{"from": "{path}"}}\n' for path in ("small/a.jsonl", "small/b.jsonl", "large/c.jsonl", "odd.jsonl")}
    for path, text in {"README.md": CARD, **files}.items():
        native("POST", f"/catalog/datasets/{made['id']}/upload?path={path}", raw=text.encode())
    return made["id"], f"default/{name}"


def test_a_card_is_a_file_of_the_repository(api, carded, cache, tmp_path):
    _, repo = carded
    card = DatasetCard.load(repo)
    assert (card.data.license, card.data.language, card.data.tags) == ("mit", ["en", "ko"], ["talks"])
    assert card.text.strip() == "# Talks\n\nOf two kinds."
    info = api.dataset_info(repo, files_metadata=True)
    assert info.card_data.task_categories == ["question-answering"] and info.card_data.configs[0]["config_name"] == "small"
    assert {"talks", "license:mit", "language:ko", "task_categories:question-answering"} <= set(info.tags)
    assert repo in {one.id for one in api.list_datasets(language="ko", task_categories="question-answering", limit=100)}
    told = {one.rfilename: one for one in info.siblings}
    assert sorted(told) == ["README.md", "large/c.jsonl", "odd.jsonl", "small/a.jsonl", "small/b.jsonl"]
    folder = pathlib.Path(snapshot_download(repo, repo_type="dataset", cache_dir=cache))
    bytes_ = (folder / "README.md").read_bytes()
    assert (told["README.md"].size, told["README.md"].lfs.sha256) == (len(bytes_), sha256(bytes_))
    in_tree = {one.path: getattr(one, "size", None) for one in api.list_repo_tree(repo, repo_type="dataset")}
    assert in_tree["README.md"] == len(bytes_)
    assert HfFileSystem(endpoint=URL, token=KEY).read_bytes(f"datasets/{repo}/README.md") == bytes_
    headers = {"authorization": f"Bearer {KEY}", "range": "bytes=4-10"}
    part = httpx2.get(hf_hub_url(repo, "README.md", repo_type="dataset"), headers=headers)
    assert (part.status_code, part.content) == (206, bytes_[4:11])
    command = [str(pathlib.Path(sys.executable).parent / "hf"), "download", repo, "--repo-type", "dataset", "--local-dir"]
    done = subprocess.run([*command, str(tmp_path)], env={**os.environ, "HF_HOME": str(tmp_path / "home")})
    assert done.returncode == 0 and (tmp_path / "README.md").read_bytes() == bytes_


def test_a_card_that_changes_is_another_commit(api, carded, cache):
    dataset, repo = carded
    before = api.dataset_info(repo).sha
    first = hf_hub_download(repo, "README.md", repo_type="dataset", cache_dir=cache)
    native("POST", f"/catalog/datasets/{dataset}/upload?path=README.md&replace=true", raw=b"# Other\n")
    after = api.dataset_info(repo).sha
    assert before != after and before[:20] == after[:20]
    second = hf_hub_download(repo, "README.md", repo_type="dataset", cache_dir=cache)
    assert first != second and pathlib.Path(second).read_text().endswith("---\n# Other\n")
    assert api.dataset_info(repo, revision=before).sha == after, "the files are the same"


def test_a_dataset_without_a_card_has_no_readme(api, talks):
    assert not api.file_exists(talks["csv"], "README.md", repo_type="dataset")
    with pytest.raises(EntryNotFoundError):
        DatasetCard.load(talks["csv"])


def test_a_dataset_is_loaded_as_its_card_says(carded, tmp_path):
    import datasets

    _, repo = carded
    small = datasets.load_dataset(repo, "small", cache_dir=str(tmp_path))
    assert {split: rows["from"] for split, rows in small.items()} == {"train": ["small/a.jsonl"], "held_out": ["small/b.jsonl"]}
    large = datasets.load_dataset(repo, "large", cache_dir=str(tmp_path))
    assert {split: rows["from"] for split, rows in large.items()} == {"train": ["large/c.jsonl"]}
