//! Where a redirect leads, and what goes along.
//!
//! Pure: values in, values out. Who sends requests asks for the next one.

mod fields;
mod hop;
mod location;
mod next;
mod policy;
mod rewrite;

pub(crate) use self::next::{Answered, Step};
#[cfg(feature = "macros")]
pub(crate) use self::{fields::drop_content, next::is_downgrade};
pub use self::{
    hop::Hop,
    next::NextRequest,
    policy::{RedirectAction, RedirectPolicy},
};
