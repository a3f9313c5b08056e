//! What is found in which text.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::fuzz::spoil;

/// Looks for everything. One for all tests: its patterns take longer to compile than a test to run.
fn everything() -> &'static RuleDetector {
    static ALL: LazyLock<RuleDetector> = LazyLock::new(|| RuleDetector::new(PiiType::ALL).unwrap());
    &ALL
}

fn findings(text: &str) -> Vec<(PiiType, String, bool)> {
    let mut found = Vec::new();
    everything().find(text, &mut found);
    found.sort_by_key(|m| m.span.start);
    found.into_iter().map(|m| (m.kind, text[m.span].to_owned(), m.confidence >= 0.5)).collect()
}

#[track_caller]
fn finds(text: &str, kind: PiiType, what: &str) {
    assert_eq!(findings(text), [(kind, what.to_owned(), true)], "{text}");
}

/// Nothing, or nothing that counts.
#[track_caller]
fn passes(text: &str) {
    let counted: Vec<_> = findings(text).into_iter().filter(|(.., counts)| *counts).collect();
    assert_eq!(counted, [], "{text}");
}

#[test]
fn a_weak_finding_hides_no_strong_one() {
    // Of these ten, one is also the number of a card, if a doubtful one.
    for last in 0..10 {
        let phone = format!("+861381234567{last}");
        finds(&phone, PiiType::Phone, &phone);
    }
}

#[test]
fn a_cell_of_names_and_blanks_takes_no_longer_than_its_length() {
    let text = format!("{}{}", " ".repeat(1 << 20), "John Smith ".repeat(20_000));
    let mut found = Vec::new();
    everything().find_in(&"name ".repeat(100_000), &text, &mut found);
    assert_eq!(found.len(), 20_000);
}

#[test]
fn e_mail() {
    finds("Write to jane.doe+x@mail.co.kr.", PiiType::Email, "jane.doe+x@mail.co.kr");
    finds("mailto:jane@mail.kr", PiiType::Email, "jane@mail.kr");
    finds("see https://mail.kr/jane, jane@mail.kr", PiiType::Email, "jane@mail.kr");
    passes("https://user@mail.kr/ and ssh://git@mail.kr:22/x, ftp://first.last@mail.kr");
    passes("Write to you@example.com");
    passes("at 5 @ 3.50 each, @handle");
}

#[test]
fn telephone() {
    finds("Ring +82 10-1234-5678 now", PiiType::Phone, "+82 10-1234-5678");
    finds("010-1234-5678", PiiType::Phone, "010-1234-5678");
    finds("Seoul 02-312-3456", PiiType::Phone, "02-312-3456");
    finds("(415) 555-2671", PiiType::Phone, "(415) 555-2671");
    for number in ["+821012345678", "+447911123456", "+34 612345678", "+49(0)8877 35327", "+1-415-555-2671 ext. 12"] {
        finds(&format!("Ring {number}, please"), PiiType::Phone, number);
    }
    for number in ["415-555-2671x12", "001-415-555-2671", "1 (415) 555-2671", "+4915764152497"] {
        finds(&format!("or {number}"), PiiType::Phone, number);
    }
    passes("2026-11-24 16:50, 1961-1962, 3.14159265358979, 100-200-3000");
}

#[test]
fn card() {
    finds("4111 1111 1111 1111", PiiType::CreditCard, "4111 1111 1111 1111");
    finds("card=5555555555554444;", PiiType::CreditCard, "5555555555554444");
    finds("3782 822463 10005", PiiType::CreditCard, "3782 822463 10005");
    for number in ["3056 930902 5904", "4000 0000 0000 0000 121", "6759 1111 1111 1113"] {
        finds(&format!("card {number}."), PiiType::CreditCard, number);
    }
    passes("4111 1111 1111 1112");
    passes("0000000000000000");
}

#[test]
fn a_long_number_is_a_card_only_of_a_network_that_issues_such() {
    // Each has Luhn's digit.
    finds("unionpay 6200000000000000000", PiiType::CreditCard, "6200000000000000000");
    finds("카드번호 6759000000000000005", PiiType::CreditCard, "6759000000000000005");
    finds("6200 0000 0000 0000 000", PiiType::CreditCard, "6200 0000 0000 0000 000");
    assert_eq!(
        counted("card_number", "6200000000000000000"),
        [(PiiType::CreditCard, "6200000000000000000".to_owned())]
    );
    for id in ["6200000000000000000", "1700000000000000004", "3528000000000000007", "6011000000000000001"] {
        passes(id);
        passes(&format!("order {id} was paid by card"));
    }
    assert_eq!(counted("payment_id", "6200000000000000000"), []);
    passes("card 1700000000000000004 or 3528000000000000007");
}

