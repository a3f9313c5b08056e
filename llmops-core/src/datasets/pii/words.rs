//! Words beside a finding, in small letters, that say what it is, or that it is something else.

/// The beginnings of all words without which some rules find nothing.
pub(super) const WORDS: &str = concat!(
    "(?i)ssn|social|passp|passe|reisep|pasap|licen|dl n|dln|사회보장|여권|旅券|パスポート|护照|hrerschein|fahrerlaub",
    "|call|dial|tel|phone|mobile|fax|whatsapp|sms|handy|전화|연락처|휴대폰|핸드폰|팩스",
    "|passw|passphrase|pwd|secret|key|token|authorization",
);

pub(super) const OF_SSN: &[&str] = &["ssn", "social security", "social-security", "사회보장번호"];
pub(super) const OF_PASSPORT: &[&str] =
    &["passport", "passports", "여권", "여권번호", "reisepass", "passeport", "pasaporte", "旅券", "パスポート", "护照"];
pub(super) const OF_US_LICENSE: &[&str] = &[
    "driver's license",
    "drivers license",
    "driver license",
    "driver's licence",
    "driving licence",
    "driving license",
    "license number",
    "licence number",
    "dl number",
    "dl no",
    "dln",
];
pub(super) const OF_DE_LICENSE: &[&str] =
    &["führerschein", "führerscheinnummer", "fuehrerschein", "fahrerlaubnis", "german driving licence"];
pub(super) const OF_KR_LICENSE: &[&str] = &["운전면허", "면허번호", "면허증", "driver", "license", "licence"];
pub(super) const OF_CARD: &[&str] = &[
    "card",
    "cards",
    "credit",
    "debit",
    "visa",
    "mastercard",
    "amex",
    "unionpay",
    "maestro",
    "payment",
    "paid",
    "카드",
    "결제",
];
/// What else of a payment has so many digits.
pub(super) const OF_ID: &[&str] = &["id", "ids", "order", "invoice", "transaction", "tracking", "주문"];
pub(super) const OF_ADDRESS: &[&str] = &[
    "ip",
    "ipv4",
    "address",
    "addr",
    "host",
    "from",
    "dns",
    "nameserver",
    "server",
    "client",
    "peer",
    "gateway",
    "forwarded",
    "주소",
    "아이피",
    "서버",
    "접속",
];
pub(super) const OF_VERSION: &[&str] = &[
    "version",
    "versions",
    "ver",
    "v",
    "release",
    "releases",
    "released",
    "upgrade",
    "upgraded",
    "update",
    "updated",
    "downgrade",
    "build",
    "package",
    "firmware",
    "sdk",
    "section",
    "chapter",
    "clause",
    "figure",
    "table",
    "step",
    "rule",
    "버전",
    "릴리스",
    "업데이트",
];
pub(super) const OF_PHONE: &[&str] = &[
    "call",
    "dial",
    "tel",
    "telephone",
    "phone",
    "mobile",
    "cellphone",
    "fax",
    "whatsapp",
    "sms",
    "handy",
    "telefon",
    "teléfono",
    "téléphone",
    "전화",
    "연락처",
    "휴대폰",
    "핸드폰",
    "팩스",
];
/// What else has ten digits and may be called.
pub(super) const OF_NUMBER: &[&str] = &[
    "id",
    "ids",
    "order",
    "ticket",
    "invoice",
    "model",
    "serial",
    "ref",
    "reference",
    "row",
    "rows",
    "times",
    "bytes",
    "case",
    "version",
    "isbn",
    "imei",
    "account",
    "code",
    "주문",
    "모델",
    "계좌",
];
