//! Cookies (RFC 6265bis): a jar that clients share.
//!
//! The parts are pure; the time comes in as a value. A client that is no browser has no pages of others, so
//! each of its requests is same-site, and made by its user: `SameSite` and `HttpOnly` are kept and saved, but
//! withhold nothing.

mod cookie;
mod date;
mod domain;
mod jar;
mod netscape;
mod path;
mod saved;
mod set_cookie;
mod store;

pub use self::{
    cookie::{Cookie, SameSite},
    jar::CookieJar,
};
