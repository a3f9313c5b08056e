"""What lies in the bucket, as S3's own client and the library of the weights see it: the server keeps its bytes there.

LLMOPS_STORE is where it keeps them, and the AWS_* variables say who answers for that.
"""

import hashlib
import os
import urllib.parse

import pytest
from huggingface_hub import hf_hub_download
from safetensors import safe_open
from safetensors.numpy import load_file

PLACE = urllib.parse.urlsplit(os.environ.get("LLMOPS_STORE", ""))

pytestmark = pytest.mark.skipif(PLACE.scheme != "s3", reason="needs a server that keeps its bytes in an S3 bucket")
boto3 = pytest.importorskip("boto3")


@pytest.fixture(scope="module")
def bucket():
    return boto3.resource("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"]).Bucket(PLACE.netloc)


def test_boto3_finds_each_file_by_its_digest(bucket, repo, folder):
    for file in filter(lambda path: path.is_file(), folder.rglob("*")):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        found = bucket.Object(f"{PLACE.path.lstrip('/')}/blobs/sha256/{digest[:2]}/{digest}").get()
        assert found["ContentLength"] == file.stat().st_size
        assert found["Body"].read() == file.read_bytes()


def test_every_object_is_what_its_name_says(bucket, repo):
    objects = list(bucket.objects.filter(Prefix=f"{PLACE.path.lstrip('/')}/blobs/"))
    assert objects
    for found in objects:
        assert hashlib.sha256(found.get()["Body"].read()).hexdigest() == found.key.rsplit("/", 1)[1]


def test_the_weights_are_those_that_were_saved(repo, folder, cache):
    came = hf_hub_download(repo, "model.safetensors", cache_dir=cache)
    saved = load_file(folder / "model.safetensors")
    with safe_open(came, framework="numpy") as tensors:
        assert list(tensors.keys()) == list(saved)
        assert (tensors.get_tensor("weights") == saved["weights"]).all()
