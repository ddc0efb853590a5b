//! The feature `serde`: a status code is a number.
#![cfg(feature = "serde")]

use std::collections::BTreeMap;

use httpkit_status::StatusCode;

#[test]
fn every_code_round_trips_as_a_number() {
    for code in 100..=999_u16 {
        let status = StatusCode::from_u16(code).expect("three digits");
        let json = serde_json::to_string(&status).expect("a number");
        assert_eq!(json, code.to_string());
        assert_eq!(serde_json::from_str::<StatusCode>(&json).ok(), Some(status));
    }
}

#[test]
fn a_code_is_a_key_of_a_map() {
    let counts = BTreeMap::from([(StatusCode::Ok, 3), (StatusCode::NotFound, 1)]);
    let json = serde_json::to_string(&counts).expect("a map");
    assert_eq!(json, r#"{"200":3,"404":1}"#);
    assert_eq!(serde_json::from_str::<BTreeMap<StatusCode, i32>>(&json).ok(), Some(counts));
}

#[test]
fn other_values_are_refused_by_name() {
    for (json, found) in [
        ("0", "integer `0`"),
        ("99", "integer `99`"),
        ("1000", "integer `1000`"),
        ("65936", "integer `65936`"),
        ("-404", "integer `-404`"),
        ("404.0", "floating point `404.0`"),
        (r#""404""#, r#"string "404""#),
        ("null", "null"),
    ] {
        let error = serde_json::from_str::<StatusCode>(json).expect_err(json).to_string();
        assert!(error.contains(found), "{error}");
        assert!(error.contains("expected a status code from 100 to 999"), "{error}");
    }
}
