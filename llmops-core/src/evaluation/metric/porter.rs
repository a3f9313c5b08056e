//! Porter's stemmer of 1980 with the extensions that NLTK makes to it, which is the one that rouge-score uses.
//!
//! M. F. Porter, "An algorithm for suffix stripping", Program 14 (1980). The extensions: a table of irregular forms,
//! short words in -ies and -ied, -y after a consonant, -alli first, -fulli, -logi by its own measure, and words of the
//! form vowel-consonant counting as cvc. It is not Snowball's English stemmer ("Porter 2").

/// Forms that the rules get wrong.
const IRREGULAR: &[(&str, &str)] = &[
    ("sky", "sky"),
    ("skies", "sky"),
    ("dying", "die"),
    ("lying", "lie"),
    ("tying", "tie"),
    ("news", "news"),
    ("innings", "inning"),
    ("inning", "inning"),
    ("outings", "outing"),
    ("outing", "outing"),
    ("cannings", "canning"),
    ("canning", "canning"),
    ("howe", "howe"),
    ("proceed", "proceed"),
    ("exceed", "exceed"),
    ("succeed", "succeed"),
];

/// Suffixes of step 2 with what takes their place. The first that fits decides.
const STEP_2: &[(&str, &str)] = &[
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
    ("fulli", "ful"),
];

const STEP_3: &[(&str, &str)] =
    &[("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

const STEP_4: &[&str] = &[
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti",
    "ous", "ive", "ize",
];

/// Reduces the word that ends `text` and begins at `start` to its stem, in place.
///
/// The word is of ASCII letters and digits in lower case.
pub(super) fn stem(text: &mut Vec<u8>, start: usize) {
    let word = &text[start..];
    if word.len() <= 2 {
        return;
    }
    if let Some((_, stem)) = IRREGULAR.iter().find(|(form, _)| form.as_bytes() == word) {
        text.truncate(start);
        text.extend_from_slice(stem.as_bytes());
        return;
    }
    let mut word = Word { text, start };
    word.step_1a();
    word.step_1b();
    word.step_1c();
    word.step_2();
    word.step_3();
    word.step_4();
    word.step_5();
}

struct Word<'a> {
    text: &'a mut Vec<u8>,
    start: usize,
}

impl Word<'_> {
    fn bytes(&self) -> &[u8] {
        &self.text[self.start..]
    }

    fn len(&self) -> usize {
        self.text.len() - self.start
    }

    fn ends(&self, suffix: &str) -> bool {
        self.bytes().ends_with(suffix.as_bytes())
    }

    /// The word without its last `count` letters.
    fn without(&self, count: usize) -> &[u8] {
        &self.bytes()[..self.len() - count]
    }

    fn replace(&mut self, suffix: &str, with: &str) {
        self.text.truncate(self.text.len() - suffix.len());
        self.text.extend_from_slice(with.as_bytes());
    }

    /// Plurals.
    fn step_1a(&mut self) {
        if self.ends("ies") {
            self.replace("ies", if self.len() == 4 { "ie" } else { "i" });
        } else if self.ends("sses") {
            self.replace("sses", "ss");
        } else if self.ends("s") && !self.ends("ss") {
            self.replace("s", "");
        }
    }

    /// Past and progressive.
    fn step_1b(&mut self) {
        if self.ends("ied") {
            return self.replace("ied", if self.len() == 4 { "ie" } else { "i" });
        }
        if self.ends("eed") {
            if measure(self.without(3)) > 0 {
                self.replace("eed", "ee");
            }
            return;
        }
        let Some(suffix) = ["ed", "ing"].into_iter().find(|suffix| self.ends(suffix)) else { return };
        if !has_vowel(self.without(suffix.len())) {
            return;
        }
        self.replace(suffix, "");
        if self.ends("at") || self.ends("bl") || self.ends("iz") {
            self.text.push(b'e');
        } else if ends_double_consonant(self.bytes()) {
            if !matches!(self.bytes().last(), Some(b'l' | b's' | b'z')) {
                self.text.pop();
            }
        } else if measure(self.bytes()) == 1 && ends_cvc(self.bytes()) {
            self.text.push(b'e');
        }
    }

    fn step_1c(&mut self) {
        let stem = self.without(usize::from(self.len() > 0));
        if self.ends("y") && stem.len() > 1 && is_consonant(stem, stem.len() - 1) {
            self.replace("y", "i");
        }
    }

    fn step_2(&mut self) {
        // NLTK tries this one first and, if it holds, starts again; the stem is then shorter, so it ends.
        while self.ends("alli") && measure(self.without(4)) > 0 {
            self.replace("alli", "al");
        }
        if let Some((suffix, with)) = STEP_2.iter().find(|(suffix, _)| self.ends(suffix)) {
            if measure(self.without(suffix.len())) > 0 {
                self.replace(suffix, with);
            }
        } else if self.ends("logi") && measure(self.without(3)) > 0 {
            self.replace("logi", "log");
        }
    }

    fn step_3(&mut self) {
        if let Some((suffix, with)) = STEP_3.iter().find(|(suffix, _)| self.ends(suffix))
            && measure(self.without(suffix.len())) > 0
        {
            self.replace(suffix, with);
        }
    }

    fn step_4(&mut self) {
        let Some(suffix) = STEP_4.iter().find(|suffix| self.ends(suffix)) else { return };
        let stem = self.without(suffix.len());
        if measure(stem) > 1 && (*suffix != "ion" || matches!(stem.last(), Some(b's' | b't'))) {
            self.replace(suffix, "");
        }
    }

    fn step_5(&mut self) {
        if self.ends("e") {
            let stem = self.without(1);
            let measure = measure(stem);
            if measure > 1 || measure == 1 && !ends_cvc(stem) {
                self.text.pop();
            }
        }
        if self.ends("ll") && measure(self.without(1)) > 1 {
            self.text.pop();
        }
    }
}

