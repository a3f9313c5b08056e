"""Metrics against sacrebleu and rouge-score, in pairs in one run: CPU seconds over the same texts, and equal values.

    python3 -m venv VENV
    VENV/bin/pip install sacrebleu==2.6.0 rouge-score==0.1.2
    cargo build --release -p llmops-core --example metrics_bench
    VENV/bin/python tests/bench/metrics.py target/release/examples/metrics_bench

Texts are the sentences of examples/data/corpus.txt and disturbed copies of them, seeded. Rounds alternate between both
sides; the least of each side counts. Loading, parsing and starting count on neither side; caches of the reference are
emptied before each round. `value` is the score of the corpus alone; `whole` adds the scores of all samples and a
bootstrap interval of 1000 draws on both sides (rouge-score has its own for that).
"""

import json
import logging
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

from rouge_score import rouge_scorer, scoring
from sacrebleu.metrics import BLEU, CHRF

logging.disable(logging.CRITICAL)
CORPUS = pathlib.Path(__file__).parent / "../../examples/data/corpus.txt"
PAIRS, ROUNDS = 1000, 3
ROUGE = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
# Label, metric, options.
METRICS = [
    ("bleu 13a", "bleu", {}),
    ("bleu intl", "bleu", {"tokenizer": "intl"}),
    ("chrf", "chrf", {}),
    *((f"{kind} {stem}", kind, {"useStemmer": stem == "stemmed"}) for stem in ("plain", "stemmed") for kind in ROUGE),
]


def texts():
    rng = random.Random(1)
    lines = [line for line in re.split(r"(?<=[.?!])\s+", CORPUS.read_text(encoding="utf-8")) if 40 < len(line) < 300]
    references = [rng.choice(lines) for _ in range(PAIRS)]
    predictions = []
    for line in references:
        words = [word for word in line.split() if rng.random() > 0.15]
        for _ in range(len(words) // 6):
            words[rng.randrange(len(words))] = rng.choice(rng.choice(lines).split())
        predictions.append(" ".join(words))
    return predictions, references


def cpu(call):
    start = time.process_time()
    result = call()
    return time.process_time() - start, result


def sacre(metric, predictions, references, whole):
    tokenizer = getattr(metric, "tokenizer", None)
    for cached in (tokenizer, getattr(tokenizer, "_post_tokenizer", None)):
        if cached is not None:
            type(cached).__call__.cache_clear()
    if not whole:
        return metric.corpus_score(predictions, [references]).score
    score = metric.corpus_score(predictions, [references], n_bootstrap=1000).score
    for prediction, reference in zip(predictions, references):
        metric.sentence_score(prediction, [reference])
    return score


def rouge(kind, stemmer, predictions, references, whole):
    scorer = rouge_scorer.RougeScorer([kind], use_stemmer=stemmer)
    scores = [scorer.score(reference, prediction) for prediction, reference in zip(predictions, references)]
    if whole:
        aggregator = scoring.BootstrapAggregator()
        for score in scores:
            aggregator.add_scores(score)
        aggregator.aggregate()
    return sum(score[kind].fmeasure for score in scores) / len(scores)


def reference(name, options, predictions, references, whole):
    if name == "bleu":
        metric = BLEU(tokenize=options.get("tokenizer", "13a"), force=True)
        return lambda: sacre(metric, predictions, references, whole)
    if name == "chrf":
        return lambda: sacre(CHRF(), predictions, references, whole)
    return lambda: rouge(name, options["useStemmer"], predictions, references, whole)


def main(program):
    predictions, references = texts()
    specs = [{"name": name, "label": label, "options": options} for label, name, options in METRICS]
    pairs = [{"prediction": p, "references": [r]} for p, r in zip(predictions, references)]
    best = {label: {"value": [9e9, 9e9], "whole": [9e9, 9e9]} for label, _, _ in METRICS}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"metrics": specs, "pairs": pairs}, file)
        file.flush()
        for _ in range(ROUNDS):
            ours = {row["label"]: row for row in json.loads(subprocess.check_output([program, file.name]))}
            for label, name, options in METRICS:
                for what in ("value", "whole"):
                    seconds, value = cpu(reference(name, options, predictions, references, what == "whole"))
                    assert abs(value - ours[label]["value"]) < 1e-9, (label, value, ours[label]["value"])
                    times = best[label][what]
                    times[:] = min(times[0], seconds), min(times[1], ours[label][what + "Seconds"])
    print(f"{PAIRS} pairs, {sum(map(len, references)) / PAIRS:.0f} characters each; CPU milliseconds, best of {ROUNDS}")
    print(f"{'':20}{'value: theirs':>14}{'ours':>8}{'times':>7}   {'whole: theirs':>14}{'ours':>8}{'times':>7}")
    for label, times in best.items():
        row = f"{label:20}"
        for what in ("value", "whole"):
            theirs, mine = times[what]
            row += f"{theirs * 1e3:14.1f}{mine * 1e3:8.2f}{theirs / mine:7.0f}   "
        print(row.rstrip())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
