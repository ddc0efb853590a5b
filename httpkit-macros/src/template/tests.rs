use std::fmt::Write;

use super::{PathExpansion, QueryVariable, Template};

/// Writes a template's parts around its path variables, then its query variables.
fn shown(template: &Template) -> String {
    let mut text = template.parts[0].clone();
    for (variable, part) in template.path.iter().zip(&template.parts[1..]) {
        let mark = match variable.expansion {
            PathExpansion::Segment => "",
            PathExpansion::Reserved => "+",
            PathExpansion::Key => "*",
            PathExpansion::Optional => "/",
            PathExpansion::Segments => "/*",
        };
        write!(text, "<{mark}{}>{part}", variable.name).expect("a string takes all");
    }
    for QueryVariable { key, name, exploded } in &template.query {
        let mark = if *exploded { "*" } else { "" };
        write!(text, " {key}={name}{mark}").expect("a string takes all");
    }
    text
}

#[rustfmt::skip] // One case a line.
const SPLIT: &[(&str, &str)] = &[
    ("/", "/"),
    ("/a/b/", "/a/b/"),
    ("/{a}", "/<a>"),
    ("/{a}/{b}", "/<a>/<b>"),
    ("/{a}{b}", "/<a><b>"),
    ("/{w}x{h}.{type}", "/<w>x<h>.<type>"),
    ("/v1/{id}.json", "/v1/<id>.json"),
    ("/{id}/{id}", "/<id>/<id>"),
    ("/users/{id}{?id}", "/users/<id> id=id"),
    ("/files/{+path}", "/files/<+path>"),
    ("/objects/{*key}", "/objects/<*key>"),
    ("{/parts*}", "</*parts>"),
    ("/a{/parts*}/b", "/a</*parts>/b"),
    ("/a{/x,y*}", "/a</x></*y>"),
    ("/a{?x}", "/a x=x"),
    ("/a{?x,y*,z}", "/a x=x y=y* z=z"),
    ("/a{?x}{&y}", "/a x=x y=y"),
    ("/a?x=1", "/a?x=1"),
    ("/a?x=1&y", "/a?x=1&y"),
    ("/a?x=1{&y,z*}", "/a?x=1 y=y z=z*"),
    ("/a?page={page}", "/a page=page"),
    ("/a?p={page}&s={size}", "/a p=page s=size"),
    ("/a?x=1&page={page}{&y}", "/a?x=1 page=page y=y"),
    ("/{id}?x=/?:@", "/<id>?x=/?:@"),
    ("/{{a}}", "/%7Ba%7D"),
    ("/{{{a}}}", "/%7B<a>%7D"),
    ("/a%20b;v=1,2/~-._!$&'()*+:@", "/a%20b;v=1,2/~-._!$&'()*+:@"),
    ("/.well-known/...", "/.well-known/..."),
    ("/.{a}", "/.<a>"),
];

#[test]
fn templates_are_split_for_the_wire() {
    for (text, expected) in SPLIT {
        let template = Template::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(shown(&template), *expected, "{text}");
        assert_eq!(template.parts.len(), template.path.len() + 1, "{text}");
    }
}

#[test]
fn templates_without_operators_are_format_strings() {
    for (text, plain) in [
        ("/", true),
        ("/{a}/{{b}}", true),
        ("/a?page={page}", true),
        ("/{+a}", false),
        ("/{a}{/b}", false),
        ("/a{?b}", false),
    ] {
        let template = Template::parse(text).expect("the template is valid");
        assert_eq!(template.plain, plain, "{text}");
    }
}

