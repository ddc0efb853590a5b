//! The settings of a typed client for its requests.

use std::{sync::Arc, time::Duration};

use crate::{config::Bounds, request::RequestOptions, retry::RetryPolicy, setting::Setting};

/// The settings that a typed client has for its requests. Requests inherit the others from the `Client`.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) timeout: Setting<Option<Duration>>,
    pub(super) retry: Setting<Option<Arc<RetryPolicy>>>,
    pub(super) bounds: Option<Box<Bounds>>,
}

impl Settings {
    /// Adds these settings to those of a request, which take precedence.
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
