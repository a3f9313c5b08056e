"""Writing with the stock clients of the Hugging Face Hub."""

import os
import pickle

import httpx2
import pytest
from calls import ADMIN, CARD, OTHER, READER, URL, approve, commit, inline, large, native, place, sha256, versions
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, HfApi, hf_hub_download, hf_hub_url
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, LocalEntryNotFoundError, RevisionNotFoundError


def test_a_repository_is_made_once(api, name):
    made = api.create_repo(name)
    assert made.repo_id == f"default/{name}"
    with pytest.raises(HfHubHTTPError) as caught:
        api.create_repo(name)
    assert caught.value.response.status_code == 409
    assert api.create_repo(name, exist_ok=True).repo_id == f"default/{name}"
    assert api.create_repo(f"default/{name}", exist_ok=True).repo_id == f"default/{name}"


def test_a_commit_changes_a_draft_whole(api, repo, folder):
    before = api.model_info(repo).sha
    commit = api.create_commit(
        repo,
        operations=[
            CommitOperationAdd("config.json", b'{"model_type": "llama", "more": 1}'),
            CommitOperationAdd("notes/a.txt", b"a"),
            CommitOperationDelete("tokenizer/"),
            CommitOperationCopy("model.safetensors", "copy.safetensors"),
        ],
        commit_message="Several things",
    )
    assert commit.oid == api.model_info(repo).sha != before
    assert set(api.list_repo_files(repo)) == {
        "config.json", "notes/a.txt", "README.md", "model.safetensors", "copy.safetensors",
    }
    api.delete_file("copy.safetensors", repo)
    with pytest.raises(EntryNotFoundError):
        api.delete_file("copy.safetensors", repo)
    assert list(versions(repo)) == ["1.0.0"]


def test_the_same_again_changes_nothing(api, repo, folder):
    before = versions(repo)["1.0.0"]
    api.upload_folder(repo_id=repo, folder_path=folder)
    assert versions(repo)["1.0.0"]["digest"] == before["digest"]


def test_what_was_approved_stays_and_a_new_version_begins(api, repo, cache):
    approve(repo)
    approved = api.model_info(repo).sha
    api.upload_file(path_or_fileobj=b"later", path_in_repo="notes.txt", repo_id=repo)
    after = versions(repo)
    assert {version: one["status"] for version, one in after.items()} == {"1.0.0": "approved", "1.0.1": "draft"}
    assert after["1.0.0"]["digest"][:40] == approved
    assert after["1.0.1"]["metadata"]["purpose"] == "tests" and "tiny-tag" in after["1.0.1"]["tags"]
    assert set(api.list_repo_files(repo)) - set(api.list_repo_files(repo, revision="1.0.0")) == {"notes.txt"}
    assert hf_hub_download(repo, "config.json", revision="1.0.0", cache_dir=cache)
    assert {ref.name for ref in api.list_repo_refs(repo).tags} == {"1.0.0", "1.0.1"}
    with pytest.raises(HfHubHTTPError) as caught:
        api.upload_file(path_or_fileobj=b"x", path_in_repo="y.txt", repo_id=repo, revision="1.0.0")
    assert caught.value.response.status_code == 409


def test_a_card_is_filled_and_not_overwritten(api, name):
    native("POST", "/catalog/models", {"name": name, "version": "1.0.0", "metadata": {"license": "mit"}, "tags": ["own"]})
    api.upload_file(path_or_fileobj=CARD, path_in_repo="README.md", repo_id=name)
    model = versions(name)["1.0.0"]
    assert model["metadata"] == {"license": "mit", "language": ["en"]}
    assert model["tags"] == ["own"]


def test_a_commit_to_what_has_changed_is_refused(api, repo):
    sha = api.model_info(repo).sha
    api.upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id=repo, parent_commit=sha)
    with pytest.raises(HfHubHTTPError) as caught:
        api.upload_file(path_or_fileobj=b"2", path_in_repo="a.txt", repo_id=repo, parent_commit=sha)
    assert caught.value.response.status_code == 412


def test_a_file_that_nobody_sent_leaves_nothing_half_done(api, repo):
    before = api.model_info(repo).sha
    answer = commit(repo, inline("first.txt", b"first"), large("second.txt", b"never sent"))
    assert answer.status_code == 422 and "not sent" in answer.json()["error"]
    assert api.model_info(repo).sha == before


def test_a_digest_that_lies_is_refused(api, repo):
    sent, said = b"what is sent", sha256(b"what is said")
    address = place(repo, said, len(sent))
    answer = httpx2.put(address, content=sent)
    assert answer.status_code == 422 and "sha256" in answer.json()["error"]
    assert commit(repo, {"key": "lfsFile", "value": {"path": "a.txt", "oid": said}}).status_code == 422
    assert not api.file_exists(repo, "a.txt")


