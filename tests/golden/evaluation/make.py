"""Makes the golden files of this folder with the reference implementations.

Made with CPython 3.11.7, sacrebleu 2.6.0, rouge-score 0.1.2, nltk 3.10.4 (its Porter stemmer), numpy 2.4.6 and
scipy 1.17.1. Exact match and token F1 are written here from the published rules of the SQuAD v1.1 evaluation script.

    python3 -m venv VENV
    VENV/bin/pip install sacrebleu==2.6.0 rouge-score==0.1.2 nltk==3.10.4 numpy==2.4.6 scipy==1.17.1
    VENV/bin/python tests/golden/evaluation/make.py

The same versions write the same bytes. What they are asked is in texts.py.
"""

import collections
import json
import random
import re
import string

import numpy
import sacrebleu
import scipy.stats
from nltk.stem.porter import PorterStemmer
from rouge_score import rouge_scorer
from sacrebleu.metrics.bleu import _get_tokenizer
from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.significance import PairedTest

from texts import CORPORA, CORPUS, HERE, LANGUAGES, ODD, fuzz, disturb, rng, words


def write(name, value):
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    # One case a line keeps differences readable.
    (HERE / name).write_text(text.replace('},{"', '},\n{"').replace('"],["', '"],\n["') + "\n", encoding="utf-8")


# -- BLEU and chrF -------------------------------------------------------------------------------------------------


def streams(pairs):
    """References as sacrebleu wants them: one stream per place, None where a pair has fewer."""
    most = max(len(references) for _, references in pairs)
    return [[r[at] if at < len(r) else None for _, r in pairs] for at in range(most)]


BLEU_OPTIONS = [
    {"tokenizer": tokenizer, "smoothing": smoothing}
    for tokenizer in ("13a", "intl", "char", "zh", "none")
    for smoothing in ("exp", "floor", "add-k", "none")
]
BLEU_OPTIONS += [
    {"lowercase": True},
    {"tokenizer": "intl", "lowercase": True},
    {"effectiveOrder": True},
    {"smoothing": "floor", "smoothValue": 0.01},
    {"smoothing": "add-k", "smoothValue": 0.5},
    {"maxNgramOrder": 2},
    {"maxNgramOrder": 6, "smoothing": "add-k"},
    {"effectiveOrder": False, "smoothing": "none"},
]


def bleu(options, sentence):
    effective = options.get("effectiveOrder", sentence)
    return BLEU(
        lowercase=options.get("lowercase", False),
        tokenize=options.get("tokenizer", "13a"),
        smooth_method=options.get("smoothing", "exp"),
        smooth_value=options.get("smoothValue"),
        max_ngram_order=options.get("maxNgramOrder", 4),
        effective_order=effective,
        force=True,
    )


def bleu_case(options, pairs):
    corpus, sentence = bleu(options, False), bleu(options, True)
    score = corpus.corpus_score([p for p, _ in pairs], streams(pairs))
    return {
        "options": options,
        "value": score.score,
        "precisions": score.precisions,
        "brevityPenalty": score.bp,
        "predictionLength": score.sys_len,
        "referenceLength": score.ref_len,
        "signature": str(corpus.get_signature()),
        "samples": [sentence.sentence_score(p, r).score for p, r in pairs],
    }


CHRF_OPTIONS = [
    {},
    {"wordOrder": 2},
    {"lowercase": True},
    {"whitespace": True},
    {"charOrder": 4, "wordOrder": 1, "beta": 3},
]


def chrf_case(options, pairs):
    metric = CHRF(
        char_order=options.get("charOrder", 6),
        word_order=options.get("wordOrder", 0),
        beta=options.get("beta", 2),
        lowercase=options.get("lowercase", False),
        whitespace=options.get("whitespace", False),
    )
    score = metric.corpus_score([p for p, _ in pairs], streams(pairs))
    return {
        "options": options,
        "value": score.score,
        "signature": str(metric.get_signature()),
        "samples": [metric.sentence_score(p, r).score for p, r in pairs],
    }


# -- ROUGE ---------------------------------------------------------------------------------------------------------

KINDS = ["rouge1", "rouge2", "rougeL", "rougeLsum"]


def rouge_case(stemmer, pairs):
    scorer = rouge_scorer.RougeScorer(KINDS, use_stemmer=stemmer)
    scores = [scorer.score_multi(r, p) for p, r in pairs]
    case = {"useStemmer": stemmer}
    for kind in KINDS:
        case[kind] = [list(score[kind]) for score in scores]
    return case


# -- SQuAD ---------------------------------------------------------------------------------------------------------