#[rustfmt::skip] // One case a line.
const FAULTY: &[(&str, &str, &str)] = &[
    ("", "a path starts with `/`", "`\"/\"`"),
    ("users", "a path starts with `/`", "`\"/users\"`"),
    ("{?page}", "a path starts with `/`", "`\"/{?page}\"`"),
    ("https://example.org/a", "this is an absolute URL", "takes scheme and host"),
    ("/a//b", "an empty segment", "`/a/b`"),
    ("//host/a", "an empty segment", "`/host/a`"),
    ("/{a}//", "an empty segment", "`/{a}`"),
    ("/a/{/b}", "an empty segment", "`/a{/b}`"),
    ("/a/./b", "a dot segment `.`", "`/a/b`"),
    ("/..", "a dot segment `..`", "`/`"),
    ("/a/%2E%2e/b", "a dot segment `%2E%2e`", "`/a/b`"),
    ("/a b", "` ` (U+0020) cannot stand in a request", "`%20`"),
    ("/ü", "`ü` (U+00FC) cannot stand", "`%C3%BC`"),
    ("/a\u{200b}", "`\\u{200b}` (U+200B) cannot stand", "`%E2%80%8B`"),
    ("/a\u{1}", "`\\u{1}` (U+0001) cannot stand", "`%01`"),
    ("/a\\b", "`\\\\` (U+005C) cannot stand", "`%5C`"),
    ("/a?b=|", "`|` (U+007C) cannot stand", "`%7C`"),
    ("/a[0]", "`[` (U+005B) cannot stand", "`%5B`"),
    ("/a%", "`%` starts no percent-encoding", "`%25`"),
    ("/a%2", "`%` starts no percent-encoding", "`%25`"),
    ("/a%2{b}", "`%` starts no percent-encoding", "`%25`"),
    ("/a%zz", "`%` starts no percent-encoding", "`%25`"),
    ("/a#b", "a request has no fragment", "`%23`"),
    ("/{}", "placeholder `{}` names no parameter", "`{{` and `}}`"),
    ("/{?}", "placeholder `{?}` names no parameter", "`{{` and `}}`"),
    ("/{?a,}", "placeholder `{?a,}` names no parameter", "`{{` and `}}`"),
    ("/{a b}", "`a b` in `{a b}` is not the name", "`{{` and `}}`"),
    ("/{1}", "`1` in `{1}` is not the name", "`{{` and `}}`"),
    ("/{_}", "`_` in `{_}` is not the name", "`{{` and `}}`"),
    ("/{?per-page}", "`per-page` in `{?per-page}` is not the name", "`#[query(\"…\")]`"),
    ("/{a", "placeholder `{a` is not closed", "`{{` for a literal brace"),
    ("/{a/{b}", "placeholder `{a/{b}` is not closed", "`{{` for a literal brace"),
    ("/a}", "`}` closes no placeholder", "`}}`"),
    ("/{a,b}", "a path placeholder has one name, found `{a,b}`", "`{/x}`"),
    ("/{a*}", "`*` repeats a list, found `{a*}`", "`{/a*}` for segments"),
    ("/{#a}", "operator `#` of RFC 6570", "`{+x}`"),
    ("/{;a}", "operator `;` of RFC 6570", "`{+x}`"),
    ("/{.a}", "operator `.` of RFC 6570", "`{+x}`"),
    ("/{a:3}", "prefixes of RFC 6570", "`{+x}`"),
    ("/a?x=1{?y}", "the query has begun before `{?y}`", "`{&y}`"),
    ("/a{?x}{?y}", "the query has begun before `{?y}`", "`{&y}`"),
    ("/a{&x}", "`{&x}` continues a query", "`{?x}`"),
    ("/a{?x}/b", "nothing follows `{?…}`, found `/b`", "before the query"),
    ("/a{?x}{b}", "a placeholder is the whole value of a key, found `{b}`", "`{?name}`"),
    ("/a?{x}", "the whole value of a key, found `{x}`", "`?key={name}`"),
    ("/a?q=is:{x}", "the whole value of a key, found `q=is:{x}`", "`?key={name}`"),
    ("/a?q={x}s", "the whole value of a key, found `s`", "`?key={name}`"),
    ("/a?q={x}{y}", "the whole value of a key, found `{y}`", "`?key={name}`"),
    ("/a?x={+y}", "`{+y}` belongs to the path", "`{?x,y}`"),
    ("/a?q={x}&r=1", "literal pairs of the query stand before", "`?r=1&key={name}`"),
    ("/a?a%5B%5D={x}", "the key `a%5B%5D` of a placeholder", "`#[query(\"…\")]`"),
    ("/a?", "the query has an empty pair", "`?key=value&other=value`"),
    ("/a?x=1&&y=1", "the query has an empty pair", "`?key=value&other=value`"),
    ("/a{?x,x}", "query key `x` is set twice", "`{?x*}`"),
    ("/a?x=1{&x}", "query key `x` is set twice", "`{?x*}`"),
];

#[test]
fn faulty_templates_are_refused_with_rule_and_fix() {
    for (text, rule, fix) in FAULTY {
        let message = Template::parse(text).expect_err(text);
        let (found, help) = message.split_once("\nhelp: ").expect("a message has a fix");
        assert!(found.contains(rule), "{text}: {found}");
        assert!(help.contains(fix), "{text}: {help}");
    }
}