def test_an_address_for_bytes_is_good_for_one_file(repo):
    data = b"some bytes"
    address = place(repo, sha256(data), len(data))
    assert httpx2.put(address.replace("ticket=", "ticket=A"), content=data).status_code == 401
    assert httpx2.put(address.split("&ticket=")[0], content=data).status_code == 401
    assert httpx2.put(address.replace(sha256(data), sha256(b"x")), content=b"x").status_code == 401
    assert httpx2.put(address, content=data + b"more").status_code == 400
    assert httpx2.put(address, content=data).status_code == 200


def test_bytes_count_for_their_sender_and_their_repository(api, repo):
    name = f"{repo}-other"
    data = f"secret of {repo}".encode()
    other = HfApi(endpoint=URL, token=OTHER)
    other.create_repo(name)
    # Of another project: neither what was committed nor what was only sent.
    api.upload_file(path_or_fileobj=data, path_in_repo="secret.txt", repo_id=repo)
    assert commit(name, large("stolen.txt", data), key=OTHER).status_code == 422
    waiting = data + b" and more"
    assert httpx2.put(place(repo, sha256(waiting), len(waiting)), content=waiting).status_code == 200
    assert commit(name, large("stolen.txt", waiting), key=OTHER).status_code == 422
    assert list(other.list_repo_files(name)) == []
    # Of the same project: what waits is its sender's alone, and for this repository.
    api.create_repo(f"{name}-2")
    assert commit(f"{name}-2", large("stolen.txt", waiting)).status_code == 422
    assert commit(repo, large("mine.txt", waiting)).status_code == 200


def test_refused_formats_are_refused_in_the_catalogs_words(api, repo):
    for path, data, said in (
        ("run.sh", b"echo", "may not hold files that end in `.sh`"),
        ("bad.json", b"{", "`bad.json` is not JSON"),
        ("bad.safetensors", b"no tensors", "`bad.safetensors` states a header"),
        ("A/../../b.txt", b"x", None),
    ):
        answer = commit(repo, inline(path, data))
        assert answer.status_code == 422, path
        assert said is None or said in answer.json()["error"], answer.json()
    assert "run.py" not in api.list_repo_files(repo)


def test_pickles_go_into_quarantine(api, repo, cache):
    api.upload_file(path_or_fileobj=b"\x80\x04N.", path_in_repo="old.bin", repo_id=repo)
    info = next(iter(api.get_paths_info(repo, "old.bin", expand=True)))
    assert info.security.status == "unsafe" and not info.security.safe
    with pytest.raises(LocalEntryNotFoundError) as caught:  # as the client says of whatever it may not have
        HfApi(endpoint=URL, token=READER).hf_hub_download(repo, "old.bin", cache_dir=cache / "reader")
    assert "403" in str(caught.value.__cause__)
    answer = httpx2.get(hf_hub_url(repo, "old.bin"), headers={"authorization": f"Bearer {READER}"})
    assert answer.status_code == 403 and "quarantine" in answer.headers["x-error-message"]


def test_git_attributes_are_left_out(api, repo):
    api.create_commit(
        repo,
        operations=[CommitOperationAdd(".gitattributes", b"*.bin filter=lfs"), CommitOperationAdd("b.txt", b"b")],
        commit_message="x",
    )
    assert "b.txt" in api.list_repo_files(repo) and ".gitattributes" not in api.list_repo_files(repo)


def test_the_audit_tells_of_a_commit(api, repo):
    model = versions(repo)["1.0.0"]["id"]
    entries = native("GET", f"/governance/audit/logs?resourceId={model}", key=ADMIN)
    assert "catalog.commit_model_files" in {entry["action"] for entry in entries}


def test_an_alias_is_a_revision(api, repo, cache):
    first = api.model_info(repo).sha
    native("PUT", f"/catalog/aliases/{repo}/staging", {"version": "1.0.0"})
    assert api.model_info(repo, revision="staging").sha == first
    assert hf_hub_download(repo, "config.json", revision="staging", cache_dir=cache)
    with pytest.raises(RevisionNotFoundError):
        api.model_info(repo, revision="nobody-set-it")


def test_files_of_a_commit_are_looked_at_as_what_their_paths_claim(api, repo):
    api.create_commit(
        repo,
        operations=[
            CommitOperationAdd("modeling.py", b"import os"),
            CommitOperationAdd("old/weights.pt", pickle.dumps(Calls(), 2)),
        ],
        commit_message="Programs",
    )
    model = versions(repo)["1.0.0"]
    files = {file["path"]: file for file in native("GET", f"/catalog/models/{model['id']}/files")}
    assert files["modeling.py"]["scan"] == {"runsCode": True}
    assert files["old/weights.pt"]["state"] == "quarantined"
    assert files["old/weights.pt"]["scan"]["unsafeImports"] == ["posix.system"]
    with pytest.raises(HfHubHTTPError):
        api.upload_file(path_or_fileobj=b"no graph", path_in_repo="model.onnx", repo_id=repo)


class Calls:
    def __reduce__(self):
        return os.system, ("true",)
