//! A ratchet for plain English: words of the glossary may become fewer, never more.
//!
//! `words/glossary.txt` lists the words with what to write instead, `words/counts.txt` the number of each in each
//! top-level directory. After removing some, write the lower counts:
//!
//! ```sh
//! HTTPKIT_WORDS=lower cargo test -p httpkit-tests --test project words
//! ```
//!
//! Of two lines for the same word and directory, as a merge of two branches leaves them, the lower count applies.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    prose::{Word, prose, words},
    tracked::tracked,
    workspace,
};

/// The directory of the two lists, which are not counted.
const LISTS: &str = "tests/project/words";
/// Generated files, and texts of others.
const NOT_COUNTED: [&str; 2] = ["lock", "LICENSE"];
const LOWER: &str = "HTTPKIT_WORDS=lower cargo test -p httpkit-tests --test project words";

/// The forms of a word, and what to write instead.
struct Entry {
    forms: Vec<Phrase>,
    plain: String,
    exceptions: Vec<Phrase>,
}

type Phrase = Vec<String>;

/// The first form of an entry, and a top-level directory.
type Key = (String, String);

fn phrases(text: &str) -> Vec<Phrase> {
    let phrases =
        text.split(',').map(|phrase| phrase.split_whitespace().map(String::from).collect::<Phrase>());
    phrases.filter(|phrase| !phrase.is_empty()).collect()
}

fn glossary(text: &str) -> Vec<Entry> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let parts: Vec<&str> = line.split(" : ").collect();
            let [forms, plain, exceptions @ ..] = &parts[..] else {
                panic!("forms : plain words, in {line}")
            };
            let exceptions = exceptions.iter().flat_map(|part| phrases(part)).collect();
            Entry { forms: phrases(forms), plain: (*plain).to_owned(), exceptions }
        })
        .collect()
}

impl Entry {
    fn name(&self) -> String {
        self.forms[0].join(" ")
    }

