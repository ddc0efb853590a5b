//! Content that no tracked file may have.

use proc_macro2::{TokenStream, TokenTree};

use crate::tracked::tracked;

/// The first segments of absolute paths on somebody's machine, without the slash.
const MACHINE_PATHS: [&str; 5] = ["home", "root", "tmp", "Users", "work"];

/// What marks unfinished or silenced code.
const UNFINISHED_MACROS: [&str; 3] = ["dbg", "todo", "unimplemented"];

/// Where `text` names an absolute path: not behind a host or another segment, and not as part of a longer
/// name.
fn machine_path(text: &str) -> Option<String> {
    let starts = |(at, _): &(usize, &str)| {
        let before = text[..*at].chars().next_back();
        before.is_none_or(|before| before.is_whitespace() || "\"'`=(:,".contains(before))
    };
    text.match_indices('/').filter(starts).find_map(|(at, _)| {
        let rest = &text[at + 1..];
        let end =
            rest.find(|next: char| !next.is_alphanumeric() && !"_-{".contains(next)).unwrap_or(rest.len());
        MACHINE_PATHS.contains(&&rest[..end]).then(|| format!("/{}", &rest[..end]))
    })
}

/// What `tokens` hold that is unfinished or silenced.
fn unfinished(tokens: TokenStream) -> Option<String> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let pairs = tokens.windows(2).find_map(|pair| match pair {
        [TokenTree::Ident(name), TokenTree::Punct(bang)] if bang.as_char() == '!' => {
            let name = name.to_string();
            UNFINISHED_MACROS.contains(&&*name).then(|| format!("{name}!"))
        }
        [TokenTree::Punct(hash), TokenTree::Group(attribute)] if hash.as_char() == '#' => {
            let first = attribute.stream().into_iter().next()?.to_string();
            (first == "ignore").then(|| "#[ignore]".to_string())
        }
        _ => None,
    });
    pairs.or_else(|| {
        tokens.iter().find_map(|token| match token {
            TokenTree::Group(group) => unfinished(group.stream()),
            _ => None,
        })
    })
}

fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_file_names_a_path_of_a_machine() {
    let mut found = Vec::new();
    for (file, text) in tracked() {
        for (line, text) in text.lines().enumerate() {
            if let Some(path) = machine_path(text) {
                found.push(format!("{}:{}: {path}", file.display(), line + 1));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn machine_paths_are_told_from_other_paths() {
    for (text, is_found) in [
        ("cd /{}", true),
        ("\"/{}/x\"", true),
        ("DIR=/{}", true),
        ("http://example.org/{}", false),
        ("../{}/x", false),
        ("/{}ing", false),
        ("/books/{}", false),
    ] {
        let text = text.replace("{}", "root");
        assert_eq!(machine_path(&text).is_some(), is_found, "for {text}");
    }
}

#[test]
fn no_source_is_unfinished_or_silenced() {
    let mut found = Vec::new();
    for (file, text) in tracked() {
        if file.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        match text.parse() {
            Ok(tokens) => found.extend(unfinished(tokens).map(|what| format!("{}: {what}", file.display()))),
            Err(error) => found.push(format!("{}: {error}", file.display())),
        }
    }
    assert_none(&found);
}

#[test]
fn unfinished_code_is_found_at_any_depth() {
    for (text, expected) in [
        ("fn f() { g(|| todo!()) }", Some("todo!")),
        ("#[test] #[ignore = \"slow\"] fn f() {}", Some("#[ignore]")),
        ("fn f() { g(\"todo!()\"); todo(); }", None),
    ] {
        let tokens = text.parse().expect("the sample has tokens");
        assert_eq!(unfinished(tokens).as_deref(), expected, "for {text}");
    }
}

#[test]
fn crates_forbid_unsafe_code() {
    let roots: Vec<_> = tracked().into_iter().filter(|(file, _)| file.ends_with("src/lib.rs")).collect();
    for (file, text) in &roots {
        assert!(
            text.contains("\n#![forbid(unsafe_code)]\n"),
            "{} does not forbid unsafe code",
            file.display()
        );
    }
}