#[test]
fn digits_of_a_fraction_are_no_number_of_anybody() {
    let fractions = [
        "-0.2646944414750617",
        "2646944414750617.5",
        "4111111111111111.0",
        "4.111111111111111e-16",
        "4111111111111111e3",
        "[0.4111111111111111, -0.2646944414750617]",
        "weights 0.4111111111111111, .4111111111111111 and 4111111111111111.5",
        "score 0.01012345678",
        "loss 0.9001011234568",
        "{\"v\":[12.01012345678,1.4111111111111111e-05]}",
        "ssn 0.123456789",
        "tel 0.4155552671",
        "passport 0.531234567",
    ];
    fractions.iter().for_each(|text| passes(text));
    assert_eq!(counted("phone", "0.4155552671"), []);
    finds("no.4111111111111111", PiiType::CreditCard, "4111111111111111");
    finds("Paid with 4111111111111111.", PiiType::CreditCard, "4111111111111111");
    finds("and so on...4111111111111111", PiiType::CreditCard, "4111111111111111");
}

#[test]
fn korean_resident_number() {
    finds("900101-1234568", PiiType::KrResidentNumber, "900101-1234568");
    finds("9001011234568", PiiType::KrResidentNumber, "9001011234568");
    finds("since 2020: 211305-3123456 no, 211225-3123456", PiiType::KrResidentNumber, "211225-3123456");
    passes("9001011234567 and 901301-1234568");
}

#[test]
fn bank_account() {
    finds("DE89 3704 0044 0532 0130 00 AND more", PiiType::Iban, "DE89 3704 0044 0532 0130 00");
    finds("GB82WEST12345698765432", PiiType::Iban, "GB82WEST12345698765432");
    passes("DE88 3704 0044 0532 0130 00");
    passes("XX89 3704 0044 0532 0130 00");
}

#[test]
fn social_security_number() {
    finds("SSN 123-45-6789.", PiiType::UsSsn, "123-45-6789");
    passes("000-45-6789, 666-45-6789, 923-45-6789, 123-00-6789");
}

#[test]
fn network_address() {
    finds("from 203.0.113.77.", PiiType::IpAddress, "203.0.113.77");
    passes("192.168.0.1 or 127.0.0.1, version 1.2.3.4, 256.1.1.1, 1.2.3.4.5, section 4.08.15.16");
}

#[test]
fn four_small_numbers_beside_the_right_word_are_an_address() {
    for text in ["IP 8.8.4.4", "connected from 8.8.4.4", "8.8.4.4 is DNS", "서버 주소는 8.8.4.4", "아이피: 8.8.4.4"]
    {
        finds(text, PiiType::IpAddress, "8.8.4.4");
    }
    assert_eq!(counted("ip_address", "8.8.4.4"), [(PiiType::IpAddress, "8.8.4.4".to_owned())]);
    assert_eq!(counted("server_version", "8.8.4.4"), []);
    for text in [
        "8.8.4.4",
        "server version 8.8.4.4",
        "upgraded from 8.8.4.4 to 8.8.5.0",
        "see section 4.8.15.16 from the host",
        "IP 192.168.0.1, host 10.0.0.1 and 127.0.0.1",
        "ship 8.8.4.4",
        "v8.8.4.4 from here",
    ] {
        passes(text);
    }
}

#[test]
fn ten_digits_beside_the_right_word_are_a_telephone_number() {
    for (text, number) in [
        ("call 4155552671", "4155552671"),
        ("Call me at 4155552671.", "4155552671"),
        ("phone: 415 555 2671", "415 555 2671"),
        ("tel 030 1234567", "030 1234567"),
        ("mobile 0171 2345678", "0171 2345678"),
        ("Telefon: 0171/2345678", "0171/2345678"),
        ("tel. 01 23 45 67 89", "01 23 45 67 89"),
        ("전화번호는 0311234567", "0311234567"),
    ] {
        finds(text, PiiType::Phone, number);
    }
    assert_eq!(counted("phone_number", "4155552671"), [(PiiType::Phone, "4155552671".to_owned())]);
    assert_eq!(counted("phone_model_id", "4155552671"), []);
    for text in [
        "4155552671",
        "0171 2345678",
        "order 4155552671",
        "call id 4155552671",
        "call 4155552671 times",
        "phone model 4155552671",
        "hotel 4155552671",
        "phone 1155552671",
        "call it 1234567890",
        "the telephone was shown in 1876, and by 4155552671 it was known",
    ] {
        passes(text);
    }
}

