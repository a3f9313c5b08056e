use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::{AddedToken, Tokenizer};

use super::{Detokenizer, StopFilter, Verdict, token_bytes};

/// One token per byte, and an end marker: every character beyond ASCII is spread over several tokens.
fn bytewise() -> Tokenizer {
    let mut alphabet: Vec<char> = ByteLevel::alphabet().into_iter().collect();
    alphabet.sort_unstable();
    let vocab: Vocab = alphabet.iter().enumerate().map(|(id, c)| (c.to_string(), id as u32)).collect();
    let mut tokenizer = Tokenizer::new(BPE::builder().vocab_and_merges(vocab, vec![]).build().unwrap());
    tokenizer.with_pre_tokenizer(Some(ByteLevel::new(false, true, true)));
    tokenizer.with_decoder(Some(ByteLevel::new(false, true, true)));
    tokenizer.add_special_tokens([AddedToken::from("<|end|>", true)]).unwrap();
    tokenizer
}

fn pieces(tokenizer: &Tokenizer, ids: &[u32]) -> Vec<String> {
    let mut detokenizer = Detokenizer::default();
    let mut pieces: Vec<String> = ids.iter().map(|&id| detokenizer.push(tokenizer, id)).collect();
    pieces.push(detokenizer.finish(tokenizer));
    pieces
}

fn ids(tokenizer: &Tokenizer, text: &str) -> Vec<u32> {
    tokenizer.encode(text, false).unwrap().get_ids().to_vec()
}

#[test]
fn characters_come_whole() {
    let tokenizer = bytewise();
    let pieces = pieces(&tokenizer, &ids(&tokenizer, "aé€😀b"));
    assert_eq!(pieces, ["a", "", "é", "", "", "€", "", "", "", "😀", "b", ""]);
}

#[test]
fn an_unfinished_character_comes_at_the_end() {
    let tokenizer = bytewise();
    let euro = ids(&tokenizer, "€");
    assert_eq!(pieces(&tokenizer, &euro[..2]).concat(), "\u{fffd}");
}

#[test]
fn endless_continuation_bytes_do_not_hold_the_answer_back() {
    let tokenizer = bytewise();
    let continuation = ids(&tokenizer, "€")[1];
    let pieces = pieces(&tokenizer, &[continuation; 40]);
    assert!(pieces[..10].iter().all(|piece| piece == "\u{fffd}"), "{pieces:?}");
}

#[test]
fn markers_have_no_text_and_break_nothing() {
    let tokenizer = bytewise();
    let end = tokenizer.token_to_id("<|end|>").unwrap();
    let mut all = ids(&tokenizer, "a ");
    all.extend([end, end]);
    all.extend(ids(&tokenizer, "é b"));
    assert_eq!(pieces(&tokenizer, &all).concat(), "a é b");
}

#[test]
fn a_part_of_a_character_has_its_exact_byte() {
    let tokenizer = bytewise();
    let all: Vec<u8> = ids(&tokenizer, "x €\u{ad}\n").iter().flat_map(|&id| token_bytes(&tokenizer, id)).collect();
    assert_eq!(all, "x €\u{ad}\n".as_bytes());
}

#[test]
fn characters_after_broken_bytes_come_whole() {
    let tokenizer = bytewise();
    let (euro, smile) = (ids(&tokenizer, "€"), ids(&tokenizer, "😀"));
    let broken = [&euro[1..], &euro[..2], &smile[..], &euro[..1]].concat();
    let pieces = pieces(&tokenizer, &broken);
    assert_eq!(pieces, ["\u{fffd}", "\u{fffd}", "", "", "\u{fffd}", "", "", "😀", "", "\u{fffd}"]);
}

proptest::proptest! {
    #[test]
    fn pieces_are_the_text_whatever_the_bytes(bytes: Vec<u8>) {
        let tokenizer = bytewise();
        let of_byte = |byte: u8| (0..256).find(|&id| token_bytes(&tokenizer, id) == [byte]).unwrap();
        let ids: Vec<u32> = bytes.iter().map(|&byte| of_byte(byte)).collect();
        proptest::prop_assert_eq!(pieces(&tokenizer, &ids).concat(), String::from_utf8_lossy(&bytes));
    }
}

/// Pushes the pieces (`|` separates them) and shows what was sent for each, `!` where it stopped.
fn check(stops: &[&str], text: &str, expect: &str) {
    let mut filter = StopFilter::new(stops.iter().map(ToString::to_string).collect());
    let mut sent = Vec::new();
    let mut stopped = false;
    for piece in text.split('|') {
        match filter.push(piece) {
            Verdict::Send(text) => sent.push(text),
            Verdict::Stop(text) => {
                sent.push(format!("{text}!"));
                stopped = true;
                break;
            }
        }
    }
    if !stopped {
        sent.push(filter.finish());
    }
    assert_eq!(sent.join("|"), expect, "{stops:?} in {text}");
}

#[test]
fn stop_strings() {
    check(&[], "a|b", "a|b|");
    check(&[""], "a|b", "a|b|");
    check(&["END"], "xEND", "x!");
    check(&["END"], "x|E|N|D|y", "x|||!");
    check(&["END"], "x|E|N|x|y", "x|||ENx|y|");
    check(&["END"], "E|EN|D", "|E|!");
    check(&["aab"], "a|a|a|b", "||a|!");
    check(&["END"], "EN", "|EN");
    check(&["\n\n", "."], "one\n|two.|x", "one|\ntwo!");
    check(&["bc", "abcd"], "ab|c", "|a!");
    check(&["€"], "x€y", "x!");
    check(&["é!"], "caf|é|?", "caf||é?|");
}
