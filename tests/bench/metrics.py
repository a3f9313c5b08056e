"""The metrics against sacrebleu and rouge-score: CPU seconds over the same texts, and equal values to 1e-9.

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
import time

from rouge_score import rouge_scorer, scoring
from sacrebleu.metrics import BLEU, CHRF

from machine import row

logging.disable(logging.CRITICAL)
CORPUS = pathlib.Path(__file__).parent / "../../examples/data/corpus.txt"
ROUGE = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
# Label, metric, options.
METRICS = [
    ("bleu 13a", "bleu", {}),
    ("bleu intl", "bleu", {"tokenizer": "intl"}),
    ("chrf", "chrf", {}),
    *((f"{kind} {stem}", kind, {"useStemmer": stem == "stemmed"}) for stem in ("plain", "stemmed") for kind in ROUGE),
]


def texts(count):
    rng = random.Random(1)
    lines = [line for line in re.split(r"(?<=[.?!])\s+", CORPUS.read_text(encoding="utf-8")) if 40 < len(line) < 300]
    references = [rng.choice(lines) for _ in range(count)]
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


def run(bench):
    count, rounds = bench.size(1000, 20), bench.size(3, 1)
    predictions, references = texts(count)
    specs = [{"name": name, "label": label, "options": options} for label, name, options in METRICS]
    pairs = [{"prediction": p, "references": [r]} for p, r in zip(predictions, references)]
    best = {(label, what): [9e9, 9e9] for label, _, _ in METRICS for what in ("value", "whole")}
    question = bench.folder / "metrics.json"
    question.write_text(json.dumps({"metrics": specs, "pairs": pairs}), encoding="utf-8")
    for _ in range(rounds):
        answer = subprocess.check_output([bench.target / "examples/texts_bench", "metrics", question])
        ours = {row["label"]: row for row in json.loads(answer)}
        for label, name, options in METRICS:
            for what in ("value", "whole"):
                seconds, value = cpu(reference(name, options, predictions, references, what == "whole"))
                if abs(value - ours[label]["value"]) >= 1e-9:
                    raise SystemExit(f"{label}: {value} there, {ours[label]['value']} here")
                times = best[label, what]
                times[:] = min(times[0], seconds), min(times[1], ours[label][what + "Seconds"])
    for (label, what), (theirs, mine) in best.items():
        yield row(f"{label}, {what}: theirs", 1e3 * theirs, "ms CPU")
        yield row(f"{label}, {what}: ours", 1e3 * mine, "ms CPU")
        yield row(f"{label}, {what}: ratio", theirs / mine, "x", "50x")
