//! A typed client of another crate, which forbids itself every warning.

use httpkit::Client;
use httpkit_tests::pedantic::{Users, UsersClient};

#[test]
fn clients_of_other_crates_are_used_like_own_ones() {
    let users = UsersClient::new(Client::new());
    let error = users.count().unwrap_err();
    assert!(error.is_connect() && error.endpoint() == Some("Users::list"), "{error}");
}
