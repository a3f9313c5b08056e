//! Names of persons: common ones by dictionary, others by what stands beside them. A name alone is a guess and says so.

use std::collections::HashSet;
use std::ops::Range;

use super::context::{Column, label_before};

/// How sure a pair of common names is by itself: it does not count unless less is asked for.
const ALONE: f64 = 0.4;
const LABELLED: f64 = 0.85;

/// Common given names in English, each at the head of a line or after a blank.
const GIVEN: &str = "James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony \
    Mark Donald Steven Paul Andrew Joshua Kenneth Kevin Brian George Edward Ronald Timothy Jason Jeffrey Ryan Jacob Gary \
    Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Frank Alexander Raymond Patrick Jack \
    Dennis Jerry Tyler Aaron Jose Adam Nathan Henry Douglas Zachary Peter Kyle Walter Ethan Jeremy Harold Keith Christian \
    Roger Noah Gerald Carl Terry Sean Austin Arthur Lawrence Jesse Dylan Bryan Joe Jordan Billy Bruce Albert Willie Gabriel \
    Logan Alan Juan Wayne Roy Ralph Randy Eugene Vincent Russell Elijah Louis Bobby Philip Johnny Mary Patricia Jennifer \
    Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Margaret Sandra Ashley Kimberly Emily Donna Michelle \
    Carol Amanda Dorothy Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia Kathleen Amy Angela Shirley Anna Brenda \
    Pamela Emma Nicole Helen Samantha Katherine Christine Debra Rachel Carolyn Janet Catherine Maria Heather Diane Ruth \
    Julie Olivia Joyce Virginia Victoria Kelly Lauren Christina Joan Evelyn Judith Megan Andrea Cheryl Hannah Jacqueline \
    Martha Gloria Teresa Ann Sara Madison Frances Kathryn Janice Jean Abigail Alice Julia Judy Sophia Grace Denise Amber \
    Doris Marilyn Danielle Beverly Isabella Theresa Diana Natalie Brittany Charlotte Marie Kayla Alexis Lori Jane Oliver \
    Liam Lucas Mia Chloe Zoe Hugo Oscar Felix Simon Martin Stuart Graham Nigel Ian Neil Colin Fiona Claire Nina Eva Elena \
    Minjun Seojun Jiho Jiwon Minji Jisoo Hyunwoo Sungmin Yuna Eunji Soojin Jihoon";

/// Common family names.
const FAMILY: &str = "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson \
    Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker \
    Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter \
    Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers \
    Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson Brooks Chavez Wood \
    James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez Powell \
    Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson Barnes Fisher Vasquez Simmons Graham Murray Ford Hamilton \
    Doe Roe Park Choi Jung Kang Cho Yoon Jang Lim Han Shin Seo Kwon Hwang Ahn Song Hong Chen Wang Li Zhang Liu Singh Khan \
    Cohen O'Brien O'Connor Schmidt Meyer Weber Wagner Becker Hoffmann Ivanov Rossi Silva Santos Costa Novak Jensen Hansen \
    Larsen Berg Lindberg Dubois Moreau Laurent Tanaka Suzuki Sato Watanabe Yamamoto Nakamura Kobayashi";

/// Korean family names of one syllable and of two.
const FAMILY_KO: &str = "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄원천방공현함변염여추도석선설마길연위표명기반왕금옥육인맹";
const FAMILY_KO_LONG: [&str; 6] = ["남궁", "황보", "제갈", "선우", "독고", "사공"];

/// Korean given names of several generations.
const GIVEN_KO: &str = "민준 서준 도윤 예준 시우 하준 지호 주원 지후 준우 준서 도현 건우 현우 우진 선우 서진 유준 연우 은우 민재 현준 시윤 정우 \
    승우 준혁 지훈 승현 준영 동현 지환 승민 재윤 민성 윤우 지원 서연 서윤 지우 서현 하은 하윤 민서 지유 윤서 채원 수아 지민 지아 지윤 은서 다은 예은 \
    소율 예린 수빈 소윤 유진 예원 지안 시은 채은 유나 가은 서영 민지 예진 수민 현서 성민 영희 철수 영수 영호 미영 은정 은주 현정 지영 정훈 성호 \
    상훈 현수 민수 영숙 정숙 순자 영자 정희 미경 경희 명숙 정자 춘자 옥순 성수 광수 병철 영식 영철 정호 진우 재현 재훈 태현 태우 승호 성훈 \
    준호 민호 진호 동훈 상우 혜진 수진 은영 은지 보람 지은 지혜 혜정 선영 윤정 미정 현주 정은 소영 유정 아름 슬기 나영 길동";

/// What may follow a Korean name within its word: how it is spoken to, which makes it sure, and particles.
const HONORIFIC: [&str; 6] = ["씨", "님", "군", "양", "선생", "과장"];
const PARTICLES: [&str; 18] = [
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에게",
    "께",
    "과",
    "와",
    "도",
    "한테",
    "입니다",
    "이다",
    "이고",
    "으로",
    "만",
];

/// What says that a name comes.
const LABELS: [&str; 12] = [
    "name",
    "name is",
    "names",
    "patient",
    "customer",
    "employee",
    "contact",
    "이름",
    "성명",
    "성함",
    "이름은",
    "예금주",
];
const TITLES: [&str; 7] = ["mr", "mrs", "ms", "dr", "prof", "miss", "sir"];

/// The number of the labels among what a column is asked for.
const OF_NAMES: usize = 31;

/// Finds names.
pub(super) struct Names {
    given: HashSet<&'static str>,
    family: HashSet<&'static str>,
    /// Of each syllable from `가` on, whether it is a family name.
    family_ko: Vec<bool>,
    given_ko: HashSet<&'static str>,
}

