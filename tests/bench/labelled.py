"""Texts of which is known what personal data they hold and where: made by rules of the issuers and by faker, seeded.

Half of the texts hold one value each; the other half hold none, but numbers, names of things and words that look like some.
"""

import random
from dataclasses import dataclass

from faker import Faker

from numbered import MOBILES, card, digits, drawn, ip, kr_license, letters, passport, resident, us_license
from tokens import secret

LOCALES = ["en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "ko_KR"]
# What stands about a value, in English and in Korean.
SENTENCES = {
    "email": (
        ["write to {} today", "{}", "contact: {}, or call", "<{}> wrote:"],
        ["{} 로 보내 주세요", "이메일: {}"],
    ),
    "phone": (
        ["call {} after six", "{}", "Tel. {}", "his number is {}."],
        ["연락처 {}", "{} 로 전화 주세요"],
    ),
    "credit_card": (
        ["paid with {}", "{}", "card number: {}, valid to 09/29"],
        ["카드번호 {}", "{} 카드로 결제"],
    ),
    "iban": (
        ["send it to {}", "{}", "IBAN: {}."],
        ["계좌 {} 로 송금"],
    ),
    "ip_address": (
        ["from {} port 22", "{}", "[{}] refused", "client {}, again"],
        ["접속 IP {} 에서"],
    ),
    "url_credentials": (
        ["clone {}", "DATABASE_URL={}", "connect to {} please"],
        ["주소는 {} 입니다"],
    ),
    "us_ssn": (
        ["SSN {}", "{}", "his social security number is {}.", "tax form, {}"],
        ["사회보장번호 {}"],
    ),
    "kr_resident_number": (
        ["resident number {}", "{}", "RRN: {}"],
        ["주민등록번호 {}", "주민번호는 {} 입니다", "{}"],
    ),
    "passport": (
        ["passport {}", "Passport No: {}", "travels on {} (passport)"],
        ["여권번호 {}", "여권 {} 제시"],
    ),
    "us_drivers_license": (
        ["driver's license {}", "Driver License No. {}", "DL number: {}", "licence number {}"],
        [],
    ),
    "kr_drivers_license": (
        ["Korean driver's license {}"],
        ["운전면허번호 {}", "면허번호: {}", "운전면허 {} 확인"],
    ),
    "secret": (
        ["export TOKEN={}", "{}", 'api_key: "{}"', "use {} for it"],
        ["키는 {} 입니다"],
    ),
    "person_name": (
        ["name: {}", "customer {} called", "Dear Mr. {},", '{"name": "{}"}'],
        ["이름: {}", "성명 {}", "{}님 안녕하세요"],
    ),
    "person_name alone": (
        ["{} called yesterday", "we met {} in town", "according to {}, it is so"],
        ["{} 씨가 왔다", "어제 {}을 만났다"],
    ),
}
NOTHING = [
    "order {n9} of {day}", "version {v}", "{a9}", "ISBN 978-{n9}-{n1}", "{uuid}", "sha256:{hex64}", "{n16} units",
    "at {time}, {n4} rows", "lat {n2}.{n6}, lon -{n2}.{n6}", "tracking 1Z{a9}{n9}", "part {n3}-{n2}-{n4}-{n2}", "{company}",
    "{street}", "{words}", "{catch}", "price {n3},{n3}.{n2}", "std::{w}::{w}", "room {n3}, floor {n2}", "{w}@{n2}",
    "https://{w}.org/{w}?id={n9}", "batch {n6}-{n7}", "{city}", "invoice {n4}-{n4}-{n4}", "시리얼 {n9}", "{ko}",
    "주문번호 {n6}-{n4}", "epoch {n10}", "{n3}.{n3}.{n2}", "{w}.{w}@{w}", "mac {mac}", "{f}", "loss {f} at step {n6}",
    "[{f}, {f}, {f}, {f}]", "id {n19}", "{n19}", "upgraded from {v} to {v}", "password: {w}", "api_key=${{W}_KEY_{n2}}",
    "call {w} with {n10} rows", "https://{w}@{w}.org/",
]
KOREAN = (
    "정보보호 이용자가 최고의 유지보수 안내문은 조사한다 고객이 주의사항 "
    "신청서를 강남구 박물관에 한국어로 전자제품 이메일을 오후에 장바구니"
)


@dataclass
class Text:
    """A text; of what it holds the row of the table, where it is, and which kind of that it is."""

    text: str
    row: str = ""
    start: int = 0
    end: int = 0
    detail: str = ""

    @property
    def kind(self) -> str:
        return self.row.split(" ")[0]


def texts(each: int) -> list[Text]:
    """So many texts with each kind of value, and as many without any."""
    rng = random.Random(2026)
    fakes = {locale: Faker(locale) for locale in LOCALES}
    for fake in fakes.values():
        fake.seed_instance(rng.getrandbits(32))
    made = []
    for name in SENTENCES:
        made += [holding(rng, fakes, name) for _ in range(each)]
    made += [Text(nothing(rng, fakes["en_US"])) for _ in range(len(made))]
    rng.shuffle(made)
    return made


def holding(rng, fakes, name: str) -> Text:
    kind = name.split(" ")[0]
    value, detail = VALUES[kind](rng, fakes)
    english, korean = SENTENCES[name]
    at_home = korean and (detail.startswith("ko_KR") or kind.startswith("kr_") or rng.random() < 0.1)
    if kind == "person_name" and detail != "ko_KR":
        at_home = False
    before, after = rng.choice(korean if at_home else english).split("{}")
    return Text(before + value + after, name, len(before), len(before) + len(value), detail)


def nothing(rng, fake) -> str:
    text = rng.choice(NOTHING)
    for length in (19, 16, 10, 9, 7, 6, 4, 3, 2, 1):
        while f"{{n{length}}}" in text:
            text = text.replace(f"{{n{length}}}", digits(rng, length), 1)
    while "{f}" in text:
        text = text.replace("{f}", repr(rng.gauss(0, 1)), 1)
    while "{w}" in text:
        text = text.replace("{w}", fake.word(), 1)
    filled = {
        "{day}": f"20{rng.randint(10, 26)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "{time}": f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T{rng.randint(10, 23)}:{rng.randint(10, 59)}:07Z",
        "{W}": fake.word().upper(),
        "{uuid}": fake.uuid4(),
        "{hex64}": fake.sha256(),
        "{mac}": fake.mac_address(),
        "{v}": ".".join(str(rng.randint(0, 19)) for _ in range(rng.choice((3, 4)))),
        "{a9}": letters(rng, 3) + digits(rng, 6),
        "{company}": fake.company(),
        "{street}": fake.street_address(),
        "{words}": fake.sentence(),
        "{catch}": fake.catch_phrase().title(),
        "{city}": f"{fake.city()}, {fake.state()}",
        "{ko}": " ".join(rng.choice(KOREAN.split()) for _ in range(4)),
    }
    for name, value in filled.items():
        text = text.replace(name, value)
    return text


def fours(rng, text: str) -> str:
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4)) if rng.random() < 0.5 else text