#[test]
fn network_address_of_the_newer_kind() {
    finds("from 2606:4700:4700::1111, or", PiiType::IpAddress, "2606:4700:4700::1111");
    finds("[2a00:1450:4001:82b:0:0:0:200e]", PiiType::IpAddress, "2a00:1450:4001:82b:0:0:0:200e");
    passes("std::vec::Vec, a::b, 12:30:45, fe80::1, ::1, 2001:db8::1, 00:1A:2B:3C:4D:5E, bad::cafe::face");
}

/// What counts of a text in a column of this name.
fn counted(column: &str, text: &str) -> Vec<(PiiType, String)> {
    let mut found = Vec::new();
    everything().find_in(column, text, &mut found);
    found.retain(|m| m.confidence >= 0.5);
    found.into_iter().map(|m| (m.kind, text[m.span].to_owned())).collect()
}

#[test]
fn nine_digits_beside_the_right_word_are_a_social_security_number() {
    finds("my SSN is 123456789", PiiType::UsSsn, "123456789");
    finds("Social Security: 123 45 6789", PiiType::UsSsn, "123 45 6789");
    assert_eq!(counted("customer_ssn", "123456789"), [(PiiType::UsSsn, "123456789".to_owned())]);
    assert_eq!(counted("customerSSN", "123456789"), [(PiiType::UsSsn, "123456789".to_owned())]);
    assert_eq!(counted("order", "123456789"), []);
    ["order 123456789", "SSN 000456789", "assn 123456789"].iter().for_each(|text| passes(text));
}

#[test]
fn passport() {
    finds("passport no. M12345678", PiiType::Passport, "M12345678");
    finds("여권번호는 M123A4567", PiiType::Passport, "M123A4567");
    finds("Her US passport (531234567) expired", PiiType::Passport, "531234567");
    finds("Reisepass C01X00T47", PiiType::Passport, "C01X00T47");
    assert_eq!(counted("passport", "AB1234567"), [(PiiType::Passport, "AB1234567".to_owned())]);
    finds("pasaporte AAA123456", PiiType::Passport, "AAA123456");
    finds("旅券番号 TK1234567", PiiType::Passport, "TK1234567");
    finds("パスポート: TK1234567", PiiType::Passport, "TK1234567");
    passes("旅行番号 TK1234567");
    passes("part M12345678");
    passes("passport photos cost 15, bring a passport by 2026");
}

#[test]
fn drivers_licence() {
    finds("driver's license: A1234567", PiiType::UsDriversLicense, "A1234567");
    finds("DL no. D400-7836-0001", PiiType::UsDriversLicense, "D400-7836-0001");
    let states = ["J514-7201-6582-01", "S 530 460 822 317", "D6101 40706 60905", "12-345-6789", "123 456 789"];
    for number in states {
        finds(&format!("licence number: {number}"), PiiType::UsDriversLicense, number);
    }
    finds("운전면허 11-12-123456-78", PiiType::KrDriversLicense, "11-12-123456-78");
    let texts = ["A1234567", "11-12-123456-78 alone", "운전면허 99-12-123456-78", "licensed to 1234567 users"];
    texts.iter().for_each(|text| passes(text));
}

#[test]
fn drivers_licence_of_europe() {
    finds("MORGA657054SM9IJ", PiiType::UsDriversLicense, "MORGA657054SM9IJ");
    finds("UK licence LEE99802126J99AB, issue 35", PiiType::UsDriversLicense, "LEE99802126J99AB");
    finds("Führerschein B072RRE2I55", PiiType::UsDriversLicense, "B072RRE2I55");
    finds("fahrerlaubnis: B072RRE2I55", PiiType::UsDriversLicense, "B072RRE2I55");
    assert_eq!(counted("führerschein", "B072RRE2I55"), [(PiiType::UsDriversLicense, "B072RRE2I55".to_owned())]);
    for text in [
        "MORGA637054SM9IJ",
        "MORGA657994SM9IJ",
        "MO9GA657054SM9IJ",
        "XMORGA657054SM9IJ",
        "MORGA657054SM9IJ-2",
        "B072RRE2I55",
        "part B072RRE2I55",
        "Führerschein BXYZRRE2I55",
    ] {
        passes(text);
    }
}

