//! The class of every code, and its predicates.

use httpkit_status::{StatusClass, StatusCode};

#[test]
fn the_first_digit_decides_and_six_to_nine_act_as_five() {
    let bounds = [
        (100..=199, StatusClass::Informational),
        (200..=299, StatusClass::Successful),
        (300..=399, StatusClass::Redirection),
        (400..=499, StatusClass::ClientError),
        (500..=999, StatusClass::ServerError),
    ];
    for code in 100..=999 {
        let status = StatusCode::from_u16(code).expect("three digits");
        let matching: Vec<StatusClass> =
            bounds.iter().filter(|(codes, _)| codes.contains(&code)).map(|(_, class)| *class).collect();
        assert_eq!([status.class()], matching[..], "{code}");
    }
}

#[test]
fn exactly_the_predicate_of_the_class_holds() {
    for code in 100..=999 {
        let status = StatusCode::from_u16(code).expect("three digits");
        let predicates = [
            (status.is_informational(), StatusClass::Informational),
            (status.is_success(), StatusClass::Successful),
            (status.is_redirection(), StatusClass::Redirection),
            (status.is_client_error(), StatusClass::ClientError),
            (status.is_server_error(), StatusClass::ServerError),
        ];
        for (holds, class) in predicates {
            assert_eq!(holds, class == status.class(), "{code} {class:?}");
        }
    }
}

#[test]
fn classes_are_titled_as_in_rfc_9110() {
    let titles = [100, 200, 300, 400, 500]
        .map(|code| StatusCode::from_u16(code).expect("three digits").class().to_string());
    assert_eq!(titles, ["Informational", "Successful", "Redirection", "Client Error", "Server Error"]);
}
