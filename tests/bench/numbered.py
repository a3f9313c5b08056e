"""Numbers as their issuers write them, drawn: cards, addresses of networks, passports, licences, residents."""

import string

# Mobile telephones as ITU-T's E.164 writes them.
MOBILES = {
    "en_US": "+1415555####",
    "en_GB": "+447#########",
    "de_DE": "+4915#########",
    "fr_FR": "+336########",
    "es_ES": "+346########",
    "ko_KR": "+8210########",
}
# What the numbers of a network begin with, and how long they are.
CARDS = {
    "visa": ([4], 16),
    "mastercard": ([*range(51, 56), *range(2221, 2721)], 16),
    "amex": ([34, 37], 15),
    "discover": ([6011, 65], 16),
    "jcb": (range(3528, 3590), 16),
    "diners": ([36, 38, 39, *range(300, 306)], 14),
    "unionpay": ([62], 16),
    "unionpay long": ([62], 19),
    "maestro": ([5018, 5020, 5038, 6304, 6759, 6761, 6762, 6763], 16),
}
PASSPORTS = {
    "US": "#########",
    "US new": "?########",
    "KR": "M########",
    "KR new": "M###?####",
    "GB": "#########",
    "DE": "C##X##T##",
    "FR": "##??#####",
    "ES": "???######",
    "JP": "T?#######",
    "CA": "??######",
    "IT": "Y?#######",
    "CN": "E########",
}
LICENSES = {
    "CA": "?#######",
    "NY": "### ### ###",
    "TX": "########",
    "FL": "?###-###-##-###-#",
    "IL": "?###-####-####",
    "WA": "WDL?????###*",
    "PA": "## ### ###",
    "OH": "??######",
    "MI": "? ### ### ### ###",
    "NJ": "?#### ##### #####",
    "VA": "?########",
    "GA": "#########",
    "CO": "##-###-####",
    "NC": "############",
    "WI": "?###-####-####-##",
    "MD": "?-###-###-###-###",
}


def digits(rng, count: int) -> str:
    return "".join(rng.choice(string.digits) for _ in range(count))


def letters(rng, count: int) -> str:
    return "".join(rng.choice(string.ascii_uppercase) for _ in range(count))


def drawn(rng, pattern: str) -> str:
    """The pattern with a digit for `#`, a letter for `?`, either for `*`."""
    of = {"#": string.digits, "?": string.ascii_uppercase, "*": string.ascii_uppercase + string.digits}
    return "".join(rng.choice(of[c]) if c in of else c for c in pattern)


def card(rng, _):
    network = rng.choice(list(CARDS))
    beginnings, length = CARDS[network]
    number = str(rng.choice(beginnings))
    number += digits(rng, length - 1 - len(number))
    # Luhn's digit: from the right every second digit counts twice, its own digits added up.
    total = sum(sum(divmod(int(digit) * (2 - at % 2), 10)) for at, digit in enumerate(reversed(number)))
    number += str(-total % 10)
    cuts = (4, 10, length) if length < 16 else (4, 8, 12, 16, length)
    mark = rng.choice(("", "", " ", "-"))
    parts = [number[a:b] for a, b in zip((0, *cuts), cuts)]
    return mark.join(part for part in parts if part), f"{network} {mark!r}"


def ip(rng, fakes):
    if rng.random() < 0.6:
        return fakes["en_US"].ipv4_public(), "v4"
    groups = [rng.choice(("2600", "2a00", "2606", "2404", "2001"))] + [f"{rng.randint(0x1000, 0xFFFF):x}" for _ in range(7)]
    if rng.random() < 0.5:
        return ":".join(groups[:4]) + "::" + groups[7], "v6 short"
    return ":".join(groups), "v6"


def resident(rng, _):
    year, month, day = rng.randint(1940, 2025), rng.randint(1, 12), rng.randint(1, 28)
    sex = rng.randint(1, 2) + (2 if year >= 2000 else 0) + (4 if rng.random() < 0.2 else 0)
    body = f"{year % 100:02}{month:02}{day:02}{sex}{digits(rng, 5)}"
    total = sum(int(digit) * weight for digit, weight in zip(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)))
    checked = year < 2021 and rng.random() < 0.8  # since October 2020 the last digits are drawn
    last = str(((13 if sex > 4 else 11) - total % 11) % 10) if checked else digits(rng, 1)
    dash = "-" if not checked or rng.random() < 0.8 else ""
    return f"{body[:6]}{dash}{body[6:]}{last}", f"{'checked' if checked else 'drawn'}{' foreign' if sex > 4 else ''} {dash}"


def passport(rng, _):
    country = rng.choice(list(PASSPORTS))
    return drawn(rng, PASSPORTS[country]), f"ko_KR {country}" if country.startswith("KR") else country


def us_license(rng, _):
    state = rng.choice(list(LICENSES))
    return drawn(rng, LICENSES[state]), state


def kr_license(rng, _):
    region = rng.choice([*range(11, 27), 28])
    return f"{region}-{rng.randint(0, 99):02}-{digits(rng, 6)}-{digits(rng, 2)}", "ko_KR"
