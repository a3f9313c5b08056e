"""Datasets through the stock clients of the Hugging Face Hub."""

import pathlib
import uuid

import pytest
from calls import KEY, OTHER, URL, native
from huggingface_hub import HfApi, HfFileSystem, hf_hub_download
from huggingface_hub.errors import RepositoryNotFoundError


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
