//! Texts of other encodings, as people have them.

use std::io::Cursor;

use futures::TryStreamExt;

use super::*;
use crate::fuzz::spoil;

const KOREAN: &str = "질문,답변\n대한민국의 수도는 어디입니까?,서울입니다.\n똠방각하를 펲시콜라와 함께,뷁\n";
const FRENCH: &str = "question,answer\nOù est né l’élève?,À l’été — près d’une forêt\n";

fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    if encoding.name().starts_with("UTF-16") {
        let little = encoding.name().ends_with("LE");
        return text
            .encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect();
    }
    let (bytes, _, lost) = encoding.encode(text);
    assert!(!lost);
    bytes.into_owned()
}

fn told(bytes: &[u8], said: Option<&str>) -> Option<Written> {
    let encoding = said.map(|label| named(label).unwrap());
    of(bytes, true, Said { encoding, utf8: false })
}

async fn decoded(bytes: Vec<u8>, said: Option<&str>) -> Result<(String, DatasetFileEncoding)> {
    let written = told(&bytes, said).expect("it is no UTF-8");
    let length = bytes.len() as u64;
    let pieces: Vec<bytes::Bytes> = in_utf8(Box::new(Cursor::new(bytes)), written, length).try_collect().await?;
    Ok((String::from_utf8(pieces.concat()).unwrap(), written.stated()))
}

#[tokio::test]
async fn what_is_found_out() {
    for (encoding, text) in [(encoding_rs::EUC_KR, KOREAN), (encoding_rs::WINDOWS_1252, FRENCH)] {
        let (found, stated) = decoded(encoded(encoding, &text.repeat(3)), None).await.unwrap();
        assert_eq!(found, text.repeat(3));
        assert_eq!((stated.name, stated.guessed), (encoding.name().to_ascii_lowercase(), true));
    }
}

#[test]
fn what_says_the_same_in_the_commonest_encoding_is_that() {
    let name = |bytes: &[u8]| told(bytes, None).map(|written| written.stated().name);
    for text in [
        &b"a,b\ncaf\xE9,1\n"[..],
        b"a,b\n1,\xFB\n",
        b"id,name\n1,M\xFCller\n2,Garc\xEDa\n",
        b"5 \x80\n",
        b"\xA9 1999\n",
    ] {
        assert_eq!(name(text).as_deref(), Some("windows-1252"), "{text:?}");
    }
    let turkish = encoded(encoding_rs::WINDOWS_1254, &"İstanbul'da yaşıyor, çünkü iş buldu.\n".repeat(20));
    assert_eq!(name(&turkish).as_deref(), Some("windows-1254"));
}

#[test]
fn a_few_spoilt_bytes_in_much_ascii_are_no_encoding() {
    let rows = "1,plain words in a row of a table\n".repeat(200);
    let spoilt = [rows.as_bytes(), b"2,\xFF\xE9\n"].concat();
    assert_eq!(told(&spoilt, None), None);
    // One row in ten is no accident.
    let often = [&rows.as_bytes()[..rows.len() / 20], b"2,caf\xE9\n"].concat();
    assert!(told(&often, None).is_some());
}

#[test]
fn json_lines_are_utf8_unless_somebody_says_otherwise() {
    let jsonl = |bytes: &[u8], encoding| of(bytes, true, Said { encoding, utf8: true });
    let korean = encoded(encoding_rs::EUC_KR, "{\"a\": \"서울\"}\n");
    for bytes in [&b"{\"a\": \"caf\xE9\"}\n"[..], &korean, b"{\"a\": 1}\n"] {
        assert_eq!(jsonl(bytes, None), None, "{bytes:?}");
    }
    let written = jsonl(&korean, Some(encoding_rs::EUC_KR)).unwrap();
    assert_eq!(written.stated(), DatasetFileEncoding { name: "euc-kr".into(), guessed: false });
    let marked = [b"\xFF\xFE", &encoded(encoding_rs::UTF_16LE, "{\"a\": 1}\n")[..]].concat();
    assert!(jsonl(&marked, None).is_some());
}

#[tokio::test]
async fn what_is_said() {
    for (label, name, text) in [
        ("euc-kr", "euc-kr", KOREAN),
        ("CP949", "euc-kr", KOREAN),
        ("latin_1", "windows-1252", FRENCH),
        ("shift_jis", "shift_jis", "質問,答え\n日本の首都は,東京\n"),
        ("utf-16le", "utf-16le", KOREAN),
        ("gb18030", "gb18030", "问题,答案\n中国的首都,北京\n"),
    ] {
        let bytes = encoded(named(label).unwrap(), text);
        let (found, stated) = decoded(bytes, Some(label)).await.unwrap();
        assert_eq!((found.as_str(), stated.name.as_str(), stated.guessed), (text, name, false));
    }
}

