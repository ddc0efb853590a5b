//! How the requests of a typed client are sent.

use std::{sync::Arc, time::Duration};

use crate::{config::Bounds, request::RequestOptions, retry::RetryPolicy, setting::Setting};

/// What a typed client sets for its requests. They inherit the rest from the `Client`.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) timeout: Setting<Option<Duration>>,
    pub(super) retry: Setting<Option<Arc<RetryPolicy>>>,
    pub(super) bounds: Option<Box<Bounds>>,
}

impl Settings {
    /// Fills in what a request does not set itself.
    pub(super) fn hand_down(&self, options: &mut RequestOptions) {
        options.timeout = options.timeout.or(self.timeout);
        if !options.retry.is_chosen {
            options.retry.clone_from(&self.retry);
        }
        if let Some(base) = &self.bounds {
            let own = options.bounds.get_or_insert_default();
            **own = own.over(base);
        }
    }
}
