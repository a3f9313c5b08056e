"""What the reference implementations are asked: texts of many languages and of none, pairs of them, and words.

All are written here or drawn at random from a seed, apart from the words and lines of examples/data/corpus.txt, whose
licence stands beside it. Draws follow one another: another order gives other texts.
"""

import pathlib
import random
import re

HERE = pathlib.Path(__file__).parent
CORPUS = (HERE / "../../../examples/data/corpus.txt").read_text(encoding="utf-8")
rng = random.Random(20240517)

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
