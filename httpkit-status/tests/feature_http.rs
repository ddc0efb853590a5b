//! The feature `http`: conversions from and to `http::StatusCode`.
#![cfg(feature = "http")]

use httpkit_status::StatusCode;

#[test]
fn every_code_converts_both_ways() {
    for code in 100..=999 {
        let ours = StatusCode::from_u16(code).expect("three digits");
        let theirs = http::StatusCode::from_u16(code).expect("three digits");
        assert_eq!(http::StatusCode::from(ours), theirs);
        assert_eq!(StatusCode::from(theirs), ours);
    }
}
