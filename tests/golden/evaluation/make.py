"""Makes the golden files of this folder with the reference implementations. Test data, exempt from the size limit.

Made with CPython 3.11.7, sacrebleu 2.6.0, rouge-score 0.1.2, nltk 3.10.4 (its Porter stemmer), numpy 2.4.6 and
scipy 1.17.1. Exact match and token F1 are written here from the published rules of the SQuAD v1.1 evaluation script.

    python3 -m venv VENV
    VENV/bin/pip install sacrebleu==2.6.0 rouge-score==0.1.2 nltk==3.10.4 numpy==2.4.6 scipy==1.17.1
    VENV/bin/python tests/golden/evaluation/make.py

Seeded: the same versions write the same bytes. All texts are written for this file or drawn at random, apart from the
words and lines of examples/data/corpus.txt, whose licence stands beside it.
"""

import collections
import json
import pathlib
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

HERE = pathlib.Path(__file__).parent
CORPUS = (HERE / "../../../examples/data/corpus.txt").read_text(encoding="utf-8")
rng = random.Random(20240517)


def write(name, value):
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    # One case a line keeps differences readable.
    (HERE / name).write_text(text.replace('},{"', '},\n{"').replace('"],["', '"],\n["') + "\n", encoding="utf-8")


# -- texts ---------------------------------------------------------------------------------------------------------

LANGUAGES = {
    "english": [
        "The quick brown fox doesn't jump over the lazy dog's back.",
        "In 2024, prices rose by 3.5% to $1,234.56 -- the U.S. average is 2.1.",
        "She said: \"It's a well-known, state-of-the-art method (see Fig. 3-4)\".",
        "e-mail me at a.b@example.com, or call +1-555-0100 between 9-10 a.m.",
    ],
    "german": ["Der schnelle braune Fuchs springt über den faulen Hund.", "Am 3.10.2024 stiegen die Preise um 3,5 %."],
    "french": ["L'été dernier, j'ai vu « le renard » près de l'école.", "Qu'est-ce que c'est ? Un œuf, 1 234,5 €."],
    "spanish": ["¿Dónde está el zorro? ¡No lo sé!", "El año pasado hubo 1.234 casos; hoy, ninguno."],
    "turkish": ["İstanbul'da IŞIK yandı, ılık bir gün.", "Türkiye'nin 81 ili var."],
    "russian": ["Быстрая лиса прыгает через собаку.", "В 2024 году цены выросли на 3,5 % — до 1 234 ₽."],
    "greek": ["Η ΓΡΗΓΟΡΗ ΑΛΕΠΟΥ ΠΗΔΑ ΤΟΝ ΣΚΥΛΟΣ.", "Πόσο κάνει; Κάνει 3,50 €· ευχαριστώ."],
    "arabic": ["الثعلب السريع يقفز فوق الكلب، أليس كذلك؟", "في عام ٢٠٢٤ ارتفعت الأسعار بنسبة ٣٫٥٪."],
    "hebrew": ["השועל המהיר קופץ מעל הכלב.", "המחיר הוא 12.5 ש\"ח."],
    "hindi": ["तेज़ लोमड़ी कुत्ते के ऊपर कूदती है।", "२०२४ में कीमतें ३.५% बढ़ीं।"],
    "thai": ["สุนัขจิ้งจอกกระโดดข้ามสุนัข", "ราคา ๑,๒๓๔ บาท"],
    "chinese": ["敏捷的狐狸跳过了懒狗。", "2024年,价格上涨了3.5%(约1,234元)!", "他说:“AI模型GPT-4很好”。"],
    "japanese": ["素早い狐は怠け者の犬を飛び越える。", "価格は３．５％上がって1,234円です。", "カタカナとひらがな、漢字。"],
    "korean": ["빠른 여우가 게으른 개를 뛰어넘는다.", "2024년 가격이 3.5% 올랐습니다!"],
    "vietnamese": ["Con cáo nâu nhanh nhẹn nhảy qua con chó lười.", "Giá là 1.234,5 đồng."],
    "emoji": ["great 👍🏽 work!! 🎉🎉 100%", "flags 🇫🇷🇩🇪 and 👩‍👩‍👧 family ☺️", "math: ∑x² ≤ ½·π ± 3√2 → ∞"],
}

ODD = [
    "", " ", "\n", ".", ",", "-", "...", "a", "the", "A the an", "a..b", "a...1", "1..2", "1.,2", "1-2-3", "1--2", "x-1", ".5", "5.",
    "1.a", "a.1", "..1", ",,,1,2", "&amp;lt;", "&quot;hi&quot; &gt; &lt;b&gt; &apos;", "<skipped> word", "bro-\nken line\nnext",
    "tab\tand\rcr", "unit\x1cfile\x1dgroup\x1erecord\x1fend", "nb\u00a0sp\u2003em\u3000ideo\u0085nel\u200bzw", "\ufeffbom",
    "trailing space . ", "  leading", "K\u212a kelvin \u0130dot \u0131less", "ﬁ ligature ß ẞ ǅ", "a\u0301 combining e\u0301a", "cafe\u0301 café",
    "aा devanagari mark", "a_b _the_ the_", "the-an a'the 'a'", "ⅷ ① ½ Ⓐ ²", "\U0001d400\U0001d7d8 math", "don't can't I'm O'Neil's",
    "U.S.A. e.g. i.e. Ph.D.", "3.14,15-16", "http://x.y/z?a=b&c=d#e", "[{(<>)}]|\\^~`_@#$%&*+=/", "“curly” ‘quotes’ – — …", "؟،؛ ।॥ 。、・",
]