impl Names {
    pub(super) fn new() -> Self {
        Self {
            given: GIVEN.split_whitespace().collect(),
            family: FAMILY.split_whitespace().collect(),
            family_ko: ('가'..='힣').map(|c| FAMILY_KO.contains(c)).collect(),
            given_ko: GIVEN_KO.split_whitespace().collect(),
        }
    }

    /// Tells each name, in the order of the text.
    pub(super) fn find(&self, text: &str, column: &Column<'_>, tell: &mut dyn FnMut(Range<usize>, f64)) {
        // A name that is all that stands in a column of names.
        let all = column.is_of_known(OF_NAMES, &LABELS).then(|| text.trim().len());
        let whole = |span: &Range<usize>| all == Some(span.len());
        let (bytes, mut at) = (text.as_bytes(), 0);
        let begins = |byte: &u8| byte.is_ascii_uppercase() || matches!(byte, 0xEA..=0xED);
        while let Some(off) = bytes[at..].iter().position(begins) {
            at += off;
            let (found, end) = if bytes[at].is_ascii_uppercase() {
                (starts(bytes, at).then(|| self.latin(text, at, &whole)).flatten(), at + 1)
            } else {
                let word = text[at..].find(|c| !is_hangul(c)).map_or(text.len(), |length| at + length);
                (self.korean(text, at..word, &whole), word.max(at + 3))
            };
            if let Some((span, confidence)) = found {
                at = end.max(span.end);
                tell(span, confidence);
            } else {
                at = end;
            }
        }
    }

    /// A name in Latin letters that begins here.
    fn latin(&self, text: &str, at: usize, whole: &dyn Fn(&Range<usize>) -> bool) -> Option<(Range<usize>, f64)> {
        let first = capitalized(text, at)?;
        let mut next = first.end;
        if let [b' ', b'A'..=b'Z', b'.', b' ', ..] = text.as_bytes()[next..] {
            next += 3;
        }
        let second =
            text.as_bytes().get(next).filter(|byte| **byte == b' ').and_then(|_| capitalized(text, next + 1))?;
        let known = (self.given.contains(&text[first.clone()]), self.family.contains(&text[second.clone()]));
        let span = first.start..second.end;
        if known == (false, false) {
            return None;
        }
        let labelled = label_before(text, at, &LABELS) || whole(&span);
        let confidence = match (known, labelled) {
            ((true, true), true) => LABELLED,
            (_, true) => 0.7,
            ((true, true), false) if titled(text, at) => LABELLED,
            ((true, _), false) if titled(text, at) => 0.6,
            ((true, true), false) => ALONE,
            _ => return None,
        };
        Some((span, confidence))
    }

    /// A Korean name at the head of this word.
    fn korean(
        &self,
        text: &str,
        of: Range<usize>,
        whole: &dyn Fn(&Range<usize>) -> bool,
    ) -> Option<(Range<usize>, f64)> {
        let (at, rest, word) = (of.start, &text[of.start..], &text[of.clone()]);
        if word.len() < 3 * '가'.len_utf8() {
            return None;
        }
        let mut ends = word.char_indices().map(|(from, c)| from + c.len_utf8());
        let place = u32::from(word.chars().next()?).checked_sub(u32::from('가'))?;
        let short = self.family_ko.get(place as usize).is_some_and(|is| *is);
        let long = FAMILY_KO_LONG.iter().any(|family| word.starts_with(family));
        if !short && !long {
            return None;
        }
        let family = if long { ends.nth(1)? } else { ends.next()? };
        let end = ends.nth(1)?;
        let (given, tail) = (&word[family..end], &word[end..]);
        let honoured = HONORIFIC.iter().any(|one| tail.starts_with(one))
            || HONORIFIC[..2].iter().any(|one| rest[end..].strip_prefix(' ').is_some_and(|next| next.starts_with(one)));
        if !tail.is_empty() && !honoured && !PARTICLES.contains(&tail) {
            return None;
        }
        let span = at..at + end;
        let labelled = label_before(text, at, &LABELS) || whole(&span);
        let confidence = match (self.given_ko.contains(given), labelled, honoured) {
            (true, true, _) => LABELLED,
            (true, false, true) => 0.7,
            (true, false, false) => ALONE,
            (false, true, _) => 0.6,
            (false, false, _) => return None,
        };
        Some((span, confidence))
    }
}

/// Whether a word may begin here.
fn starts(bytes: &[u8], at: usize) -> bool {
    at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_' || bytes[at - 1] >= 0x80)
}

fn is_hangul(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

/// A word of a capital and small letters that begins here, as `Jane` or `O'Brien`.
fn capitalized(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    if !bytes.get(at)?.is_ascii_uppercase() {
        return None;
    }
    let irish = bytes[at] == b'O' && bytes.get(at + 1) == Some(&b'\'') && bytes.get(at + 2)?.is_ascii_uppercase();
    let from = if irish { at + 3 } else { at + 1 };
    let length = bytes[from..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    let end = from + length;
    let goes_on = bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80 || *byte == b'_');
    (length > 0 && !goes_on).then_some(at..end)
}

/// Whether a title such as `Dr.` stands right before.
fn titled(text: &str, at: usize) -> bool {
    let Some(before) = text[..at].strip_suffix(' ') else { return false };
    let before = before.strip_suffix('.').unwrap_or(before);
    let word = before.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    word.len() <= 4 && TITLES.iter().any(|title| word.eq_ignore_ascii_case(title))
}
