//! Forms with files: `multipart/form-data` (RFC 7578).
//!
//! ```
//! use httpkit::{Client, multipart::{Form, Part}, testing::{Reply, Server}};
//!
//! let server = Server::start(|request| Reply::text(200, &request.body().len().to_string()));
//! let form = Form::new()
//!     .text("title", "A holiday")
//!     .part("photo", Part::bytes(&b"\x89PNG"[..]).file_name("beach.png").content_type("image/png"));
//! let response = Client::new().post(server.url("/photos")).multipart(form).send()?;
//! assert!(response.text()?.parse::<u64>().unwrap() > 100);
//! # Ok::<(), httpkit::Error>(())
//! ```

mod boundary;
mod disposition;
mod form;
mod part;
mod reader;

pub use self::{form::Form, part::Part};
