//! Request templates of `#[http_client]`: an accepted template makes URLs that need no normalization. Its
//! parts, when written again, parse to the same template. An error has a rule and a fix.

#![no_main]

use httpkit::Url;
use libfuzzer_sys::fuzz_target;
use template::{PathExpansion, QueryVariable, Template};

/// A crate of procedural macros exports nothing else, so the module is compiled here as well.
#[path = "../../httpkit-macros/src"]
mod macros {
    #[allow(dead_code, reason = "the macro uses the rest")]
    pub mod template;
}
use macros::template;

fuzz_target!(|text: &str| {
    match Template::parse(text) {
        Ok(template) => {
            check_names(&template);
            check_urls(&template);
            let again = written(&template);
            assert_eq!(Template::parse(&again).as_ref(), Ok(&template), "{text:?} as {again:?}");
        }
        Err(message) => {
            let parts = message.split_once("\nhelp: ").map(|(rule, help)| rule.is_empty() || help.is_empty());
            assert_eq!(parts, Some(false), "{text:?}: {message}");
            // The parser uses these characters for literal braces.
            let is_mark = |mark: &char| ['\u{1}', '\u{2}'].contains(mark);
            assert!(!message.contains(|mark| is_mark(&mark) && !text.contains(mark)), "{text:?}: {message}");
        }
    }
});

fn check_names(template: &Template) {
    assert_eq!(template.parts.len(), template.path.len() + 1);
    for name in template.names() {
        let is_identifier = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        assert!(is_identifier && !name.starts_with(|first: char| first.is_ascii_digit()), "{name:?}");
        assert!(template.has_path(name) || template.has_query(name), "{name:?}");
    }
}

/// Fills the path with values, then omits the optional ones.
fn check_urls(template: &Template) {
    let query: Vec<String> = template.query.iter().map(|variable| format!("{}=x", variable.key)).collect();
    for absent in ["/x", ""] {
        let path = filled(template, |_, expansion| match expansion {
            PathExpansion::Optional | PathExpansion::Segments => absent.into(),
            PathExpansion::Segment | PathExpansion::Reserved | PathExpansion::Key => "x".into(),
        });
        let target = with_query(path, template, &query.join("&"));
        // The call rejects such a path.
        if absent.is_empty() && !target.starts_with('/') {
            continue;
        }
        let url = Url::parse(&format!("http://h{target}")).expect("the template makes a URL");
        assert_eq!((url.target(), url.host()), (&*target, "h"));
    }
}

/// Writes a template with the same parts.
fn written(template: &Template) -> String {
    let path = filled(template, |name, expansion| match expansion {
        PathExpansion::Segment => format!("{{{name}}}"),
        PathExpansion::Reserved => format!("{{+{name}}}"),
        PathExpansion::Key => format!("{{*{name}}}"),
        PathExpansion::Optional => format!("{{/{name}}}"),
        PathExpansion::Segments => format!("{{/{name}*}}"),
    });
    let is_pair = |variable: &&QueryVariable| template.plain || variable.key != variable.name;
    let pairs = template.query.iter().rposition(|variable| is_pair(&variable)).map_or(0, |last| last + 1);
    let (pairs, lists) = template.query.split_at(pairs);
    let pairs: Vec<String> = pairs.iter().map(|pair| format!("{}={{{}}}", pair.key, pair.name)).collect();
    let mut text = with_query(path, template, &pairs.join("&"));
    let mut has_query = !template.literal_keys.is_empty() || !pairs.is_empty();
    for QueryVariable { name, exploded, .. } in lists {
        let (operator, explode) = (if has_query { '&' } else { '?' }, if *exploded { "*" } else { "" });
        text += &format!("{{{operator}{name}{explode}}}");
        has_query = true;
    }
    text
}

/// The parts, with this between them.
fn filled(template: &Template, value: impl Fn(&str, PathExpansion) -> String) -> String {
    let mut text = template.parts[0].clone();
    for (variable, part) in template.path.iter().zip(&template.parts[1..]) {
        text += &value(&variable.name, variable.expansion);
        text += part;
    }
    text
}

fn with_query(path: String, template: &Template, query: &str) -> String {
    match (query.is_empty(), template.literal_keys.is_empty()) {
        (true, _) => path,
        (false, true) => format!("{path}?{query}"),
        (false, false) => format!("{path}&{query}"),
    }
}
