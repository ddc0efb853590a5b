//! Where a redirect leads, and what goes along.
//!
//! Pure: values in, values out. Who sends requests asks for the next one.

mod fields;
mod hop;
mod location;
mod next;
mod policy;
mod rewrite;

#[cfg(feature = "macros")]
pub(crate) use self::{fields::drop_content, next::is_downgrade};
pub(crate) use self::{
    fields::{are_safe, keep_safe},
    next::{Answered, Step},
};
pub use self::{
    hop::Hop,
    next::NextRequest,
    policy::{RedirectAction, RedirectPolicy},
};
