"""The interpreters that an embedded platform starts to do its work, and keys in a platform of this process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable

import llmops
import pytest
from llmops import errors
from llmops._start import command

ROOT = Path(__file__).parents[2]


def test_the_runtime_needs_no_environment(tmp_path: Path) -> None:
    ran = subprocess.run([*command(), "--help"], cwd=tmp_path, env={}, capture_output=True, text=True)
    assert ran.returncode == 0 and "train" in ran.stdout


def test_the_runtime_is_a_module_to_run(tmp_path: Path) -> None:
    ran = subprocess.run([sys.executable, "-m", "llmops.runtime", "--help"], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "") and "train" in ran.stdout


def test_the_runtime_says_how_it_ended(tmp_path: Path) -> None:
    ran = subprocess.run([*command(), "train", "--nonsense"], cwd=tmp_path, env={}, capture_output=True, text=True)
    assert ran.returncode == 2 and "--nonsense" in ran.stderr


def test_a_key_works_in_this_process(embedded: llmops.LlmOps, name: Callable[[], str]) -> None:
    key = embedded.governance.create_api_key(name=name(), roles=["viewer"])
    viewer = embedded.with_api_key(key.secret or "")
    assert viewer.catalog.list_models(name=name()).items == []
    with pytest.raises(errors.DeniedError):
        viewer.catalog.create_model(name=name(), version="1.0.0")
    with pytest.raises(errors.UnauthenticatedError):
        embedded.with_api_key("lo_wrong")


def test_a_model_is_trained_here(embedded: llmops.LlmOps, name: Callable[[], str]) -> None:
    reviewer = embedded.with_api_key(embedded.governance.create_api_key(name=name(), roles=["reviewer"]).secret or "")
    data = embedded.datasets.create_dataset(name=name(), version="1.0.0", type="pretrain_corpus")
    lines = (ROOT / "examples" / "data" / "corpus.txt").read_text().splitlines()[:80]
    embedded.datasets.upload_dataset_files(data.id, {"corpus.txt": "\n".join(lines).encode()})
    embedded.datasets.validate_dataset(data.id)
    for validation in embedded.datasets.watch_dataset_validation(data.id):
        print(validation.state)
    embedded.datasets.set_dataset_status(data.id, status="under_review")
    reviewer.datasets.review_dataset(data.id, "1.0.0", decision="approve")
    job = embedded.training.submit_job(
        job_type="from_scratch",
        dataset_id=data.id,
        architecture={"hidden_size": 32, "layers": 1, "heads": 2, "vocabulary": 384, "context": 64},
        hyperparams={"max_steps": 4, "batch_size": 2, "max_seq_len": 32},
    )
    began, last = time.monotonic(), job
    for last in embedded.training.watch_job(job.id):
        assert time.monotonic() - began < 300, last
    assert last.status == "succeeded", last.status_reason
    assert last.output_model_id and embedded.catalog.get_model(last.output_model_id).lineage.training_job_id == job.id
    words: list[Any] = list(embedded.training.stream_job_logs(job.id))
    assert words and json.dumps([one.to_dict() for one in words])
