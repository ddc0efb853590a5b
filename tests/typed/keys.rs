//! Keys of queries and forms: each place that takes fields sends a key under its name, or names it in an error.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the finding")]

use std::sync::{Arc, Mutex};

use httpkit::{Client, Error, ErrorKind, Response, Result, StatusCode, http_client};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde_json::{Value, json};

#[http_client(base = "http://test.example")]
trait Api {
    #[get("/")]
    fn parameter(&self, #[query] x: &Value) -> Result<()>;

    #[get("/")]
    fn flattened(&self, #[query(flatten)] x: &Value) -> Result<()>;

    #[get("/{?x}")]
    fn expanded(&self, x: &Value) -> Result<()>;

    #[get("/{?x*}")]
    fn exploded(&self, x: &Value) -> Result<()>;

    #[post("/")]
    fn form(&self, #[form] x: &Value) -> Result<()>;
}

type Pairs = Vec<(String, String)>;

/// A place for a value, and what sends it there.
struct Place {
    name: &'static str,
    /// True if the fields of a value become keys; otherwise the value has the key `x`.
    takes_fields: bool,
    /// True if a value without fields has the key `x`.
    takes_values: bool,
    send: fn(&Client, &Value) -> Result<()>,
}

const PLACES: [Place; 7] = [
    Place {
        name: ".query",
        takes_fields: true,
        takes_values: false,
        send: |client, value| client.get("http://test.example/").query(value).send().map(drop),
    },
    Place {
        name: ".form",
        takes_fields: true,
        takes_values: false,
        send: |client, value| client.post("http://test.example/").form(value).send().map(drop),
    },
    Place {
        name: "#[query(flatten)]",
        takes_fields: true,
        takes_values: false,
        send: |client, value| ApiClient::new(client.clone()).flattened(value),
    },
    Place {
        name: "#[form]",
        takes_fields: true,
        takes_values: false,
        send: |client, value| ApiClient::new(client.clone()).form(value),
    },
    Place {
        name: "{?x*}",
        takes_fields: true,
        takes_values: true,
        send: |client, value| ApiClient::new(client.clone()).exploded(value),
    },
    Place {
        name: "#[query]",
        takes_fields: false,
        takes_values: true,
        send: |client, value| ApiClient::new(client.clone()).parameter(value),
    },
    Place {
        name: "{?x}",
        takes_fields: false,
        takes_values: true,
        send: |client, value| ApiClient::new(client.clone()).expanded(value),
    },
];

impl Place {
    /// The pairs that a server would decode from the request.
    fn pairs(&self, value: &Value) -> Result<Pairs> {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let seen = sent.clone();
        let answer = move |request: httpkit::Request<'_>, _: httpkit::Next<'_>| -> Result<Response> {
            let form = request.body().as_bytes().map(|body| String::from_utf8_lossy(body).replace('+', " "));
            let text = form.unwrap_or_default() + request.url().query().unwrap_or_default();
            *seen.lock().unwrap() = decoded(&text);
            Response::builder(&request, StatusCode::NoContent).build()
        };
        (self.send)(&Client::builder().middleware(answer).build().unwrap(), value)?;
        Ok(std::mem::take(&mut *sent.lock().unwrap()))
    }
}

fn decoded(text: &str) -> Pairs {
    let decode = |part: &str| percent_decode_str(part).decode_utf8().unwrap().into_owned();
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap()).map(|(key, value)| (decode(key), decode(value))).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// The field that an error names.
fn named(error: &Error) -> &str {
    match error.kind() {
        ErrorKind::Parameter { name, .. } => name,
        _ => panic!("{error}"),
    }
}

#[test]
fn sends_each_key_under_its_name() {
    for (value, expected) in [
        (json!({"name": "n", "page": 1}), pairs(&[("name", "n"), ("page", "1")])),
        (json!([["a", 1], ["b", null]]), pairs(&[("a", "1")])),
        (json!({"labels": ["x y", null, "ü&="]}), pairs(&[("labels", "x y"), ("labels", "ü&=")])),
        (json!({"k": "", "k2": true, "none": null}), pairs(&[("k", ""), ("k2", "true")])),
        (json!({}), pairs(&[])),
        (json!([]), pairs(&[])),
        (Value::Null, pairs(&[])),
    ] {
        for place in PLACES.iter().filter(|place| place.takes_fields) {
            assert_eq!(place.pairs(&value).unwrap(), expected, "{} {value}", place.name);
        }
    }
}

#[test]
fn rejects_nested_keys_and_names_their_field() {
    for (value, field) in [
        (json!({"name": "n", "price": {"from": 1, "to": 2}}), "price"),
        (json!({"created": {"gte": 1, "lt": 2}, "updated": {"gte": 3}}), "created"),
        (json!({"ranges": [[10, 20], [30, 40]]}), "ranges"),
        (json!({"empty": {}}), "empty"),
        (json!({"list": [["a"]]}), "list"),
        (json!([["price", {"from": 1}]]), "price"),
    ] {
        for place in PLACES.iter().filter(|place| place.takes_fields) {
            let error = place.pairs(&value).unwrap_err();
            assert_eq!(named(&error), field, "{} {value}: {error}", place.name);
            assert!(!error.may_have_been_processed());
        }
        for place in PLACES.iter().filter(|place| !place.takes_fields) {
            assert_eq!(named(&place.pairs(&value).unwrap_err()), "x", "{} {value}", place.name);
        }
    }
}

#[test]
fn rejects_value_that_has_no_fields() {
    for value in [json!("text"), json!(7), json!(["a", "b"]), json!([["a", 1], "b"]), json!([["a", 1, 2]])] {
        for place in PLACES.iter().filter(|place| !place.takes_values) {
            let name = if place.name.contains("form") { "form" } else { "query" };
            assert_eq!(named(&place.pairs(&value).unwrap_err()), name, "{} {value}", place.name);
        }
    }
}

/// A value that a place sends under one name: as texts.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(members) => members.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let text = "[a-c&=+% ü]{0,3}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i32>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(text, inner, 0..4)
                .prop_map(|fields| fields.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #[test]
    fn no_key_is_sent_that_is_no_outermost_name(value in any_value()) {
        for place in &PLACES {
            let Ok(found) = place.pairs(&value) else { continue };
            let mut expected = Pairs::new();
            match &value {
                Value::Object(fields) => {
                    for (name, value) in fields {
                        expected.extend(texts(value).into_iter().map(|text| (name.clone(), text)));
                    }
                }
                // A list of pairs is fields; any other one is the value of `x`.
                Value::Array(members) if place.takes_fields && members.iter().all(Value::is_array) => {
                    for pair in members {
                        let name = texts(&pair[0]).concat();
                        expected.extend(texts(&pair[1]).into_iter().map(|text| (name.clone(), text)));
                    }
                }
                other if place.takes_fields => {
                    expected.extend(texts(other).into_iter().map(|text| ("x".to_owned(), text)));
                }
                other => {
                    let list = texts(other);
                    expected.extend((!list.is_empty()).then(|| ("x".to_owned(), list.join(","))));
                }
            }
            prop_assert_eq!(found, expected, "{} {}", place.name, value);
        }
    }

    #[test]
    fn form_agrees_with_serde_html_form(fields in prop::collection::vec(("[ -~ü]{0,5}", prop::option::of("[ -~ü]{0,5}")), 0..5)) {
        let ours = httpkit::encode_form(&fields).unwrap();
        prop_assert_eq!(ours, serde_html_form::to_string(&fields).unwrap());
    }
}
