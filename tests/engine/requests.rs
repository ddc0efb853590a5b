//! What an application sends.

mod multipart;
mod refused;
mod sent;
mod to_curl;
mod uploads;
