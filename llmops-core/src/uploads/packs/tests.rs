//! Packs as clients make them, and bytes that are none.

use std::io::Write;

use proptest::prelude::*;

use super::*;

/// A piece as clients pack it, in each way.
fn piece(way: u8, bytes: &[u8]) -> Vec<u8> {
    let packed = match way {
        0 => bytes.to_vec(),
        1 => framed(bytes),
        _ => framed(&(0..4).flat_map(|at| bytes.iter().skip(at).step_by(4)).copied().collect::<Vec<_>>()),
    };
    let length = |count: usize| (count as u32).to_le_bytes()[..3].to_vec();
    [vec![0], length(packed.len()), vec![way], length(bytes.len()), packed].concat()
}

fn framed(bytes: &[u8]) -> Vec<u8> {
    let mut frames = lz4_flex::frame::FrameEncoder::new(Vec::new());
    frames.write_all(bytes).unwrap();
    frames.finish().unwrap()
}

fn starts(pack: &[u8], step: usize) -> Result<Vec<u64>> {
    let mut walk = Walk::default();
    pack.chunks(step).for_each(|bytes| walk.see(bytes));
    walk.end()
}

fn unpacked(pack: &[u8]) -> Result<Vec<u8>> {
    let (mut read, mut made) = (BytesMut::from(pack), Vec::new());
    while let Some(piece) = unpack_next(&mut read)? {
        made.extend_from_slice(&piece);
    }
    Ok(made)
}

fn refusal(pack: &[u8]) -> String {
    starts(pack, 7).and_then(|_| unpacked(pack)).unwrap_err().to_string()
}

#[test]
fn what_follows_the_pieces_is_passed_over() {
    let one = piece(1, b"some text, some text, some text");
    let pack = [one.as_slice(), b"XETBLOB and more"].concat();
    assert_eq!(starts(&pack, 3).unwrap(), [0, one.len() as u64]);
}

#[test]
fn what_is_no_pack_is_refused() {
    assert!(refusal(b"").contains("no pieces"));
    assert!(refusal(b"PAR1 and more bytes").contains("another form"));
    assert!(refusal(&piece(0, b"abc")[..10]).contains("cut off"));
    assert!(refusal(&piece(9, b"abc")).contains("not known"));
    assert!(refusal(&piece(0, b"")).contains("empty"));
    assert!(refusal(&piece(0, &vec![0; PIECE_BYTES + 1])).contains("over 1 MiB"));
    let mut longer = piece(1, &[7; 100]);
    longer[5] = 99;
    assert!(refusal(&longer).contains("another length"));
    let mut garbled = piece(1, &[7; 100]);
    garbled[12..].fill(0xee);
    assert!(refusal(&garbled).contains("cannot be unpacked"));
}

#[test]
fn a_piece_that_would_be_far_larger_takes_no_more_than_it_says() {
    let mut bomb = piece(1, &vec![0; 1 << 20]);
    bomb[5..8].copy_from_slice(&[1, 0, 0]);
    assert!(refusal(&bomb).contains("another length"));
}

#[test]
fn a_list_of_runs_is_read_line_by_line() {
    let name = "ab".repeat(32);
    let read = runs(format!("{name} 0 3\n{name} 7 8").as_bytes()).unwrap();
    assert_eq!(read.iter().map(|run| (run.from, run.to)).collect::<Vec<_>>(), [(0, 3), (7, 8)]);
    for wrong in ["x 0 1", "0 1", &format!("{name} 1 1"), &format!("{name} 0 -1"), &format!("{name} 0 1 2"), "\u{e4}"] {
        let text = format!("{name} 0 1\n{wrong}\n");
        assert!(runs(text.as_bytes()).unwrap_err().to_string().contains("line 2 is none"), "{wrong}");
    }
}

proptest! {
    #[test]
    fn pieces_come_out_as_they_went_in(
        pieces in proptest::collection::vec((0u8..3, proptest::collection::vec(any::<u8>(), 1..300)), 1..20),
        step in 1usize..64,
    ) {
        let packed: Vec<Vec<u8>> = pieces.iter().map(|(way, bytes)| piece(*way, bytes)).collect();
        let pack = packed.concat();
        let begin = |at: usize| packed[..at].iter().map(|one| one.len() as u64).sum::<u64>();
        prop_assert_eq!(starts(&pack, step).unwrap(), (0..=packed.len()).map(begin).collect::<Vec<_>>());
        let whole: Vec<u8> = pieces.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        prop_assert_eq!(unpacked(&pack).unwrap(), whole);
    }

    #[test]
    fn any_bytes_at_all_are_read_or_refused(pack in proptest::collection::vec(any::<u8>(), 0..400), step in 1usize..64) {
        let _ = (starts(&pack, step), unpacked(&pack), runs(&pack));
    }
}
