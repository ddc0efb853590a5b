//! Media types: a displayed media type parses to the same value, and a written parameter can be read.
//!
//! Input, by line: the name of a parameter, its value, then a field value.

#![no_main]

use httpkit::MediaType;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let mut lines = input.splitn(3, '\n');
    let [name, parameter, value] = [(); 3].map(|()| lines.next().unwrap_or_default());
    check_value(value, name);
    if is_token(name) {
        check_parameter(value, name, parameter);
    }
});

fn check_value(value: &str, name: &str) {
    let Some(media_type) = MediaType::parse(value) else { return };
    let essence = media_type.essence();
    assert!(essence.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype)));
    assert!(media_type.is(&essence.to_ascii_uppercase()));
    let shown = media_type.to_string();
    let again = MediaType::parse(&shown).expect("a displayed media type can be parsed");
    assert_eq!(again, media_type);
    assert_eq!(again.parameter(name), media_type.parameter(&name.to_ascii_uppercase()));
}

/// Writes the parameter as a quoted string, and as a token if it is one, before and after those of `value`.
fn check_parameter(value: &str, name: &str, parameter: &str) {
    let quoted = format!("\"{}\"", parameter.replace('\\', "\\\\").replace('"', "\\\""));
    let rest = value.split_once(';').map_or("", |(_, rest)| rest);
    for written in [Some(&*quoted), Some(parameter).filter(|token| is_token(token))].into_iter().flatten() {
        let first = format!("a/b; {name}={written}; {rest}");
        let found = MediaType::parse(&first).expect("type and subtype are tokens").parameter(name);
        assert_eq!(found.as_deref(), Some(parameter), "{first:?}");
        // After an open quote, the parameter would be part of another one.
        if !rest.contains('"') {
            let last = format!("a/b;{rest};{name}\t= {written}");
            let found = MediaType::parse(&last).expect("type and subtype are tokens").parameter(name);
            let earlier = MediaType::parse(value).and_then(|value| value.parameter(name));
            let is_earlier = rest.split(';').any(|part| is_named(part, name));
            assert!(is_earlier || found.as_deref() == Some(parameter), "{last:?}");
            assert!(earlier.is_none_or(|earlier| found == Some(earlier)), "{last:?}");
        }
    }
}

fn is_named(part: &str, name: &str) -> bool {
    part.split('=').next().is_some_and(|found| found.trim_matches([' ', '\t']).eq_ignore_ascii_case(name))
}

/// `token = 1*tchar` (RFC 9110 §5.6.2).
fn is_token(text: &str) -> bool {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_byte)
}
