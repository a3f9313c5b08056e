"""Datasets written with the stock clients of the Hugging Face Hub."""

import json
import os
import pathlib
import subprocess
import sys

import httpx2
import pyarrow
import pyarrow.parquet
import pytest
from calls import ADMIN, LARGE, OTHER, READER, URL, commit, datasets_named, inline, large, native, place, sha256, validated
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, DatasetCard, HfApi, hf_hub_download
from huggingface_hub.errors import BadRequestError, EntryNotFoundError, HfHubHTTPError, RepositoryNotFoundError

ROWS = b'{"prompt": "a", "response": "b"}\n{"prompt": "c", "response": "d"}\n'
CARD = b"---\nlicense: mit\nlanguage:\n- en\ntags:\n- talks\n---\n# Talks\n"


@pytest.fixture
def talks(api, name):
    """A dataset with a file of rows and a card."""
    api.create_repo(name, repo_type="dataset")
    operations = [CommitOperationAdd("train.jsonl", ROWS), CommitOperationAdd("README.md", CARD)]
    api.create_commit(name, operations, commit_message="First", repo_type="dataset")
    return name


def paths(api, name):
    return sorted(api.list_repo_files(name, repo_type="dataset"))


def refused(call):
    with pytest.raises(HfHubHTTPError) as caught:
        call()
    return caught.value.response.status_code


def test_a_repository_is_made_once(api, name):
    made = api.create_repo(name, repo_type="dataset")
    assert (made.repo_id, made.repo_type) == (f"default/{name}", "dataset")
    assert refused(lambda: api.create_repo(name, repo_type="dataset")) == 409
    assert api.create_repo(f"default/{name}", repo_type="dataset", exist_ok=True).repo_id == f"default/{name}"
    only = datasets_named(name)
    assert [(one["version"], one["type"], one["status"]) for one in only.values()] == [("1.0.0", "other", "draft")]
    with pytest.raises(RepositoryNotFoundError):
        api.model_info(name)


def test_a_file_that_is_uploaded_is_a_file_of_the_dataset(api, name, cache):
    api.create_repo(name, repo_type="dataset")
    done = api.upload_file(path_or_fileobj=ROWS, path_in_repo="data/train.jsonl", repo_id=name, repo_type="dataset")
    assert done.repo_url.repo_type == "dataset" and done.oid == api.dataset_info(name).sha
    got = hf_hub_download(name, "data/train.jsonl", repo_type="dataset", cache_dir=cache)
    assert pathlib.Path(got).read_bytes() == ROWS
    dataset = datasets_named(name)["1.0.0"]
    assert (dataset["rows"], dataset["format"], [one["name"] for one in dataset["schema"]]) == (2, "jsonl", ["prompt", "response"])
    shown = native("GET", f"/catalog/datasets/{dataset['id']}/preview?row=1")
    assert shown["items"][0]["values"] == {"prompt": "c", "response": "d"}
    assert validated(dataset["id"])["structure"]["valid"]


