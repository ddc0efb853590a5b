//! What is said about mistakes.

use super::tokens;
use crate::errors::Errors;
use crate::{parse, validate};

/// Returns what is said about a trait.
fn messages(arguments: &str, items: &str) -> Vec<String> {
    let mut errors = Errors::default();
    let item = parse::item(tokens(&format!("trait Api {{ {items} }}"))).expect("this is a trait");
    validate::client(parse::client(tokens(arguments), item, &mut errors), &mut errors);
    errors.messages()
}

fn assert_messages(arguments: &str, items: &str, expected: &[&str]) {
    let found = messages(arguments, items);
    let matches = found.iter().zip(expected).all(|(found, expected)| found.contains(expected));
    assert!(matches && found.len() == expected.len(), "{arguments} {items}\n{found:#?}");
}

#[rustfmt::skip] // One case a line.
const FAULTLESS: &[(&str, &str)] = &[
    ("", ""),
    (r#"base = "http://localhost:8080/api/v1/""#, ""),
    (r#"base = "HTTPS://[::1]:80""#, ""),
    ("client = Other, crate = a::b,", ""),
    (r#"headers("a" = "b", "c" = "")"#, ""),
    ("", r#"#[get("/{id}")] fn f(&self, #[path] id: u8) -> R;"#),
    ("", r#"#[get("/{id}")] fn f(&self, #[path("id")] user: u8) -> R;"#),
    ("", r#"#[get("/{?id}")] fn f(&self, #[query] id: u8) -> R;"#),
    ("", r#"#[get("/{?id}")] fn f(&self, #[query("id")] user: u8) -> R;"#),
    ("", r#"#[get("/{type}")] fn f(&self, r#type: u8) -> R;"#),
    ("", r#"#[get("/{id}")] fn f<'a>(&'a self, #[allow(unused)] id: &'a str) -> R;"#),
    ("", r#"#[delete("/")] fn f(&self, #[json] filter: &F) -> R;"#),
    ("", "#[get] fn f(&self, #[url] next: &str, #[query] page: u8) -> R;"),
    ("", r#"#[http("PURGE")] fn f(&self, #[url] next: &str) -> R;"#),
    ("", r#"#[get("/{id}{?id}")] fn f(&self, id: u8) -> R;"#),
    ("", r#"#[http("PURGE", "/")] #[tool::attribute] fn f(&self) -> R;"#),
    ("", r#"#[get("/")] #[stranger] fn f(&self) -> R;"#),
    ("", r#"#[headers("a" = "b")] #[get("/")] #[headers("c" = "d")] fn f(&self) -> R;"#),
    ("", "const LIMIT: u8 = 1; fn f() -> u8 { 1 } #[stranger] fn g(self) where Self: Sized {}"),
];

#[test]
fn faultless_traits_are_accepted() {
    for (arguments, items) in FAULTLESS {
        assert_messages(arguments, items, &[]);
    }
}

#[rustfmt::skip] // One case a line.
const ARGUMENTS: &[(&str, &str)] = &[
    ("bse = \"https://example.org\"", "did you mean `base`?"),
    ("timeout = 3", "the arguments are `base"),
    ("base = BASE", "the base URL is a string literal"),
    ("client = A, client = B", "`client` is given twice"),
    (r#"base = "example.org""#, "the base URL is absolute, found `example.org`"),
    (r#"base = "ftp://example.org""#, "found `ftp`"),
    (r#"base = "https://""#, "found host ``"),
    (r#"base = "https://a b""#, "found host `a b`"),
    (r#"base = "https://[::g]""#, "found host `[::g]`"),
    (r#"base = "https://[::1""#, "found host `["),
    (r#"base = "https://a:b@c""#, "no credentials"),
    (r#"base = "https://a:65536""#, "found port `65536`"),
    (r#"base = "https://a:+5""#, "found port `+5`"),
    (r#"base = "https://a:""#, "found port ``"),
    (r#"base = "https://a?b""#, "neither query nor fragment, found `?`"),
    (r#"base = "https://a/#b""#, "neither query nor fragment, found `#`"),
    (r#"base = "https://a/{b}""#, "no placeholders, found `b`"),
    (r#"base = "https://a//b""#, "an empty segment"),
    (r#"base = "https://a/b c""#, "(U+0020)"),
    (r#"headers("a b" = "c")"#, "no ` ` (at index 1), found `a b`"),
    (r#"headers("" = "c")"#, "the name of a header is not empty"),
    (r#"headers("Host" = "c")"#, "the transport sets `Host`"),
    (r#"headers("a" = "b\r\nc")"#, "no control characters, found `\\r`"),
    (r#"headers("a" = " b")"#, "begins and ends without blanks"),
    (r#"headers("a" = "b", "A" = "c")"#, "header `a` is given twice"),
    (r#"headers("a")"#, "constant header `a` has no value"),
    (r#"headers(a = "b")"#, "the name of a header is a string literal"),
];

#[test]
fn mistakes_in_arguments_are_reported() {
    for (arguments, expected) in ARGUMENTS {
        assert_messages(arguments, "", &[expected]);
    }
    assert_messages("bse = 1, hedaers(), client = C", "", &["`base`", "`headers`"]);
}

#[rustfmt::skip] // One case a line.
const METHODS: &[(&str, &str)] = &[
    ("fn f(&self) -> R;", "method `f` has no HTTP verb"),
    (r#"#[gett("/")] fn f(&self) -> R;"#, "did you mean `get`?"),
    (r#"#[GET("/")] fn f(&self) -> R;"#, "did you mean `get`?"),
    (r#"#[fetch("/")] fn f(&self) -> R;"#, "`#[fetch]` is no HTTP verb"),
    (r#"#[get("/")] #[post("/")] fn f(&self) -> R;"#, "`#[get]` is already here"),
    ("#[get] fn f(&self) -> R;", "a verb needs a path"),
    ("#[get()] fn f(&self) -> R;", "a verb needs a path"),
    (r#"#[http("PURGE")] fn f(&self) -> R;"#, "`#[http(\"PURGE\", \"/…\")]`"),
    ("#[get(PATH)] fn f(&self) -> R;", "the path is a string literal"),
    (r#"#[get(concat!("/", "a"))] fn f(&self) -> R;"#, "the path is a string literal"),
    ("#[get] fn f(&self, #[query] a: u8) -> R;", "or give a parameter `#[url]`"),
    ("#[get] fn f(&self, #[ur] a: u8) -> R;", "did you mean `url`?"),
    ("#[get] fn f(&self, #[url] a: A, b: B) -> R;", "help: mark it `#[query]` or"),
    ("#[get] fn f(&self, #[url] a: A, #[url] b: B) -> R;", "`#[url] a` is it"),
    (r#"#[get("/a")] fn f(&self, #[url] a: A) -> R;"#, "the verb has the path `/a`, and `#[url]`"),
    (r#"#[get("/", json)] fn f(&self) -> R;"#, "nothing behind its path"),
    (r#"#[get("a")] fn f(&self) -> R;"#, "a path starts with `/`"),
    (r#"#[get("/")] fn f(&self) -> R { R }"#, "a verb or a body"),
    (r#"#[cfg_attr(a, get("/"))] fn f(&self) -> R;"#, "use `#[cfg]` on the whole method"),
    (r#"#[http("A B", "/")] fn f(&self) -> R;"#, "an HTTP method has no ` `"),
    (r#"#[http("get", "/")] fn f(&self) -> R;"#, "case-sensitive, found `get`"),
    (r#"#[http("CONNECT", "/")] fn f(&self) -> R;"#, "asks a proxy for a tunnel"),
    (r#"#[get("/")] #[headers] fn f(&self) -> R;"#, "`#[headers]` needs pairs"),
    (r#"#[get("/")] #[json] fn f(&self) -> R;"#, "`#[json]` belongs on a parameter"),
    (r#"#[get("/")] async fn f(&self) -> R;"#, "remove `async`"),
    (r#"#[get("/")] unsafe fn f(&self) -> R;"#, "a request cannot be `unsafe`"),
    (r#"#[get("/")] extern "C" fn f(&self) -> R;"#, "a request cannot be `extern \"C\"`"),
    (r#"#[get("/")] const fn f(&self) -> R;"#, "a request cannot be `const`"),
    (r#"#[get("/")] pub fn f(&self) -> R;"#, "as visible as its trait"),
    (r#"#[get("/")] fn f(self) -> R;"#, "its methods take `&self`"),
    (r#"#[get("/")] fn f(&mut self) -> R;"#, "its methods take `&self`"),
    (r#"#[get("/")] fn f() -> R;"#, "`fn f(&self, …)`"),
    (r#"#[get("/{a}")] fn f(&self, (a): u8) -> R;"#, "this is a pattern"),
    (r#"#[get("/{a}")] fn f(&self, mut a: u8) -> R;"#, "this is a pattern"),
    (r#"#[get("/")] fn f(&self) -> Result<impl A>;"#, "name the type"),
    ("type T;", "only methods and items with defaults"),
    ("const C: u8;", "give `C` a value"),
    ("methods!();", "write out what the macro expands to"),
];

#[test]
fn mistakes_in_methods_are_reported() {
    for (method, expected) in METHODS {
        assert_messages("", method, &[expected]);
    }
}

#[rustfmt::skip] // One case a line.
const PARAMETERS: &[(&str, &str, &str)] = &[
    (r#"get("/{rep}")"#, "repo: &str", "did you mean `{repo}`?"),
    (r#"get("/{repository}")"#, "name: &str", "did you mean `{name}`?"),
    (r#"get("/{repo}")"#, "", "add a parameter `repo: …`"),
    (r#"get("/{?pag}")"#, "page: u8", "did you mean `{page}`?"),
    (r#"get("/")"#, "state: u8", "append `{?state}` to the path"),
    (r#"get("/?a=1")"#, "state: u8", "append `{&state}` to the path"),
    (r#"post("/")"#, "state: u8", "send it as the content with `#[json]`"),
    (r#"get("/")"#, "#[path] id: u8", "the path `/` has no `{id}`"),
    (r#"get("/{id}")"#, "#[path] idd: u8", "did you mean `#[path(\"id\")]`?"),
    (r#"get("/{id}")"#, "id: u8, #[path(\"id\")] b: u8", "placeholder `{id}` has two parameters"),
    (r#"get("/")"#, "#[pth] id: u8", "did you mean `path`?"),
    (r#"get("/")"#, "#[stranger] id: u8", "parameters take `#[path]`"),
    (r#"get("/")"#, "#[cfg(a)] id: u8", "put `#[cfg]` on the whole method"),
    (r#"post("/")"#, "#[json] a: A, #[form] b: B", "`#[json] a` is it"),
    (r#"post("/")"#, "#[body] a: A, #[body] b: B", "`#[body] a` is it"),
    (r#"post("/")"#, "#[json] #[query] a: A", "two roles: `#[json]` and `#[query]`"),
    (r#"post("/{a}")"#, "#[json] a: A", "two roles: `{a}` in the path, and `#[json]`"),
    (r#"post("/{a}")"#, "#[query] a: A", "two roles: `{a}` in the path, and `#[query]`"),
    (r#"trace("/")"#, "#[json] a: A", "TRACE must not carry content"),
    (r#"get("/?a=1")"#, "#[query] a: A", "query key `a` is set twice"),
    (r#"get("/{?a}")"#, "a: A, #[flag(\"a\")] b: bool", "query key `a` is set twice"),
    (r#"get("/")"#, "#[query] a: A, #[query(\"a\")] b: B", "query key `a` is set twice"),
    (r#"get("/")"#, "#[header] a: A", "a header needs a name"),
    (r#"get("/")"#, "#[header(\"a b\")] a: A", "no ` ` (at index 1)"),
    (r#"get("/")"#, "#[header(\"Content-Length\")] a: A", "the transport sets"),
    (r#"get("/")"#, "#[header(\"a\")] a: A, #[header(\"A\")] b: B", "header `A` is set twice"),
    (r#"get("/")"#, "#[header(\"a\", secrt)] a: A", "did you mean `secret`?"),
    (r#"get("/")"#, "#[query(nam = \"q\")] a: A", "unknown option `nam` of `#[query]`"),
    (r#"get("/")"#, "#[query(\"a\", flatten)] a: A", "`#[query]` does not take `\"a\"`"),
    (r#"get("/")"#, "#[query = \"a\"] a: A", "`#[query]` does not take"),
    (r#"get("/")"#, "#[query(1)] a: A", "`#[query]` does not take `1`"),
    (r#"post("/")"#, "#[json(\"a\")] a: A", "`#[json]` does not take `\"a\"`"),
    (r#"post("/")"#, "#[body(\"csv\")] a: A", "a content type is `type/subtype`, found `csv`"),
    (r#"get("/")"#, "#[bearer] a: A, #[basic] b: B", "`Authorization` has one value, and `#[bearer]`"),
    (r#"get("/")"#, "#[header(\"authorization\")] a: A, #[basic] b: B", "and `#[header]` sets it"),
];

#[test]
fn mistakes_in_parameters_are_reported() {
    for (verb, parameters, expected) in PARAMETERS {
        let method = format!("#[{verb}] fn f(&self, {parameters}) -> R;");
        assert_messages("", &method, &[expected]);
    }
}

#[test]
fn every_mistake_is_reported() {
    let items = r#"
        #[get("users")] fn a(&self, page: u32) -> R;
        #[post("/{id}")] async fn b(&self, name: &str, #[headr("etag")] tag: &str) -> R;
        fn c(&self) -> R;
    "#;
    let expected = [
        "`bse`",
        "unknown attribute `headr`",
        "a path starts with `/`",
        "remove `async`",
        "placeholder `{id}` has no parameter",
        "parameter `name` is not used",
        "method `c` has no HTTP verb",
    ];
    assert_messages("bse = \"https://example.org\"", items, &expected);
}
