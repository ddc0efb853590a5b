//! Interim responses, for who wants to see them.

use std::{fmt, sync::Arc};

use httpkit_status::StatusCode;

use crate::headers::Headers;

/// An interim (1xx) response (RFC 9110, Section 15.2), such as 103 Early Hints.
#[derive(Debug, Clone, Copy)]
pub struct InterimResponse<'a> {
    /// The status, 100 to 199; never 101, which is final.
    pub status: StatusCode,
    /// The headers, as received.
    pub headers: &'a Headers,
}

type Hook = dyn Fn(InterimResponse<'_>) + Send + Sync;

/// Sees interim responses as they come.
#[derive(Clone, Default)]
pub(crate) struct InterimHook(Option<Arc<Hook>>);

impl InterimHook {
    pub(crate) fn new(hook: impl Fn(InterimResponse<'_>) + Send + Sync + 'static) -> InterimHook {
        InterimHook(Some(Arc::new(hook)))
    }

    pub(crate) fn call(&self, status: StatusCode, headers: &Headers) {
        if let Some(hook) = &self.0 {
            hook(InterimResponse { status, headers });
        }
    }
}

impl fmt::Debug for InterimHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "InterimHook" } else { "None" })
    }
}
