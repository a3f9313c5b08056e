"""What the stock clients are told of what is not there, and of what they may not do."""

import pytest
from calls import OTHER, READER, URL
from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError


def test_what_is_not_there_is_said_so(api, repo, cache):
    with pytest.raises(RepositoryNotFoundError):
        api.model_info("absent")
    with pytest.raises(RevisionNotFoundError):
        api.model_info(repo, revision="9.9.9")
    with pytest.raises(RevisionNotFoundError):
        api.model_info(repo, revision="f" * 40)
    with pytest.raises(EntryNotFoundError):
        hf_hub_download(repo, "absent.json", cache_dir=cache)
    with pytest.raises(RevisionNotFoundError):
        hf_hub_download(repo, "config.json", revision="9.9.9", cache_dir=cache)
    with pytest.raises(RepositoryNotFoundError):
        hf_hub_download("absent", "config.json", cache_dir=cache)


def test_nothing_of_another_project_is_seen(repo, cache):
    other = HfApi(endpoint=URL, token=OTHER)
    for repo_id in (repo, f"default/{repo}"):
        with pytest.raises(RepositoryNotFoundError):
            other.model_info(repo_id)
        with pytest.raises(RepositoryNotFoundError):
            hf_hub_download(repo_id, "config.json", token=OTHER, cache_dir=cache / "other")
        with pytest.raises(RepositoryNotFoundError):
            other.upload_file(path_or_fileobj=b"{}", path_in_repo="x.json", repo_id=repo_id)
    assert list(other.list_models(search=repo)) == []
    assert list(other.list_models(author="default")) == []


def test_no_key_and_a_wrong_key_are_401(repo):
    for token in (False, "llo_wrong"):
        with pytest.raises(HfHubHTTPError) as caught:
            HfApi(endpoint=URL, token=token).model_info(repo)
        assert caught.value.response.status_code == 401


def test_who_may_only_read_changes_nothing(api, repo, name):
    reader = HfApi(endpoint=URL, token=READER)
    assert reader.model_info(repo).sha
    for change in (
        lambda: reader.create_repo(f"{name}-new"),
        lambda: reader.upload_file(path_or_fileobj=b"{}", path_in_repo="x.json", repo_id=repo),
    ):
        with pytest.raises(HfHubHTTPError) as caught:
            change()
        assert caught.value.response.status_code == 403
        assert "permission" in str(caught.value)
    assert not api.file_exists(repo, "x.json")