#[test]
fn names_beside_what_says_so() {
    finds("name: Jane Miller", PiiType::PersonName, "Jane Miller");
    finds("{\"customerName\": \"Jane Q. Miller\"}", PiiType::PersonName, "Jane Q. Miller");
    finds("my name is Grace Zyx, hello", PiiType::PersonName, "Grace Zyx");
    finds("Dr. Jane O'Brien said", PiiType::PersonName, "Jane O'Brien");
    finds("이름: 홍길동", PiiType::PersonName, "홍길동");
    finds("김민준씨가 왔다", PiiType::PersonName, "김민준");
    finds("예금주 남궁민수", PiiType::PersonName, "남궁민수");
    assert_eq!(counted("full_name", "Jane Miller"), [(PiiType::PersonName, "Jane Miller".to_owned())]);
    assert_eq!(counted("성명", "박서연"), [(PiiType::PersonName, "박서연".to_owned())]);
}

#[test]
fn names_alone_are_guesses() {
    assert_eq!(
        findings("Jane Miller and 김민준은"),
        [(PiiType::PersonName, "Jane Miller".to_owned(), false), (PiiType::PersonName, "김민준".to_owned(), false),]
    );
    assert_eq!(findings("New York, Mr. Speaker, name: Blue Whale, Janet, 이름: 서울, 정보보호, 최고의 이야기"), []);
    assert_eq!(counted("filename", "Grace Notes"), []);
}

#[test]
fn secrets() {
    let key = format!("AKIA{}", "A1B2".repeat(4));
    finds(&format!("aws {key} here"), PiiType::Secret, &key);
    let token = format!("gh{}_{}", 'p', "a1".repeat(18));
    finds(&token, PiiType::Secret, &token);
    finds("https://u:p4ss@db.internal/x", PiiType::UrlCredentials, "https://u:p4ss@db.internal");
    finds("redis://:s3cret@cache.internal/0", PiiType::UrlCredentials, "redis://:s3cret@cache.internal");
    let made = [
        format!("gs{}_{}", 'k', "a1B2".repeat(13)),
        format!("SG{}{}.{}", '.', "aB3".repeat(8).split_at(22).0, "xY9".repeat(15).split_at(43).0),
        format!("dap{}{}", 'i', "0a1b".repeat(8)),
        format!("hv{}.{}", 's', "aB3d".repeat(8)),
        format!("{}:AA{}", 123_456_789, "a-1".repeat(11)),
    ];
    for token in made {
        finds(&format!("token {token} here"), PiiType::Secret, &token);
    }
    passes("https://llmops.dev/sk-learn, sk-a-long-name-with-many-dashes and risk-free");
}