    /// Returns whether a form of this entry begins at a word and is not part of an exception.
    fn is_at(&self, words: &[Word<'_>], at: usize) -> bool {
        self.forms.iter().any(|form| begins(form, words, at) && !self.is_exception(form, words, at))
    }

    fn is_exception(&self, form: &Phrase, words: &[Word<'_>], at: usize) -> bool {
        self.exceptions.iter().any(|exception| {
            let offsets = (0..exception.len()).filter(|offset| exception[*offset..].starts_with(form));
            offsets.filter_map(|offset| at.checked_sub(offset)).any(|at| begins(exception, words, at))
        })
    }
}

fn begins(phrase: &Phrase, words: &[Word<'_>], at: usize) -> bool {
    let Some(words) = words.get(at..at + phrase.len()) else { return false };
    words.iter().zip(phrase).enumerate().all(|(offset, (word, expected))| {
        let is_same = if expected.starts_with(char::is_uppercase) {
            word.text == expected
        } else {
            word.text.eq_ignore_ascii_case(expected)
        };
        is_same && (offset == 0 || word.continues)
    })
}

/// Returns the entries by the first word of each form, in lower case.
fn by_first_word(glossary: &[Entry]) -> BTreeMap<String, Vec<&Entry>> {
    let mut entries: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    for entry in glossary {
        let first_words: BTreeSet<String> = entry.forms.iter().map(|form| form[0].to_lowercase()).collect();
        for word in first_words {
            entries.entry(word).or_default().push(entry);
        }
    }
    entries
}

/// Returns the places of each entry, as `file:line`.
fn count(glossary: &[Entry], files: &[(PathBuf, String)]) -> BTreeMap<Key, Vec<String>> {
    let by_first_word = by_first_word(glossary);
    let mut found: BTreeMap<Key, Vec<String>> = BTreeMap::new();
    for (file, source) in files {
        let text = prose(file, source);
        let words = words(&text);
        for (at, word) in words.iter().enumerate() {
            let entries = by_first_word.get(&word.text.to_lowercase()).into_iter().flatten();
            for entry in entries.filter(|entry| entry.is_at(&words, at)) {
                let key = (entry.name(), area(file));
                found.entry(key).or_default().push(format!("{}:{}", file.display(), word.line));
            }
        }
    }
    found
}

/// Returns the top-level directory of a file, or `.`.
fn area(file: &Path) -> String {
    let mut parts = file.iter();
    let first = parts.next().filter(|_| parts.next().is_some());
    first.map_or(".".to_owned(), |first| first.to_string_lossy().into_owned())
}

fn counted_files() -> Vec<(PathBuf, String)> {
    let mut files = tracked();
    files.retain(|(file, _)| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        !file.starts_with(LISTS)
            && !NOT_COUNTED.iter().any(|part| name.ends_with(part) || name.starts_with(part))
    });
    files
}

/// Reads lines such as `sought by: tests 12`.
fn read_counts(text: &str) -> BTreeMap<Key, usize> {
    let mut counts = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let parts = line.split_once(": ").and_then(|(word, rest)| Some((word, rest.split_once(' ')?)));
        let Some((word, (area, count))) = parts else {
            panic!("expected `word: directory count`; found {line:?}")
        };
        let count: usize = count.parse().unwrap_or_else(|_| panic!("expected a count; found {line:?}"));
        let lowest = counts.entry((word.to_owned(), area.to_owned())).or_insert(count);
        *lowest = count.min(*lowest);
    }
    counts
}

fn write_counts(counts: &BTreeMap<Key, usize>) -> String {
    let lines = counts.iter().map(|((word, area), count)| format!("{word}: {area} {count}\n"));
    lines.collect::<Vec<_>>().concat()
}

/// Returns what to write instead, and where, for each count that has risen.
fn risen(
    glossary: &[Entry],
    found: &BTreeMap<Key, Vec<String>>,
    allowed: &BTreeMap<Key, usize>,
) -> Vec<String> {
    let counted = found.iter().map(|(key, places)| (key, places, allowed.get(key).copied().unwrap_or(0)));
    counted
        .filter(|(_, places, allowed)| places.len() > *allowed)
        .map(|((word, area), places, allowed)| {
            let entry =
                glossary.iter().find(|entry| entry.name() == *word).expect("it was found by the glossary");
            let forms: Vec<String> = entry.forms.iter().map(|form| form.join(" ")).collect();
            format!(
                "{area}: expected at most {allowed} of \"{}\"; found {}. Write instead: {}\n    {}",
                forms.join("\", \""),
                places.len(),
                entry.plain,
                places.join("\n    ")
            )
        })
        .collect()
}

#[test]
fn text_gains_no_word_of_the_glossary() {
    let read =
        |name: &str| fs::read_to_string(workspace().join(LISTS).join(name)).expect("the list can be read");
    let files = counted_files();
    if files.is_empty() {
        return;
    }
    let glossary = glossary(&read("glossary.txt"));
    let written = read("counts.txt");
    let allowed = read_counts(&written);
    let found = count(&glossary, &files);
    let risen = risen(&glossary, &found, &allowed);
    assert!(risen.is_empty(), "{}", risen.join("\n"));
    let lowered: BTreeMap<Key, usize> = allowed
        .iter()
        .filter_map(|(key, &allowed)| Some((key.clone(), allowed.min(found.get(key)?.len()))))
        .collect();
    let lowered = write_counts(&lowered);
    if env::var_os("HTTPKIT_WORDS").is_some_and(|value| value == "lower") {
        fs::write(workspace().join(LISTS).join("counts.txt"), &lowered).expect("the list can be written");
    } else {
        assert!(written == lowered, "counts have fallen: write them down with `{LOWER}`");
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{count, glossary, read_counts, risen, write_counts};

    const GLOSSARY: &str =
        "# a comment\nyonder : there : yonder hill, not yonder\nsought by, seek by : found\nLo : look\n";

    fn places(file: &str, text: &str) -> Vec<String> {
        let files = [(PathBuf::from(file), text.to_owned())];
        let found = count(&glossary(GLOSSARY), &files);
        found
            .into_iter()
            .map(|((word, area), places)| format!("{word} in {area}: {}", places.join(" ")))
            .collect()
    }

    #[test]
    fn counts_forms_by_directory() {
        for (file, text, expected) in [
            ("a/b.md", "Yonder it,\nyonder.", &["yonder in a: a/b.md:1 a/b.md:2"][..]),
            ("b.md", "yonder", &["yonder in .: b.md:1"]),
            ("a/b.rs", "// seek\n// by it, sought by", &["sought by in a: a/b.rs:1 a/b.rs:2"]),
            ("b.md", "Lo, lo", &["Lo in .: b.md:1"]),
            ("b.md", "yonder hill, not yonder it, yonders", &[]),
        ] {
            assert_eq!(places(file, text), expected, "in {text}");
        }
    }

    #[test]
    fn reports_risen_counts_with_the_plain_word() {
        let files = [(PathBuf::from("a/b.md"), "yonder\nyonder".to_owned())];
        let glossary = glossary(GLOSSARY);
        let found = count(&glossary, &files);
        let risen = |allowed| risen(&glossary, &found, &read_counts(allowed));
        let expected =
            "a: expected at most 1 of \"yonder\"; found 2. Write instead: there\n    a/b.md:1\n    a/b.md:2";
        assert_eq!(risen("yonder: a 1\n"), [expected]);
        assert!(risen("yonder: a 2\n").is_empty());
        assert_eq!(risen("yonder: b 2\n").len(), 1);
    }

    #[test]
    fn merged_lines_have_the_lower_count() {
        let counts = read_counts("lo: b 1\nsought by: a 3\nsought by: a 2\n");
        assert_eq!(write_counts(&counts), "lo: b 1\nsought by: a 2\n");
    }
}