ALPHABET = list("aaAbB1290..,,--  ''\"&;:!?()[]{}<>/\\|@#$%^*_+=~`\n\t") + list(
    "\u00a0\u3000é«»—…“”’€£°²½ßİıσςΣжЖ中文字,。!?あア한글अा٣٫،👍\u0301\u200d∑√→①Ⓐⅷ\u2028\x1c"
)


def fuzz(length):
    return "".join(rng.choice(ALPHABET) for _ in range(length))


def disturb(text, rate=0.25):
    """A text like this one: words dropped, doubled, swapped, changed."""
    words = text.split(" ")
    out = []
    for word in words:
        roll = rng.random()
        if roll < rate / 4:
            continue
        if roll < rate / 2:
            out.append(word)
        if roll < 3 * rate / 4 and out:
            out.insert(rng.randrange(len(out)), word)
        elif roll < rate:
            out.append(rng.choice(words) if len(words) > 1 else word + "x")
        else:
            out.append(word)
    return " ".join(out)


def language_pairs(count):
    lines = [line for texts in LANGUAGES.values() for line in texts]
    pairs = []
    for line in lines:
        for _ in range(2):
            pairs.append((disturb(line), [line] + [disturb(line) for _ in range(count - 1)]))
        pairs.append((line, [rng.choice(lines) for _ in range(count)]))
    return pairs


def odd_pairs():
    pairs = [(text, [text]) for text in ODD]
    pairs += [(rng.choice(ODD), [rng.choice(ODD) for _ in range(rng.randint(1, 3))]) for _ in range(60)]
    for _ in range(80):
        text = fuzz(rng.randint(0, 60))
        other = list(text)
        for _ in range(len(text) // 6):
            other[rng.randrange(len(other))] = rng.choice(ALPHABET)
        pairs.append((text, ["".join(other), fuzz(rng.randint(0, 20))]))
    return pairs


def long_pairs():
    lines = [line for line in CORPUS.split("\n") if len(line) > 40]
    pairs = []
    for size in (3, 8, 25, 60):
        start = rng.randrange(len(lines) - 70)
        text = "\n".join(lines[start : start + size])[: 400 * size]
        pairs.append((disturb(text, 0.5), [text]))
        pairs.append((disturb(text, 0.9), [text, disturb(text, 0.3), disturb(text, 0.6)]))
    return pairs


def single(text):
    return [(text, ["the cat is on the mat"])]


CORPORA = {
    "languages": language_pairs(1),
    "languages, three references": language_pairs(3),
    "odd": odd_pairs(),
    "long": long_pairs(),
    "one short": single("the cat"),
    "one that matches": single("the cat is on the mat"),
    "one without a match": single("xyz"),
    "one empty": single(""),
    "empty reference": [("some words", [""])],
    "two of other lengths": [("the the the the the the the", ["the cat is on the mat", "there is a cat on the mat"])],
}

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


# -- words for the stemmer -------------------------------------------------------------------------------------------

TRICKY = (
    "generously fairly bus virus quickly generalization skies dying news innings howe proceed flies dies spied died "
    "enjoy happy sky agreed feed rally hopefully geologist logically alleli bullying controlling"
).split()


def words():
    found = set(TRICKY) | {"sky", "lying", "tying", "inning", "outing", "outings", "canning", "cannings", "exceed", "succeed"}
    found |= set(re.findall(r"[a-z]+", CORPUS.lower()))
    roots = "gener hop happ relat condit valenc digit conform radic vile analog oper feud decis call form sens triplic".split()
    roots += "electr good reviv allow infer airlin gyroscop adjust defens irrit replac depend adopt commun angul effect".split()
    roots += "bowdler prob ceas control roll theolog geo archaeolog y sy syzyg yy toy b be a i st tr oat ivy ski full 3d x86 4u".split()
    ends = "s es ies sses ss ed eed ing ying ied y ly ally alli ational tional enci anci izer bli abli entli eli ousli ization".split()
    ends += "ation ator alism iveness fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al ance".split()
    ends += "ence er ic able ible ant ement ment ent sion tion ou ism ate iti ous ive ize e ll lle ated bled ized tting lling ssed zzed".split()
    found |= {root + end for root in roots for end in ends}
    letters = "aeiouybcdlsztnyyeg"
    found |= {"".join(rng.choice(letters) for _ in range(rng.randint(1, 9))) + rng.choice(ends) for _ in range(700)}
    found |= {"".join(rng.choice(letters) for _ in range(rng.randint(1, 5))) for _ in range(500)}
    return sorted(found)


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