#[test]
fn secrets_that_are_given_to_a_name() {
    let hex = "3f2a9c0b7e1d4f6a8b5c2e9d0f1a3b7c";
    let aws = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYq2TzW8vLmA";
    let azure = format!("{}==", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2U".repeat(2).split_at(86).0);
    for (text, secret) in [
        (format!("api_key='{hex}'"), hex),
        (format!("{{\"apiKey\": \"{hex}\"}}"), hex),
        (format!("{{\\\"api_key\\\": \\\"{hex}\\\"}}"), hex),
        (format!("X-API-Key: {hex}."), hex),
        (format!("GET /v1?access_token={hex}&page=2"), hex),
        (format!("aws_secret_access_key = {aws}"), aws),
        (format!("AccountName=x;AccountKey={azure};EndpointSuffix=core"), azure.as_str()),
        ("Authorization: Bearer 8d3kfj29dk3jf92kdj39fk".to_owned(), "8d3kfj29dk3jf92kdj39fk"),
        ("\"authorization\": \"Basic dXNlcjpwYXNzMTIzNDU2Nzg5\"".to_owned(), "dXNlcjpwYXNzMTIzNDU2Nzg5"),
        ("password=Tr0ub4dor!3".to_owned(), "Tr0ub4dor!3"),
        ("DB_PASSWORD: \"hunter22\"".to_owned(), "hunter22"),
        ("Server=db;Uid=sa;Pwd=Gr3enHouse7;".to_owned(), "Gr3enHouse7"),
    ] {
        finds(&text, PiiType::Secret, secret);
    }
    for text in [
        "password=${DB_PASSWORD}",
        "password: string",
        "<password>",
        "password=<password1>",
        "password=\"********\"",
        "password=\"{{ vault.db_pass1 }}\"",
        "password: \"your-password-1\"",
        "password = get_password(user1)",
        "password=os.environ[\"DB_PASS1\"]",
        "password=settings.DB_PASS_2",
        "password = form1.password2",
        "password=password123",
        "password: varchar255",
        "password:minimum8characters",
        "PWD=/srv/user1",
        "the password must have 8 to 20 characters: a-z, 0-9",
        "api_key=YOUR_API_KEY_12345",
        "api_key: db-credentials-v1-prod",
        "api_key = settings.API_KEY_V2_PROD",
        "api_key=xxxxxxxxxxxxxxxx1234",
        "secret: my-app-tls-01",
        "private_key: id_rsa_2048_prod",
        "access_key=abcdefghijklmnop",
        "access_key=aaaaaaaaaaaaaaaa11",
        "Authorization: Bearer <token>",
        "Authorization: Bearer ${TOKEN_1}",
        "Authorization: Bearer your-token-here-123",
        "token=3f2a9c0b7e1d4f6a8b5c2e9d0f1a3b7c",
        "cache key: 3f2a9c0b7e1d4f6a8b5c2e9d0f1a3b7c",
    ] {
        passes(text);
    }
}

#[test]
fn an_excerpt_shows_only_the_ends() {
    assert_eq!(mask(PiiType::Email, "jane@mail.kr"), "j***@****.*r");
    assert_eq!(mask(PiiType::Secret, "abcd_efgh1234"), "abc*_********");
    assert_eq!(mask(PiiType::Secret, "hunter22!"), "h********");
    assert_eq!(mask(PiiType::Custom, "pw=!#$%&x"), "*********");
    assert_eq!(mask(PiiType::Custom, "staff 1234"), "s**** ****");
    assert_eq!(mask(PiiType::Passport, "x"), "*");
}

#[test]
fn escapes_of_json_hide_nothing() {
    let least = Least { kinds: PiiType::ALL.iter().map(|kind| (*kind, 0.5)).collect(), ..Least::default() };
    let search = Search::new(RuleDetector::new(PiiType::ALL).unwrap(), Vec::new(), least);
    let finds = |text: &str| {
        let mut found = Vec::new();
        search.find("messages", text, &mut found);
        found.into_iter().map(|one| text[one.span].to_owned()).collect::<Vec<_>>()
    };
    let said = json!([{ "role": "user", "content": "Reach me:\n010-1234-5678\tor\njane@mail.kr\r\n" }]);
    assert_eq!(finds(&said.to_string()), ["010-1234-5678", "jane@mail.kr"]);
    let arguments = json!({ "note": "ssn\n123-45-6789", "to": "jane@mail.kr" }).to_string();
    let calls =
        json!([{ "role": "assistant", "tool_calls": [{ "function": { "name": "send", "arguments": arguments } }] }]);
    assert_eq!(finds(&calls.to_string()), ["123-45-6789", "jane@mail.kr"]);
    let path = json!({ "path": "C:\\reports\\notes", "mail": "jane@mail.kr" });
    assert_eq!(finds(&path.to_string()), ["jane@mail.kr"]);
    // Elsewhere a backslash is one.
    assert_eq!(finds("\\n010-1234-5678"), Vec::<String>::new());
}

#[test]
fn many_findings_in_one_text_are_found_once_each() {
    let found = findings(&"jane@mail.kr 4111 1111 1111 1111 ".repeat(20_000));
    assert_eq!(found.len(), 40_000);
}

fn custom(rule: serde_json::Value, text: &str) -> Vec<(String, bool)> {
    let rule: PiiRule = serde_json::from_value(rule).unwrap();
    let mut found = Vec::new();
    CustomDetector::new(&[rule]).unwrap().find(text, &mut found);
    found.into_iter().map(|m| (text[m.span].to_owned(), m.confidence >= 0.5)).collect()
}

#[test]
fn spoilt_patterns() {
    let seeds: [&[u8]; 4] =
        [b"S[0-9]{3,9}(-[a-z]+)?", b"(?i)\\b(?:staff|emp)\\s*#?\\d+", b"[\\p{Hangul}&&[^x]]{2}", b"(?P<a>x|y)+z$"];
    let text = "Staff #12, S123-ab, 사번 S999 xyz ".repeat(20);
    spoil("pattern", &seeds, |bytes| {
        let pattern = String::from_utf8_lossy(bytes);
        let rule = serde_json::from_value(json!({ "name": "any", "pattern": pattern })).unwrap();
        let detector = match CustomDetector::new(&[rule]) {
            Ok(detector) => detector,
            Err(error) => return error.message().to_owned(),
        };
        let mut found = Vec::new();
        detector.find(&text, &mut found);
        assert!(found.iter().all(|found| text.get(found.span.clone()).is_some_and(|span| !span.is_empty())));
        "well".to_owned()
    });
}

#[test]
fn a_word_near_a_finding_makes_it_sure() {
    let rule = |pattern: &str| json!({ "name": "staff", "pattern": pattern, "context": ["Staff", "사번"] });
    let sure = |what: &str, is: bool| vec![(what.to_owned(), is)];
    assert_eq!(custom(rule("S[0-9]{3}"), "STAFF: S123"), sure("S123", true));
    assert_eq!(custom(rule("S[0-9]{3}"), "사번은 S123"), sure("S123", true));
    assert_eq!(custom(rule("S[0-9]{3}"), "flagstaff S123"), sure("S123", false));
    assert_eq!(custom(rule("S[0-9]{3}"), &format!("staff {} S123", "x".repeat(60))), sure("S123", false));
    assert_eq!(custom(rule("S[0-9]{3}"), "S123 (staff)"), sure("S123", true));
}

#[test]
fn a_rule_that_looks_far_for_each_finding_ends() {
    // Each finding makes the engine read to the end, in search of a longer one.
    let text = "a".repeat(1 << 20);
    let began = std::time::Instant::now();
    let found = custom(json!({ "name": "far", "pattern": "a.*b|a" }), &text);
    assert_eq!(found.len(), 1000);
    assert!(began.elapsed() < std::time::Duration::from_secs(60), "{:?}", began.elapsed());
}

/// Finds every `x`, as a detector of a host program might.
struct Xs;

impl PiiDetector for Xs {
    fn find(&self, text: &str, found: &mut Vec<PiiMatch>) {
        let all = text.match_indices('x');
        found.extend(all.map(|(at, _)| PiiMatch::new(PiiType::Phone, at..at + 1, 0.9)));
    }
}

#[test]
fn several_detectors_count_the_same_once() {
    let least = Least { kinds: [(PiiType::Phone, 0.5)].into(), ..Least::default() };
    let rules = RuleDetector::new(&[PiiType::Phone]).unwrap();
    let search = Search::new(rules, vec![Arc::new(Xs), Arc::new(Xs)], least);
    let mut found = vec![PiiMatch::new(PiiType::Secret, 0..1, 1.0)];
    search.find("", "x 010-1234-5678 x", &mut found);
    let spans: Vec<_> = found.iter().map(|found| found.span.clone()).collect();
    assert_eq!(spans, [0..1, 2..15, 16..17]);
}

proptest! {
    #[test]
    fn a_card_with_one_digit_changed_is_none(at in 0usize..16, by in 1u8..10) {
        let mut number = *b"4111111111111111";
        number[at] = b'0' + (number[at] - b'0' + by) % 10;
        prop_assert_eq!(numbers::card(std::str::from_utf8(&number).unwrap()), None);
    }

    #[test]
    fn no_fraction_is_a_number_of_anybody(number in any::<f64>(), column in "[a-z_]{0,12}") {
        prop_assume!(number.is_finite());
        // As JSON writes it, which has a fraction or an exponent.
        let text = json!(number).to_string();
        prop_assert_eq!(counted(&column, &text), []);
        prop_assert_eq!(counted(&column, &format!("[{text},{text}]")), []);
    }

    #[test]
    fn a_run_is_seen_wherever_it_stands(text in "[a-c \n]{0,60}", most in 1usize..20) {
        let longest = text.split_ascii_whitespace().map(str::len).max().unwrap_or_default();
        prop_assert_eq!(marks::has_run(text.as_bytes(), most), longest >= most);
    }

    #[test]
    fn any_text_is_searched_and_spans_lie_within(text in "\\PC{0,200}") {
        let mut found = Vec::new();
        everything().find(&text, &mut found);
        for m in found {
            prop_assert!(text.get(m.span).is_some());
        }
    }
}
