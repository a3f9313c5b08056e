"""The life of a model, from a text to a chat.

    python examples/quickstart.py FOLDER     embedded: the platform runs in this process and keeps its data there
    python examples/quickstart.py URL        the same lines against a server; LLMOPS_API_KEY is its key

QUICK=1 trains for a few steps only: the whole way in seconds, with a model that has learned nothing.
"""

import os
import sys
from pathlib import Path

import llmops

DATA = Path(__file__).parent / "data"
QUICK = os.environ.get("QUICK") == "1"
CARD = {"purpose": "names capitals", "scope": "an example", "contact": "you", "license": "CC0-1.0"}


def main(place: str) -> None:
    remote = place.startswith(("http://", "https://"))
    with llmops.connect(place) if remote else llmops.open(place) as ops:
        # Nobody approves his own work: the reviewer is somebody else.
        made = ops.governance.create_api_key(name="example-reviewer", roles=["reviewer"])
        reviewer = ops.with_api_key(made.secret)

        speeches = bring_in(ops, reviewer, "speeches", "pretrain_corpus", "corpus.txt")
        capitals = bring_in(ops, reviewer, "capitals", "sft_pair", "capitals-train.csv")
        heldout = bring_in(ops, reviewer, "capitals-heldout", "benchmark", "capitals-heldout.csv")

        shape = {"hiddenSize": 128, "layers": 4, "heads": 4, "kvHeads": 2, "vocabulary": 1024, "context": 128}
        base = train(
            ops,
            job_type="from_scratch",
            name="example-base",
            dataset_id=speeches.id,
            architecture=shape,
            hyperparams={"maxSteps": 4 if QUICK else 120, "maxSeqLen": 96, "lr": 0.002, "seed": 1},
        )
        base = approve(ops, reviewer, base)
        tuned = train(
            ops,
            job_type="finetune",
            name="example-capitals",
            dataset_id=capitals.id,
            model_id=base.id,
            hyperparams={"maxSteps": 4 if QUICK else 300, "lr": 0.003, "seed": 1},
        )
        before, after = evaluate(ops, base, heldout), evaluate(ops, tuned, heldout)
        print(f"exact match on questions in other words: base {before:.3f}, tuned {after:.3f}")

        tuned = approve(ops, reviewer, tuned)
        endpoint = ops.serving.deploy_endpoint(model_id=tuned.id, route="example-py")
        changes = ops.serving.watch_endpoint(endpoint_id=endpoint.id)
        for endpoint in changes:
            if endpoint.status in ("healthy", "failed"):
                break
        print(f"{endpoint.route} is {endpoint.status}")

        question = {"role": "user", "content": "Can you tell me the capital of Alaska?"}
        for chunk in ops.gateway.chat_stream(route="example-py", messages=[question], max_tokens=24, temperature=0):
            print("".join(choice.delta.content or "" for choice in chunk.choices), end="", flush=True)
        print()
        ops.serving.delete_endpoint(endpoint_id=endpoint.id)
        for _ in changes:
            pass  # the stream ends when the endpoint is gone and nothing of it runs


def bring_in(ops, reviewer, name, kind, file):
    """Uploads, validates and approves a dataset."""
    dataset = ops.datasets.create_dataset(name=name, version="1.0.0", type=kind)
    ops.datasets.upload_dataset_files(dataset_id=dataset.id, files=DATA / file)
    ops.datasets.validate_dataset(dataset_id=dataset.id)
    for validation in ops.datasets.watch_dataset_validation(dataset_id=dataset.id):
        pass  # the stream ends with the report
    quality = validation.report.quality.score
    ops.datasets.set_dataset_status(dataset_id=dataset.id, status="under_review")
    dataset = reviewer.datasets.review_dataset(dataset_id=dataset.id, version="1.0.0", decision="approve")
    print(f"{name}: {dataset.rows} rows, quality {quality:.1f}, {dataset.status}")
    return dataset


def train(ops, **request):
    """Trains, shows the loss as it falls, and gives the model."""
    job = ops.training.submit_job(output={"version": "1.0.0"}, **request)
    for job in ops.training.watch_job(job_id=job.id):
        if job.progress and job.progress.loss is not None:
            print(f"\r{job.name}: step {job.progress.step}/{job.progress.steps}, loss {job.progress.loss:.3f}", end="")
    print(f"\n{job.name}: {job.status} after {job.cpu_seconds:.1f} CPU seconds {job.status_reason}")
    return ops.catalog.get_model(model_id=job.output_model_id)


def approve(ops, reviewer, model):
    """Fills the card, hands the model to the reviewer, and lets the reviewer approve it."""
    ops.catalog.update_model(model_id=model.id, metadata=CARD)
    ops.catalog.set_model_status(model_id=model.id, status="under_review")
    return reviewer.catalog.review_model(model_id=model.id, version=model.version, decision="approve")


def evaluate(ops, model, dataset):
    """The share of held-out questions that the model answers word for word."""
    run = ops.evaluation.start_run(
        model_id=model.id,
        dataset_id=dataset.id,
        metrics=["exact_match"],
        parameters={"maxTokens": 24, "temperature": 0},
        limit=8 if QUICK else None,
    )
    for run in ops.evaluation.watch_run(run_id=run.id):
        pass  # the stream ends with the scores
    return run.metrics[0].value


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
