//! What an application sends.

mod multipart;
mod refused;
mod sent;
mod settings;
mod to_curl;
mod uploads;
