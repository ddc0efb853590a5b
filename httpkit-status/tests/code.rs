//! Numbers and texts in and out, and comparison by code.

use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashSet},
    hash::{BuildHasher, RandomState},
};

use httpkit_status::{InvalidStatusCode, StatusCode};

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).expect("three digits")
}

fn all() -> impl Iterator<Item = StatusCode> {
    (100..=999).map(status)
}

#[test]
fn numbers_from_100_to_999_come_back_and_no_others() {
    for code in 0..=u16::MAX {
        let status = StatusCode::from_u16(code);
        assert_eq!(status.is_some(), (100..=999).contains(&code), "{code}");
        assert_eq!(StatusCode::try_from(code).ok(), status, "{code}");
        if let Some(status) = status {
            assert_eq!(status.code(), code);
            assert_eq!(u16::from(status), code);
        }
    }
}

#[test]
fn one_code_has_one_spelling() {
    let registered: HashSet<u16> = StatusCode::iter().map(StatusCode::code).collect();
    for status in all() {
        match status {
            StatusCode::Unregistered(unregistered) => {
                assert!(!registered.contains(&unregistered.code()), "{unregistered:?}");
                assert_eq!(unregistered.code(), status.code());
            }
            _ => assert!(registered.contains(&status.code()), "{status:?}"),
        }
    }
}

#[test]
fn three_digits_are_read_and_nothing_else() {
    for code in 0..=9999 {
        let text = format!("{code:03}");
        let expected = (100..=999).contains(&code).then(|| status(code));
        assert_eq!(text.parse::<StatusCode>().ok(), expected, "{text}");
    }
    for text in [
        "",
        "2",
        "20",
        "2000",
        "0200",
        "+20",
        "-20",
        "+200",
        " 200",
        "200 ",
        "2 0",
        "20a",
        "2.0",
        "0x1",
        "200\n",
        "1e2",
        "２００",
        "２0",
        "²00",
        "٢٠٠",
        "OK",
        "200 OK",
    ] {
        assert!(text.parse::<StatusCode>().is_err(), "{text:?}");
    }
}

#[test]
fn display_is_code_and_phrase_or_the_code_alone() {
    assert_eq!(StatusCode::NotFound.to_string(), "404 Not Found");
    assert_eq!(StatusCode::Unused418.to_string(), "418 (Unused)");
    for status in all() {
        let expected = match status.reason() {
            Some(reason) => format!("{} {reason}", status.code()),
            None => status.code().to_string(),
        };
        assert_eq!(status.to_string(), expected);
        assert_eq!(status.to_string()[..3].parse(), Ok(status));
    }
}

#[test]
fn width_and_alignment_apply() {
    assert_eq!(format!("{:>10}|", StatusCode::Ok), "    200 OK|");
    assert_eq!(format!("{:6}|{:<6}|{:>6}|", status(299), status(299), status(905)), "299   |299   |   905|");
    assert_eq!(format!("{:5?}|", StatusCode::Ok), "Ok   |");
}

#[test]
fn debug_is_the_variant() {
    assert_eq!(format!("{:?}", StatusCode::NotFound), "NotFound");
    assert_eq!(format!("{:?}", status(299)), "Unregistered(299)");
    let StatusCode::Unregistered(unregistered) = status(299) else {
        panic!("299 is not registered");
    };
    assert_eq!(format!("{unregistered:?}"), "299");
    let mut last_two = StatusCode::iter();
    last_two.nth(60);
    assert_eq!(format!("{last_two:?}"), "[NotExtended, NetworkAuthenticationRequired]");
}

#[test]
fn order_equality_and_hash_go_by_code() {
    let hasher = RandomState::new();
    for a in all() {
        for b in all() {
            let expected = a.code().cmp(&b.code());
            assert_eq!(a.cmp(&b), expected);
            assert_eq!(a.partial_cmp(&b), Some(expected));
            assert_eq!(a == b, expected == Ordering::Equal);
        }
        assert_eq!(hasher.hash_one(a), hasher.hash_one(a.code()));
    }
    let sorted: BTreeSet<StatusCode> = [511, 299, 200, 100, 999, 600].map(status).into();
    assert!(sorted.into_iter().map(StatusCode::code).eq([100, 200, 299, 511, 600, 999]));
}

#[test]
fn integers_compare_from_both_sides() {
    for status in [StatusCode::Ok, status(299), StatusCode::NotFound] {
        for code in [0, 199, 200, 201, 299, 404, u16::MAX] {
            assert_eq!(status == code, status.code() == code);
            assert_eq!(code == status, status.code() == code);
            assert_eq!(status.partial_cmp(&code), Some(status.code().cmp(&code)));
            assert_eq!(code.partial_cmp(&status), Some(code.cmp(&status.code())));
        }
    }
    assert!(StatusCode::NotFound == 404 && StatusCode::NotFound >= 400);
}

#[test]
fn a_code_takes_four_bytes_and_so_does_an_option_of_it() {
    assert_eq!(size_of::<StatusCode>(), 4);
    assert_eq!(size_of::<Option<StatusCode>>(), 4);
}

#[test]
fn constants_are_made_at_compile_time() {
    const STATUS: StatusCode = StatusCode::from_u16(420).expect("three digits");
    const FACTS: (u16, Option<&str>, bool) =
        (STATUS.code(), StatusCode::Gone.reason(), STATUS.is_client_error());
    assert_eq!(FACTS, (420, Some("Gone"), true));
}

#[test]
fn errors_name_the_rule_the_value_and_the_limits() {
    const RULE: &str =
        "expected a status code of three digits from 100 to 999 (RFC 9110, Section 15), found ";
    let number = |code: u16| StatusCode::try_from(code).expect_err("out of range");
    let text = |text: &str| text.parse::<StatusCode>().expect_err("no code");
    for (error, found) in [
        (number(0), "0"),
        (number(99), "99"),
        (number(1000), "1000"),
        (number(u16::MAX), "65535"),
        (text(""), r#""""#),
        (text("+20"), r#""+20""#),
        (text("099"), r#""099""#),
        (text("２００"), r#""２００""#),
        (text("\r\n\""), r#""\r\n\"""#),
        (text("200 not more"), r#""200 not more""#),
        (text("200 and more than that"), r#""200 and more…""#),
    ] {
        assert_eq!(error.to_string(), format!("{RULE}{found}"));
    }
}

#[test]
fn the_error_is_an_error_that_threads_may_share() {
    fn check<E: std::error::Error + Send + Sync + 'static>(_: &E) {}
    let error: InvalidStatusCode = StatusCode::try_from(7).expect_err("out of range");
    check(&error);
}
