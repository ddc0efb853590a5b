//! The text in a source file that people read.
//!
//! In Rust, this is comments, string literals and the names of functions, since a test is a function. Other files
//! are read completely.

use std::path::Path;

/// A word, without the punctuation around it.
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    pub(crate) line: usize,
    /// Returns whether only spaces, line breaks and comment markers are between this word and the one before.
    pub(crate) continues: bool,
}

/// Returns the text of a file, with the lines of the file.
pub(crate) fn prose(file: &Path, source: &str) -> String {
    if file.extension().is_some_and(|extension| extension == "rs") {
        rust_prose(source)
    } else {
        source.to_owned()
    }
}

/// Returns the words of a text. Hyphens and apostrophes within a word are part of it.
pub(crate) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut continues = false;
    for (line, content) in text.lines().enumerate() {
        let before = words.len();
        for part in content.split_inclusive(|next| !is_of_word(next)) {
            let text = part.trim_matches(|next: char| !next.is_alphanumeric());
            if !text.is_empty() {
                words.push(Word { text, line: line + 1, continues });
                continues = true;
            }
            continues &= !part.ends_with(separates);
        }
        // An empty line ends a paragraph.
        continues &= words.len() > before;
    }
    words
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || character == '-' || character == '\''
}

/// Returns whether a phrase cannot continue after a character. Comment markers and `_` do not separate.
fn separates(character: char) -> bool {
    !(is_of_word(character) || character.is_whitespace() || "/!#_*\\".contains(character))
}

/// Replaces each token of code by a semicolon, which is no part of a phrase.
fn rust_prose(source: &str) -> String {
    let mut prose = String::with_capacity(source.len());
    let mut is_name = false;
    let mut rest = source;
    while !rest.is_empty() {
        let (token, after) = rest.split_at(token_length(rest));
        if token.starts_with("//") || token.starts_with("/*") || token.trim().is_empty() {
            prose.push_str(token);
        } else if token.starts_with('"') {
            push_literal(&mut prose, token);
        } else if let Some(at) = token.find('"').filter(|_| !token.starts_with('\'')) {
            prose.push_str(&token[at..]);
        } else {
            prose.push_str(if is_name { token } else { ";" });
        }
        is_name = token == "fn" || is_name && token.trim().is_empty();
        rest = after;
    }
    prose
}

/// Adds a string literal without its escapes, which are no words: `"\n"`. An escaped line break is kept.
fn push_literal(prose: &mut String, literal: &str) {
    let mut characters = literal.chars();
    while let Some(character) = characters.next() {
        if character == '\\' {
            prose.push(characters.next().filter(|next| *next == '\n').unwrap_or(';'));
        } else {
            prose.push(character);
        }
    }
}

/// Returns the length of the first comment, string, word, run of spaces or other character. Assumes valid Rust.
fn token_length(source: &str) -> usize {
    let until = |end: &str, from: usize| source[from..].find(end).map(|at| from + at + end.len());
    let run = |is_part: fn(char) -> bool| source.find(|next| !is_part(next)).unwrap_or(source.len());
    let first = source.chars().next().expect("there is a character");
    let word = run(|next| next.is_alphanumeric() || next == '_');
    if source.starts_with("//") {
        source.find('\n').unwrap_or(source.len())
    } else if source.starts_with("/*") {
        until("*/", 2).unwrap_or(source.len())
    } else if let Some(end) = raw_string_end(&source[word..]).filter(|_| source[..word].ends_with('r')) {
        word + end
    } else if word > 0 {
        word
    } else if first == '"' {
        quoted_length(source)
    } else if source.starts_with("'\\") {
        until("'", 3).unwrap_or(source.len())
    } else if first == '\'' && source.chars().nth(2) == Some('\'') {
        until("'", 1).unwrap_or(source.len())
    } else if first.is_whitespace() {
        run(char::is_whitespace)
    } else {
        first.len_utf8()
    }
}

/// Returns where a raw string ends whose `r` is before `source`.
fn raw_string_end(source: &str) -> Option<usize> {
    let hashes = source.find(|next| next != '#')?;
    let content = hashes + 1;
    let end = format!("\"{}", &source[..hashes]);
    let at = source[hashes..].starts_with('"').then(|| source[content..].find(&end))??;
    Some(content + at + end.len())
}

fn quoted_length(source: &str) -> usize {
    let mut is_escaped = false;
    let end = source.char_indices().skip(1).find(|(_, character)| {
        let ends = *character == '"' && !is_escaped;
        is_escaped = *character == '\\' && !is_escaped;
        ends
    });
    end.map_or(source.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{prose, words};

    fn found(file: &str, text: &str) -> Vec<String> {
        let text = prose(Path::new(file), text);
        let words = words(&text);
        words.iter().map(|word| format!("{}:{}", word.line, word.text)).collect()
    }

    #[test]
    fn keeps_comments_strings_and_function_names() {
        for (text, expected) in [
            ("//! One\n/// two\n// three", &["1:One", "2:two", "3:three"][..]),
            ("let code = \"a \\\"text\\\" \\t\\n\";\nlet b = 1; // c", &["1:a", "1:text", "2:c"]),
            ("let a = r#\"raw \"text\"\"#; let r = br\"more\";", &["1:raw", "1:text", "1:more"]),
            ("fn test_name<'a>(x: &'a str) -> char { '\"' }", &["1:test", "1:name"]),
            ("['\\'', '\\\\']; /* one\ntwo */ x", &["1:one", "2:two"]),
        ] {
            let found = found("x.rs", text);
            let found: Vec<&str> =
                found.iter().map(String::as_str).filter(|word| !word.ends_with(':')).collect();
            assert_eq!(found, expected, "in {text}");
        }
    }

    #[test]
    fn keeps_other_files() {
        assert_eq!(found("x.md", "Let `code` it's\nhere"), ["1:Let", "1:code", "1:it's", "2:here"]);
    }

    #[test]
    fn phrases_continue_across_lines_of_comments() {
        for (text, continues) in [
            ("// sought\n    // by", true),
            ("\"sought \\\n    by\"", true),
            ("fn sought_by() {}", true),
            ("// sought, by", false),
            ("// sought.\n// by", false),
            ("// sought\n//\n// by", false),
            ("[\"sought\", \"by\"]", false),
        ] {
            let text = prose(Path::new("x.rs"), text);
            let words = words(&text);
            let phrase = words
                .windows(2)
                .any(|pair| pair[0].text == "sought" && pair[1].text == "by" && pair[1].continues);
            assert_eq!(phrase, continues, "in {text}");
        }
    }
}
