"""Datasets of the `datasets` library, pushed and loaded again."""

import datetime

import datasets
import pytest
from calls import datasets_named, native, validated
from huggingface_hub.errors import HfHubHTTPError

ROWS = [{"prompt": f"question {n}", "response": f"answer {n}", "score": n / 2} for n in range(10)]


@pytest.fixture
def repo(name):
    return f"default/{name}"


@pytest.fixture
def load(repo, tmp_path_factory):
    """Loads a repository as if it were the first time."""

    def load(*which, **more):
        return datasets.load_dataset(repo, *which, cache_dir=str(tmp_path_factory.mktemp("cache")), **more)

    return load


def files(api, repo):
    return sorted(api.list_repo_files(repo, repo_type="dataset"))


def test_a_dataset_is_pushed_and_loaded(api, repo, name, load):
    pushed = datasets.Dataset.from_list(ROWS)
    done = pushed.push_to_hub(repo, commit_message="Ten rows")
    assert done.oid == api.dataset_info(repo).sha
    assert files(api, repo) == ["README.md", "data/train-00000-of-00001.jsonl"]
    loaded = load(split="train")
    assert (loaded.to_list(), loaded.features) == (ROWS, pushed.features)
    made = datasets_named(name)["1.0.0"]
    assert (made["rows"], made["metadata"]["dataset_info"]["splits"][0]["num_examples"]) == (10, 10)
    assert validated(made["id"])["structure"]["valid"]
    shown = native("GET", f"/catalog/datasets/{made['id']}/preview?row=9")
    assert shown["items"][0]["values"] == ROWS[9]


def test_a_push_takes_the_place_of_the_one_before(api, repo, name, load):
    datasets.Dataset.from_list(ROWS).push_to_hub(repo, num_shards=3)
    assert len(files(api, repo)) == 4
    datasets.Dataset.from_list(ROWS[:4]).push_to_hub(repo)
    assert files(api, repo) == ["README.md", "data/train-00000-of-00001.jsonl"]
    assert load(split="train").to_list() == ROWS[:4]
    datasets.Dataset.from_list(ROWS[4:6]).push_to_hub(repo, split="test")
    assert {split: len(rows) for split, rows in load().items()} == {"train": 4, "test": 2}
    # What was validated stays as it is.
    validated(datasets_named(name)["1.0.0"]["id"])
    datasets.Dataset.from_list(ROWS).push_to_hub(repo)
    assert {version: one["rows"] for version, one in datasets_named(name).items()} == {"1.0.0": 6, "1.1.0": 12}
    assert load(split="train").to_list() == ROWS and load(split="train", revision="1.0.0").num_rows == 4


def test_splits_and_configurations_are_pushed(api, repo, load):
    day = datetime.datetime(2024, 2, 29, 12, 34, 56)
    features = datasets.Features(
        {
            "text": datasets.Value("string"),
            "label": datasets.ClassLabel(names=["no", "yes"]),
            "turns": [{"role": datasets.Value("string"), "n": datasets.Value("int32")}],
            "at": datasets.Value("timestamp[ms]"),
        }
    )
    rows = [{"text": "a", "label": 1, "turns": [{"role": "user", "n": 1}], "at": day}, {"text": "b", "label": 0, "turns": [], "at": None}]
    both = datasets.DatasetDict(
        {
            "train": datasets.Dataset.from_list(rows, features=features),
            "held": datasets.Dataset.from_list(rows[:1], features=features),
        }
    )
    both.push_to_hub(repo)
    datasets.Dataset.from_list(ROWS).push_to_hub(repo, "scored")
    assert files(api, repo) == [
        "README.md", "data/held-00000-of-00001.jsonl", "data/train-00000-of-00001.jsonl", "scored/train-00000-of-00001.jsonl",
    ]
    loaded = load("default")
    assert loaded["train"].features == features
    assert (loaded["train"].to_list(), loaded["held"].to_list()) == (rows, rows[:1])
    assert load("scored", split="train").to_list() == ROWS


def test_large_shards_go_by_themselves(repo, load):
    rows = [{"n": n, "text": f"{n:064x}" * 300} for n in range(1500)]
    datasets.Dataset.from_list(rows).push_to_hub(repo, num_shards=2)
    assert load(split="train").to_list() == rows


def test_a_push_in_several_commits_does_not_remove_what_it_brought(api, repo, load, monkeypatch):
    monkeypatch.setattr(datasets.config, "UPLOADS_MAX_NUMBER_PER_COMMIT", 1)
    with pytest.raises(HfHubHTTPError) as caught:
        datasets.Dataset.from_list(ROWS).push_to_hub(repo, num_shards=3)
    assert caught.value.response.status_code == 422 and "num_shards" in caught.value.response.text
    assert len(files(api, repo)) == 3
    monkeypatch.undo()
    datasets.Dataset.from_list(ROWS).push_to_hub(repo, num_shards=3)
    assert load(split="train").to_list() == ROWS