def normalise(text):
    text = "".join(c for c in text.lower() if c not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def exact(prediction, reference):
    return float(normalise(prediction) == normalise(reference))


def f1(prediction, reference):
    predicted, referred = normalise(prediction).split(), normalise(reference).split()
    shared = sum((collections.Counter(predicted) & collections.Counter(referred)).values())
    if shared == 0:
        return 0.0
    precision, recall = shared / len(predicted), shared / len(referred)
    return 2 * precision * recall / (precision + recall)


# -- intervals -------------------------------------------------------------------------------------------------------


def clopper_pearson(k, n):
    low = 0.0 if k == 0 else float(scipy.stats.beta.ppf(0.025, k, n - k + 1))
    high = 1.0 if k == n else float(scipy.stats.beta.ppf(0.975, k + 1, n - k))
    return [k, n, low, high]


def intervals():
    counts = [(k, n) for n in (1, 2, 3, 5, 10, 17, 40) for k in range(n + 1)]
    counts += [(k, n) for n in (100, 200, 1000, 12345) for k in (0, 1, 7, n // 3, n // 2, n - 2, n - 1, n)]
    counts += [(3, 10**6), (333333, 10**6), (999999, 10**6)]
    latencies = [[5.0], [3.0, 1.0, 2.0], [rng.lognormvariate(3, 1) for _ in range(257)]]
    percentiles = [
        {
            "samples": sample,
            "mean": float(numpy.mean(sample)),
            **{f"p{p}": float(numpy.percentile(sample, p)) for p in (50, 95, 99)},
        }
        for sample in latencies
    ]
    return {"clopperPearson": [clopper_pearson(k, n) for k, n in counts], "latencies": percentiles}


def paired():
    """sacrebleu draws by NumPy's generator, so its p-values and intervals are near ours, not equal."""
    lines = [line for line in re.split(r"(?<=[.?!])\s+", CORPUS) if 30 < len(line) < 200]
    cases = []
    for first_rate, second_rate in ((0.5, 0.2), (0.4, 0.4), (0.45, 0.4)):
        references = rng.sample(lines, 120)
        first = [disturb(line, first_rate) for line in references]
        second = [disturb(line, second_rate) for line in references]
        test = PairedTest([("first", first), ("second", second)], {"BLEU": BLEU()}, [references], test_type="bs")
        result = test()[1]["BLEU"]
        cases.append({
            "pairs": [{"first": a, "second": b, "references": [r]} for a, b, r in zip(first, second, references)],
            "firstValue": result[0].score,
            "secondValue": result[1].score,
            "pValue": result[1].p_value,
            "mean": float(result[0].mean),
            "halfWidth": float(result[0].ci),
        })
    return cases


def likelihoods():
    cases = []
    for size in (1, 4, 30):
        samples = [
            {"logProbs": [-rng.expovariate(0.7) for _ in range(rng.randint(1, 40))], "bytes": rng.randint(1, 200)}
            for _ in range(size)
        ]
        total = numpy.concatenate([sample["logProbs"] for sample in samples])
        cases.append({
            "samples": samples,
            "perplexity": float(numpy.exp(-total.mean())),
            "bitsPerByte": float(-total.sum() / numpy.log(2) / sum(sample["bytes"] for sample in samples)),
        })
    return cases


def main():
    stemmer = PorterStemmer()
    write("stemmer.json", [[word, stemmer.stem(word)] for word in words()])
    texts = ODD + [line for lines in LANGUAGES.values() for line in lines] + [fuzz(80) for _ in range(120)]
    # Where marks meet each other, numbers and both ends of the text.
    marks = random.Random(2)
    texts += ["".join(marks.choices(".,,-!€12aé中 ", k=marks.randrange(9))) for _ in range(300)]
    tokenizers = {name: _get_tokenizer(name)() for name in ("13a", "intl", "char", "zh", "none")}
    write("tokenizers.json", [
        {"text": text, **{name: tokenizer(text.rstrip()).split() for name, tokenizer in tokenizers.items()}} for text in texts
    ])
    corpora = [
        {"name": name, "pairs": [{"prediction": p, "references": r} for p, r in pairs]} for name, pairs in CORPORA.items()
    ]
    write("corpora.json", corpora)
    for file, cases in {
        "bleu.json": lambda pairs: [bleu_case(options, pairs) for options in BLEU_OPTIONS],
        "chrf.json": lambda pairs: [chrf_case(options, pairs) for options in CHRF_OPTIONS],
        "rouge.json": lambda pairs: [rouge_case(stemmer, pairs) for stemmer in (False, True)],
        "squad.json": lambda pairs: [{
            "exactMatch": [max(exact(p, r) for r in references) for p, references in pairs],
            "tokenF1": [max(f1(p, r) for r in references) for p, references in pairs],
        }],
    }.items():
        write(file, [{"corpus": name, "cases": cases(pairs)} for name, pairs in CORPORA.items()])
    write("intervals.json", intervals())
    write("paired.json", paired())
    write("likelihoods.json", likelihoods())


if __name__ == "__main__":
    assert sacrebleu.__version__ == "2.6.0", "the golden files are those of sacrebleu 2.6.0"
    main()