def test_a_folder_goes_as_one_commit(api, name, tmp_path):
    row = json.dumps({"prompt": "x" * 1000, "response": "y"}).encode() + b"\n"
    folder = tmp_path / "talks"
    (folder / "more").mkdir(parents=True)
    (folder / "large.jsonl").write_bytes(row * (LARGE // len(row)))
    (folder / "README.md").write_bytes(CARD)
    (folder / "more" / "a.jsonl").write_bytes(ROWS)
    pyarrow.parquet.write_table(pyarrow.table({"prompt": ["p"], "response": ["q"]}), folder / "more" / "b.parquet")
    command = [str(pathlib.Path(sys.executable).parent / "hf"), "upload", name, str(folder), "--repo-type", "dataset"]
    done = subprocess.run(command, env={**os.environ, "HF_HOME": str(tmp_path / "home")})
    assert done.returncode == 0
    assert paths(api, name) == ["README.md", "large.jsonl", "more/a.jsonl", "more/b.jsonl"]
    made = datasets_named(name)["1.0.0"]
    assert (made["rows"], made["metadata"]["license"], made["tags"]) == (LARGE // len(row) + 3, "mit", ["talks"])
    api.upload_folder(repo_id=name, folder_path=folder, repo_type="dataset")
    assert datasets_named(name)["1.0.0"]["etag"] == made["etag"], "the same again changes nothing"


def test_a_commit_changes_a_draft_whole(api, talks):
    before = api.dataset_info(talks).sha
    done = api.create_commit(
        talks,
        operations=[
            CommitOperationAdd("held/out.jsonl", ROWS),
            CommitOperationCopy("train.jsonl", "copies/train.jsonl"),
            CommitOperationDelete("train.jsonl"),
        ],
        commit_message="Several things",
        repo_type="dataset",
    )
    assert done.oid == api.dataset_info(talks).sha != before
    assert paths(api, talks) == ["README.md", "copies/train.jsonl", "held/out.jsonl"]
    api.delete_folder("held", talks, repo_type="dataset")
    with pytest.raises(EntryNotFoundError):
        api.delete_file("train.jsonl", talks, repo_type="dataset")
    assert paths(api, talks) == ["README.md", "copies/train.jsonl"] and list(datasets_named(talks)) == ["1.0.0"]


def test_a_readme_is_the_card_as_it_was_sent(api, talks):
    card = DatasetCard.load(f"default/{talks}")
    assert (card.data.license, card.data.tags, card.text.strip()) == ("mit", ["talks"], "# Talks")
    card.data.license, card.data.tags, card.data.language = "cc0-1.0", ["later"], None
    card.push_to_hub(f"default/{talks}", repo_type="dataset")
    made = datasets_named(talks)["1.0.0"]
    assert (made["metadata"], made["tags"], made["rows"]) == ({"license": "cc0-1.0"}, ["later"], 2)
    api.delete_file("README.md", talks, repo_type="dataset")
    assert paths(api, talks) == ["train.jsonl"] and datasets_named(talks)["1.0.0"]["metadata"] == {}


def test_what_was_validated_stays_and_a_new_version_begins(api, talks, cache):
    sound = datasets_named(talks)["1.0.0"]
    validated(sound["id"])
    more = b'{"prompt": "e", "response": "f"}\n'
    api.upload_file(
        path_or_fileobj=more, path_in_repo="more.jsonl", repo_id=talks, repo_type="dataset", commit_message="One more"
    )
    after = datasets_named(talks)
    assert {version: one["rows"] for version, one in after.items()} == {"1.0.0": 2, "1.1.0": 3}
    assert after["1.0.0"]["digest"] == sound["digest"] and after["1.1.0"]["metadata"]["license"] == "mit"
    assert (after["1.1.0"]["changeLog"], after["1.1.0"]["parentVersionId"]) == ("One more", sound["id"])
    assert set(api.list_repo_files(talks, repo_type="dataset", revision="1.0.0")) == {"README.md", "train.jsonl"}
    assert hf_hub_download(talks, "train.jsonl", repo_type="dataset", revision="1.0.0", cache_dir=cache)
    late = lambda: api.upload_file(  # noqa: E731
        path_or_fileobj=more, path_in_repo="y.jsonl", repo_id=talks, repo_type="dataset", revision="1.0.0"
    )
    assert refused(late) == 409
    assert validated(after["1.1.0"]["id"])["structure"]["valid"]


def test_of_two_commits_to_the_same_state_one_wins(api, talks):
    sha = api.dataset_info(talks).sha

    def upload(data):
        return api.upload_file(
            path_or_fileobj=data, path_in_repo="a.jsonl", repo_id=talks, repo_type="dataset", parent_commit=sha
        )

    upload(b'{"prompt": "1"}\n')
    assert refused(lambda: upload(b'{"prompt": "2"}\n')) == 412
    sha = api.dataset_info(talks).sha
    api.upload_file(path_or_fileobj=b"# Other card\n", path_in_repo="README.md", repo_id=talks, repo_type="dataset")
    assert refused(lambda: upload(b'{"prompt": "3"}\n')) == 412, "its card is another"


def test_what_is_refused_leaves_everything_as_it_was(api, talks):
    before = api.dataset_info(talks).sha
    for path, data, said in (
        ("bad.jsonl", b"no json\n", "holds no row that can be read"),
        ("empty.jsonl", b"", "`empty.jsonl`: `file` is empty"),
        ("run.sh", b"echo", "`run.sh`: `path` must end in .csv"),
        ("table.csv", b"a,b\n1,2\n", "have one format"),
        ("spoilt.parquet", b"PAR1 and no more", "Parquet that cannot be read"),
        ("A/../../b.jsonl", ROWS, None),
        ("/etc/passwd.jsonl", ROWS, None),
        ("train.jsonl/a.jsonl", ROWS, None),
        ("README.md", b"---\nlicense: [\n---\n", "front matter"),
    ):
        answer = commit(talks, inline("first.jsonl", ROWS), inline(path, data), kind="datasets")
        assert answer.status_code in (409, 422), (path, answer.text)
        assert said is None or said in answer.text, answer.json()
    answer = commit(talks, inline("first.jsonl", ROWS), large("second.jsonl", b"never sent"), kind="datasets")
    assert answer.status_code == 422 and "no bytes that you have sent" in answer.json()["error"]
    answer = commit(talks, inline("first.jsonl", ROWS), kind="datasets", query="?create_pr=1")
    assert answer.status_code == 400 and "pull requests" in answer.json()["error"]
    with pytest.raises(BadRequestError):
        api.upload_file(path_or_fileobj=ROWS, path_in_repo="a.jsonl", repo_id=talks, repo_type="dataset", create_pr=True)
    assert api.dataset_info(talks).sha == before and paths(api, talks) == ["README.md", "train.jsonl"]


def test_an_address_for_bytes_is_good_for_one_file(talks):
    data = ROWS + b'{"prompt": "of its own"}\n'
    address = place(f"datasets/{talks}", sha256(data), len(data))
    assert httpx2.put(address.replace("ticket=", "ticket=A"), content=data).status_code == 401
    assert httpx2.put(address.replace("/datasets/", "/models/"), content=data).status_code == 401
    assert httpx2.put(address.replace(sha256(data), sha256(b"x")), content=b"x").status_code == 401
    assert httpx2.put(address, content=data + b"more").status_code == 400
    lies = place(f"datasets/{talks}", sha256(b"what is said"), len(data))
    answer = httpx2.put(lies, content=data)
    assert answer.status_code == 422 and "sha256" in answer.json()["error"]
    assert commit(talks, large("a.jsonl", data), kind="datasets").status_code == 422
    assert httpx2.put(address, content=data).status_code == 200
    assert commit(talks, large("a.jsonl", data), large("b/a.jsonl", data), kind="datasets").status_code == 200


def test_nobody_writes_without_the_right(api, talks, name):
    reader, other = HfApi(endpoint=URL, token=READER), HfApi(endpoint=URL, token=OTHER)
    upload = {"path_or_fileobj": ROWS, "path_in_repo": "x.jsonl", "repo_type": "dataset"}
    assert refused(lambda: reader.create_repo(f"{name}-new", repo_type="dataset")) == 403
    assert refused(lambda: reader.upload_file(repo_id=talks, **upload)) == 403
    with pytest.raises(RepositoryNotFoundError):
        other.upload_file(repo_id=f"default/{talks}", **upload)
    with pytest.raises(RepositoryNotFoundError):
        api.upload_file(repo_id=f"{name}-absent", **upload)
    # Bytes count for their sender and their repository.
    other.create_repo(f"{name}-other", repo_type="dataset")
    answer = commit(f"{name}-other", large("stolen.jsonl", ROWS), key=OTHER, kind="datasets")
    assert answer.status_code == 422 and paths(api, talks) == ["README.md", "train.jsonl"]


def test_the_audit_tells_of_a_commit(talks):
    dataset = datasets_named(talks)["1.0.0"]["id"]
    entries = native("GET", f"/governance/audit/logs?resourceId={dataset}", key=ADMIN)
    assert "datasets.commit_dataset_files" in {entry["action"] for entry in entries}
