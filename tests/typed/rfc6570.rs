//! The examples of RFC 6570, Section 3.2, for the operators that templates have.
//!
//! Templates of ours begin with `/`, so `/up` stands before each expression of the path, and `/up?fixed=yes`
//! before each `{&…}`. Left out are:
//!
//! | rows | why |
//! |---|---|
//! | `{#x}`, `{.x}`, `{;x}` (Sections 3.2.4, 3.2.5, 3.2.7) | a request has no fragment; a dot or a semicolon is literal text before `{x}` |
//! | `{var:3}` | a prefix cuts the value, which is for the caller to do |
//! | `{x,y}`, `{+x,y}`, `{?x}` in pieces (`map?{x,y}`) | outside `{/…}`, `{?…}` and `{&…}`, a placeholder has one name: `{x},{y}` |
//! | `{list}`, `{list*}`, `{keys}`, `{+list}` | `{x}` is one value, written by `Display`: `{/list}` and `{/list*}` take lists |
//! | `{/keys}`, `{/keys*}`, `{?keys}`, `{&keys}` | a map has no place in a path, nor as one value of the query: `{?keys*}` takes it |
//! | `O{empty}X`, `{/var,empty}` | empty values of the path are errors: what they leave behind leads to another resource |
//! | `O{undef}X`, `{+undef}` | what may be missing is written `{/x}` or `{?x}` |
//! | `here?ref={+path}` | `{+x}` is for the path; a `/` in a query value is encoded |

use httpkit::{Result, http_client};
use serde::Serialize;

use crate::{only_request, silent};

const LIST: [&str; 3] = ["red", "green", "blue"];

/// The map of the examples.
#[derive(Serialize)]
struct Keys {
    semi: &'static str,
    dot: &'static str,
    comma: &'static str,
}

const KEYS: Keys = Keys { semi: ";", dot: ".", comma: "," };

/// Sends a request for each row, `template, parameters => target`, and compares the target that arrives.
macro_rules! rows {
    ($($template:tt, $($name:ident: $type:ty = $value:expr),* => $target:literal;)*) => {$({
        #[http_client]
        trait Row {
            #[get($template)]
            fn send(&self, $($name: $type),*) -> Result<()>;
        }

        let server = silent();
        let row = RowClient::builder().base(server.url("")).build().unwrap();
        row.send($($value),*).unwrap();
        assert_eq!(only_request(&server).target(), $target, "{}", $template);
    })*};
}

#[test]
fn simple_expansion() {
    rows! {
        "/up/{var}", var: &str = "value" => "/up/value";
        "/up/{hello}", hello: &str = "Hello World!" => "/up/Hello%20World%21";
        "/up/{half}", half: &str = "50%" => "/up/50%25";
        "/up/{base}index", base: &str = "http://example.com/home/" => "/up/http%3A%2F%2Fexample.com%2Fhome%2Findex";
        "/up/{x},{y}", x: u32 = 1024, y: u32 = 768 => "/up/1024,768";
        "/up/{x},{hello},{y}", x: u32 = 1024, hello: &str = "Hello World!", y: u32 = 768 => "/up/1024,Hello%20World%21,768";
    }
}

#[test]
fn reserved_expansion() {
    rows! {
        "/up/{+var}", var: &str = "value" => "/up/value";
        "/up/{+hello}", hello: &str = "Hello World!" => "/up/Hello%20World!";
        "/up/{+half}", half: &str = "50%" => "/up/50%25";
        "/up/{+base}index", base: &str = "http://example.com/home/" => "/up/http://example.com/home/index";
        "/up/O{+empty}X", empty: &str = "" => "/up/OX";
        "/up{+path}/here", path: &str = "/foo/bar" => "/up/foo/bar/here";
        "/up{+path}{var}/here", path: &str = "/foo/bar", var: &str = "value" => "/up/foo/barvalue/here";
    }
}

#[test]
fn path_segment_expansion() {
    rows! {
        "/up{/who}", who: &str = "fred" => "/up/fred";
        "/up{/who,who}", who: &str = "fred" => "/up/fred/fred";
        "/up{/half,who}", half: &str = "50%", who: &str = "fred" => "/up/50%25/fred";
        "/up{/who,dub}", who: &str = "fred", dub: &str = "me/too" => "/up/fred/me%2Ftoo";
        "/up{/var}", var: &str = "value" => "/up/value";
        "/up{/var,undef}", var: &str = "value", undef: Option<u8> = None => "/up/value";
        "/up{/var,x}/here", var: &str = "value", x: u32 = 1024 => "/up/value/1024/here";
        "/up{/list}", list: &[&str] = &LIST => "/up/red,green,blue";
        "/up{/list*}", list: &[&str] = &LIST => "/up/red/green/blue";
        "/up{/empty_keys*}", empty_keys: &[&str] = &[] => "/up";
    }
}

#[test]
fn form_style_query_expansion() {
    rows! {
        "/up{?who}", who: &str = "fred" => "/up?who=fred";
        "/up{?half}", half: &str = "50%" => "/up?half=50%25";
        "/up{?x,y}", x: u32 = 1024, y: u32 = 768 => "/up?x=1024&y=768";
        "/up{?x,y,empty}", x: u32 = 1024, y: u32 = 768, empty: &str = "" => "/up?x=1024&y=768&empty=";
        "/up{?x,y,undef}", x: u32 = 1024, y: u32 = 768, undef: Option<u8> = None => "/up?x=1024&y=768";
        "/up{?list}", list: &[&str] = &LIST => "/up?list=red,green,blue";
        "/up{?list*}", list: &[&str] = &LIST => "/up?list=red&list=green&list=blue";
        "/up{?keys*}", keys: Keys = KEYS => "/up?semi=%3B&dot=.&comma=%2C";
    }
}

#[test]
fn form_style_query_continuation() {
    rows! {
        "/up?fixed=yes{&who}", who: &str = "fred" => "/up?fixed=yes&who=fred";
        "/up?fixed=yes{&half}", half: &str = "50%" => "/up?fixed=yes&half=50%25";
        "/up?fixed=yes{&x}", x: u32 = 1024 => "/up?fixed=yes&x=1024";
        "/up?fixed=yes{&x,y,empty}", x: u32 = 1024, y: u32 = 768, empty: &str = "" => "/up?fixed=yes&x=1024&y=768&empty=";
        "/up?fixed=yes{&x,y,undef}", x: u32 = 1024, y: u32 = 768, undef: Option<u8> = None => "/up?fixed=yes&x=1024&y=768";
        "/up?fixed=yes{&list}", list: &[&str] = &LIST => "/up?fixed=yes&list=red,green,blue";
        "/up?fixed=yes{&list*}", list: &[&str] = &LIST => "/up?fixed=yes&list=red&list=green&list=blue";
        "/up?fixed=yes{&keys*}", keys: Keys = KEYS => "/up?fixed=yes&semi=%3B&dot=.&comma=%2C";
    }
}
