//! Links in the head of a message (RFC 8288).

use crate::{
    parameters::{BLANKS, Parameters},
    secrecy::redacted,
    violation::Violation,
};

/// The target of the first link in a `Link` field whose relation type is `relation`: a reference, to be resolved.
///
/// `link-value = "<" URI-Reference ">" *( OWS ";" OWS link-param )` (RFC 8288, Section 3). Links of another context
/// than the resource itself (`anchor`, Section 3.2) are passed over.
pub(crate) fn target<'v>(value: &'v str, relation: &str) -> Result<Option<&'v str>, Violation> {
    let mut rest = value;
    loop {
        rest = rest.trim_start_matches([',', ' ', '\t']);
        if rest.is_empty() {
            return Ok(None);
        }
        let (target, behind) = split_target(rest)?;
        let mut parameters = Parameters::of_member(behind.trim_start_matches(BLANKS));
        if is_of(&mut parameters, relation) {
            return Ok(Some(target));
        }
        rest = parameters.rest();
        if !rest.is_empty() && !rest.starts_with(',') {
            return Err(Violation::new(
                "parameters or another link must follow the target of a link (RFC 8288, Section 3)",
                &redacted(rest.as_bytes()),
            ));
        }
    }
}

fn split_target(link: &str) -> Result<(&str, &str), Violation> {
    let split = link.strip_prefix('<').and_then(|target| target.split_once('>'));
    split.filter(|(target, _)| !target.contains('<')).ok_or_else(|| {
        let rule = "the target of a link must be in angle brackets (RFC 8288, Section 3)";
        Violation::new(rule, &redacted(link.as_bytes()))
    })
}

/// Reads the parameters of a link, and tells whether it is of this relation type. Of several `rel`, the first one
/// counts (Section 3.3); it has one type or more, without regard to case.
fn is_of(parameters: &mut Parameters<'_>, relation: &str) -> bool {
    let (mut relations, mut has_anchor) = (None, false);
    for (name, value) in parameters {
        if name.eq_ignore_ascii_case("rel") {
            relations.get_or_insert(value);
        } else if name.eq_ignore_ascii_case("anchor") {
            has_anchor = true;
        }
    }
    let is_named = |relations: &str| {
        relations.split_ascii_whitespace().any(|found| found.eq_ignore_ascii_case(relation))
    };
    !has_anchor && relations.is_some_and(|relations| is_named(&relations))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(value: &str, relation: &str) -> Option<String> {
        target(value, relation).unwrap_or_else(|error| panic!("{value}: {error}")).map(str::to_owned)
    }

    /// RFC 8288, Sections 3.2 to 3.5.
    #[test]
    fn the_examples_of_rfc_8288_are_read() {
        for (value, relation, expected) in [
            (
                "<http://example.com/TheBook/chapter2>; rel=\"previous\"; title=\"previous chapter\"",
                "previous",
                Some("http://example.com/TheBook/chapter2"),
            ),
            ("</>; rel=\"http://example.net/foo\"", "http://example.net/foo", Some("/")),
            ("</terms>; rel=\"copyright\"; anchor=\"#foo\"", "copyright", None),
            (
                "</TheBook/chapter2>; rel=\"previous\"; title*=UTF-8'de'letztes%20Kapitel, \
                 </TheBook/chapter4>; rel=\"next\"; title*=UTF-8'de'n%c3%a4chstes%20Kapitel",
                "next",
                Some("/TheBook/chapter4"),
            ),
            (
                "<http://example.org/>; rel=\"start http://example.net/relation/other\"",
                "http://example.net/relation/other",
                Some("http://example.org/"),
            ),
            (
                "<https://example.org/>; rel=\"start\", <https://example.org/index>; rel=\"index\"",
                "index",
                Some("https://example.org/index"),
            ),
        ] {
            assert_eq!(found(value, relation).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn links_that_servers_send_are_read() {
        for (value, expected) in [
            ("", None),
            (" , ,, ", None),
            ("<a>; rel=next", Some("a")),
            ("<>; rel=next", Some("")),
            ("<a>;rel=next", Some("a")),
            ("< a >; rel=next", Some(" a ")),
            ("<a> ; rel = next ", Some("a")),
            ("<a>\t;\trel\t=\t\"next\"", Some("a")),
            ("<a>; REL=NEXT", Some("a")),
            ("<a>; rel=\"prev next\"", Some("a")),
            ("<a>; rel=\" last\tnext \"", Some("a")),
            ("<a>; rel=\"ne\\xt\"", Some("a")),
            ("<a,b;c>; rel=next", Some("a,b;c")),
            ("<a>; title=\"x, <b>; rel=next\"; rel=prev, <c>; rel=next", Some("c")),
            ("<a>; title=\"\\\", <b>; rel=next\"; rel=prev, <c>; rel=next", Some("c")),
            ("<a>; title=x; crossorigin; rel=next", Some("a")),
            ("<a>;; rel=next;", Some("a")),
            ("<a>, <b>; rel=next", Some("b")),
            ("<a>; rel=prev,<b>; rel=next,", Some("b")),
            (",<a>; rel=next, <b>; rel=next", Some("a")),
            // Of several `rel`, the first one counts.
            ("<a>; rel=prev; rel=next", None),
            ("<a>; rel=next; rel=prev", Some("a")),
            ("<a>; rel", None),
            ("<a>; rel=\"\"", None),
            ("<a>; rel=nextpage", None),
            ("<a>; rev=next", None),
            ("<a>; xrel=next", None),
            // A link of something else.
            ("<a>; anchor=b; rel=next, <c>; rel=next", Some("c")),
            // What stands behind the link that is looked for is left alone.
            ("<a>; rel=next, b", Some("a")),
        ] {
            assert_eq!(found(value, "next").as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn what_is_no_link_is_an_error_and_not_the_end() {
        for value in [
            "a",
            "a; rel=next",
            "<a; rel=next",
            "<a; rel=prev, <b>; rel=next",
            "<a> rel=next",
            "<a>b; rel=next",
            "<a>; rel=prev, b; rel=next",
            "; rel=next",
        ] {
            let error = target(value, "next").unwrap_err();
            assert!(error.to_string().contains("RFC 8288, Section 3"), "{value}: {error}");
        }
    }

    /// `quoted-string` (RFC 9110, Section 5.6.4).
    fn quoted(text: &str) -> String {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }

    proptest! {
        #[test]
        fn a_link_is_found_among_any_others(
            links in prop::collection::vec(("[!-;=?-~]{0,9}", "(next|prev|NEXT| x)", "[ -~]{0,9}", any::<bool>()), 0..5),
        ) {
            let write = |(target, relation, title, has_title_first): &(String, String, String, bool)| {
                let (title, relation) = (format!("title={}", quoted(title)), format!("rel={}", quoted(relation)));
                let (first, second) = if *has_title_first { (title, relation) } else { (relation, title) };
                format!("<{target}>; {first} ;{second}")
            };
            let value = links.iter().map(write).collect::<Vec<_>>().join(", ");
            let expected = links.iter().find(|(_, relation, ..)| relation.eq_ignore_ascii_case("next"));
            prop_assert_eq!(found(&value, "next"), expected.map(|(target, ..)| target.clone()), "{}", value);
        }

        #[test]
        fn what_is_found_stands_in_the_field(value in "[<>;,=\" \\\\a-cü]{0,20}|(<[a;,]?>?|[;,] ?|rel=|\"|next| ){0,12}") {
            if let Ok(Some(found)) = target(&value, "next") {
                prop_assert!(value.contains(&format!("<{found}>")), "{}", value);
            }
        }
    }
}
