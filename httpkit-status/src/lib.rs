//! Every registered HTTP status code as an enum, with its reason phrase, its class and the RFC
//! section that defines it.
//!
//! [`StatusCode`] has one unit variant for each code of the [IANA registry], from
//! `100 Continue` to `511 Network Authentication Required`, those of the extensions (RFC 4918,
//! RFC 3229 and so on) included, and a single variant for every other code that a server may
//! send. It takes four bytes, compares with plain integers, and answers from a table.
//!
//! ```
//! use httpkit_status::{StatusClass, StatusCode};
//!
//! let status: StatusCode = "404".parse()?;
//!
//! assert_eq!(status, StatusCode::NotFound);
//! assert_eq!(status.to_string(), "404 Not Found");
//! assert_eq!(status.reference(), Some("RFC 9110, Section 15.5.5"));
//! assert_eq!(status.class(), StatusClass::ClientError);
//! assert!(status >= 400);
//!
//! // A code that nobody registered still has a class.
//! let status = StatusCode::try_from(299)?;
//! assert!(status.is_success());
//! assert_eq!(status.reason(), None);
//! # Ok::<(), httpkit_status::InvalidStatusCode>(())
//! ```
//!
//! # Features
//!
//! | feature | brings | crates | default |
//! |---|---|---|---|
//! | `std` | nothing here, the `std` of the dependencies | none | yes |
//! | `serde` | `Serialize` and `Deserialize`, as a number | `serde_core` | no |
//! | `http` | conversions from and to `http::StatusCode`; implies `std` | `http` | no |
//!
//! The crate is `no_std` and allocates nothing. [`strum`]'s `IntoEnumIterator`, `EnumCount` and
//! `VariantNames` are always implemented.
//!
//! [IANA registry]: https://www.iana.org/assignments/http-status-codes/http-status-codes.xhtml

#![no_std]
#![forbid(unsafe_code)]

mod class;
mod code;
mod compare;
mod error;
#[cfg(feature = "http")]
mod http;
mod iter;
mod registry;
#[cfg(feature = "serde")]
mod serde;
mod unregistered;

pub use class::StatusClass;
pub use error::InvalidStatusCode;
pub use iter::StatusCodeIter;
pub use registry::StatusCode;
pub use unregistered::Unregistered;