def email(rng, fakes):
    locale = rng.choice(LOCALES)
    made = rng.choice((fakes[locale].free_email, fakes[locale].company_email))()
    form = rng.choice(("plain", "plain", "tagged", "capitals"))
    user, domain = made.split("@")
    return {"plain": made, "tagged": f"{user}+{digits(rng, 2)}@mail.{domain}", "capitals": made.upper()}[form], f"{locale} {form}"


def phone(rng, fakes):
    locale = rng.choice(LOCALES)
    if rng.random() < 0.3:
        return drawn(rng, MOBILES[locale]), f"{locale} E.164"
    return fakes[locale].phone_number(), locale


def iban(rng, fakes):
    locale = rng.choice(LOCALES[:5])
    return fours(rng, fakes[locale].iban()), locale


def url(rng, fakes):
    fake = fakes["en_US"]
    scheme = rng.choice(("https", "postgres", "postgresql+asyncpg", "mongodb+srv", "mysql", "amqp", "ftp", "redis"))
    user = "" if scheme == "redis" else fake.user_name()
    return f"{scheme}://{user}:{fake.password(12, special_chars=False)}@{fake.domain_name()}/{fake.word()}", scheme


def ssn(rng, fakes):
    return fakes["en_US"].ssn(), "dashes"


def name(rng, fakes):
    locale = rng.choice(LOCALES)
    first, last = fakes[locale].first_name(), fakes[locale].last_name()
    return last + first if locale == "ko_KR" else f"{first} {last}", locale


VALUES = {
    "email": email,
    "phone": phone,
    "credit_card": card,
    "iban": iban,
    "ip_address": ip,
    "url_credentials": url,
    "us_ssn": ssn,
    "kr_resident_number": resident,
    "passport": passport,
    "us_drivers_license": us_license,
    "kr_drivers_license": kr_license,
    "secret": secret,
    "person_name": name,
}