#[tokio::test]
async fn a_mark_at_the_beginning_has_the_last_word() {
    for (mark, encoding) in [(b"\xFF\xFE", encoding_rs::UTF_16LE), (b"\xFE\xFF", encoding_rs::UTF_16BE)] {
        let bytes = [&mark[..], &encoded(encoding, KOREAN)].concat();
        for said in [None, Some("windows-1252")] {
            let (found, stated) = decoded(bytes.clone(), said).await.unwrap();
            assert_eq!((found.as_str(), stated.guessed), (KOREAN, false));
        }
    }
}

#[test]
fn what_is_utf8_stays() {
    let cut = &KOREAN.as_bytes()[..4]; // within a character
    for (bytes, whole) in [
        (KOREAN.as_bytes(), true),
        (cut, false),
        (b"\xEF\xBB\xBF{\"a\": 1}\n", true),
        (b"plain", true),
        // Text with a spoilt byte in it, and what is no text.
        ("대한\u{FFFD}민국 \u{1F600}".as_bytes(), true),
        (&[KOREAN.as_bytes(), b"\xFF\n"].concat(), true),
        (b"\x00\x01\xFF\xFE\xFF", true),
        (b"PK\x03\x04\xFF\xFE", true),
    ] {
        assert_eq!(of(bytes, whole, Said::default()), None, "{bytes:?}");
    }
    assert_eq!(told(b"caf\xE9", Some("utf-8")), None);
}

#[tokio::test]
async fn bytes_that_are_no_character_are_refused_with_their_place() {
    let bytes = [&encoded(encoding_rs::EUC_KR, "가\r\n나\n"), &b"ab\xFF\xFFc\n"[..]].concat();
    let error = decoded(bytes, Some("euc-kr")).await.unwrap_err();
    assert_eq!((error.stable_code(), error.field_name()), ("undecodable_text", Some("file")));
    assert!(error.message().contains("at byte 9, in line 3: 0xff"), "{}", error.message());
    assert!(error.hint_text().unwrap().contains("say another"));

    // Beyond the bytes that were looked at, a text is not what it seemed to be.
    let mut bytes = encoded(encoding_rs::EUC_KR, &KOREAN.repeat(50));
    bytes.extend(b"\xFF\xFF\n");
    let written = of(&bytes[..2000], false, Said::default()).unwrap();
    let length = bytes.len() as u64;
    let read: Result<Vec<bytes::Bytes>> = in_utf8(Box::new(Cursor::new(bytes)), written, length).try_collect().await;
    let error = read.unwrap_err();
    assert_eq!(error.stable_code(), "undecodable_text");
    assert!(error.message().contains("in line 151") && error.hint_text().unwrap().contains("`encoding`"), "{error}");
}

#[tokio::test]
async fn a_byte_without_a_character_is_refused() {
    let error = decoded(b"a,b\ncaf\xE9,\x81\n".to_vec(), Some("windows-1252")).await.unwrap_err();
    assert!(error.message().contains("at byte 9, in line 2: 0x81"), "{}", error.message());
}

#[tokio::test]
async fn an_unfinished_character_at_the_end_is_refused() {
    let mut bytes = encoded(encoding_rs::UTF_16LE, "ab");
    bytes.pop();
    let error = decoded(bytes, Some("utf-16le")).await.unwrap_err();
    assert_eq!(error.stable_code(), "undecodable_text");
}

#[tokio::test]
async fn characters_that_lie_across_pieces_are_whole() {
    let text = format!("x{}", KOREAN.repeat(5000)); // odd, so that characters are cut
    let (found, _) = decoded(encoded(encoding_rs::EUC_KR, &text), None).await.unwrap();
    assert!(found == text);
}

#[test]
fn a_name_of_no_encoding_is_refused() {
    for label in ["klingon", "", "iso-2022-kr"] {
        let error = named(label).unwrap_err();
        assert_eq!((error.stable_code(), error.field_name()), ("unknown_encoding", Some("encoding")));
    }
}

#[test]
fn spoilt_texts() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let seeds = [
        encoded(encoding_rs::EUC_KR, KOREAN),
        encoded(encoding_rs::WINDOWS_1252, FRENCH),
        [&b"\xFF\xFE"[..], &encoded(encoding_rs::UTF_16LE, FRENCH)].concat(),
        KOREAN.as_bytes().to_vec(),
    ];
    let seeds: Vec<&[u8]> = seeds.iter().map(|seed| &seed[..]).collect();
    let _within = runtime.enter();
    spoil("text", &seeds, |bytes| {
        let Some(written) = of(bytes, true, Said::default()) else { return "as it is".to_owned() };
        let reader = Box::new(Cursor::new(bytes.to_vec()));
        let read = in_utf8(reader, written, bytes.len() as u64).try_collect::<Vec<bytes::Bytes>>();
        match runtime.block_on(read) {
            Ok(pieces) => String::from_utf8(pieces.concat()).map(|_| written.stated().name).unwrap(),
            Err(error) => error.message().to_owned(),
        }
    });
}
