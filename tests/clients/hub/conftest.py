"""A repository with a model, in caches of its own."""

import uuid

import numpy
import pytest
from calls import CARD, CONFIG, KEY, LARGE, URL
from huggingface_hub import HfApi
from safetensors.numpy import save_file

collect_ignore_glob = [] if KEY else ["test_*.py"]  # they need a server and keys


@pytest.fixture(scope="session")
def api():
    return HfApi(endpoint=URL, token=KEY)


@pytest.fixture
def name():
    return f"hub-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def folder(tmp_path):
    """A model: nested paths, a card, and weights over the size that goes within a commit."""
    here = tmp_path / "model"
    (here / "tokenizer").mkdir(parents=True)
    (here / "config.json").write_bytes(CONFIG)
    (here / "README.md").write_bytes(CARD)
    (here / "tokenizer" / "vocab.json").write_text('{"a": 0}')
    weights = numpy.random.default_rng(0).random(LARGE // 4, dtype=numpy.float32)
    save_file({"weights": weights}, here / "model.safetensors")
    return here


@pytest.fixture
def repo(api, name, folder):
    api.create_repo(name)
    api.upload_folder(repo_id=name, folder_path=folder)
    return name