fn is_vowel_letter(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// Which letters are consonants, from the left: `y` is one where no consonant stands before it.
fn consonants(word: &[u8]) -> impl Iterator<Item = bool> + '_ {
    word.iter().scan(false, |before, letter| {
        *before = if *letter == b'y' { !*before } else { !is_vowel_letter(*letter) };
        Some(*before)
    })
}

/// Looks back only over a run of `y`, which decides on itself from the letter before the run.
fn is_consonant(word: &[u8], at: usize) -> bool {
    let run = word[..=at].iter().rev().take_while(|letter| **letter == b'y').count();
    let before = (at + 1).checked_sub(run + 1).is_some_and(|before| !is_vowel_letter(word[before]));
    if run % 2 == 0 { before } else { !before }
}

/// How often a vowel is followed by a consonant: `m` in the paper.
fn measure(word: &[u8]) -> usize {
    let mut vowel = false;
    let mut measure = 0;
    for consonant in consonants(word) {
        measure += usize::from(vowel && consonant);
        vowel = !consonant;
    }
    measure
}

fn has_vowel(word: &[u8]) -> bool {
    consonants(word).any(|consonant| !consonant)
}

fn ends_double_consonant(word: &[u8]) -> bool {
    matches!(word, [.., a, b] if a == b) && is_consonant(word, word.len() - 1)
}

/// Condition `*o`: ends in consonant, vowel, consonant other than w, x, y; or is a vowel and a consonant.
fn ends_cvc(word: &[u8]) -> bool {
    let at = word.len();
    match at {
        0 | 1 => false,
        2 => !is_consonant(word, 0) && is_consonant(word, 1),
        _ => {
            is_consonant(word, at - 3)
                && !is_consonant(word, at - 2)
                && is_consonant(word, at - 1)
                && !matches!(word[at - 1], b'w' | b'x' | b'y')
        }
    }
}
