//! An event.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::{
    error::{Error, ErrorKind, Result},
    json::{self, Misfit},
};

/// An event that a server has sent: see [`ServerSentEvents`](crate::ServerSentEvents).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSentEvent {
    pub(super) name: String,
    pub(super) data: String,
    /// Shared by all events up to the next id, because a server may send it once for a million of them.
    pub(super) id: Arc<str>,
}

impl ServerSentEvent {
    /// Which kind of event it is, by the field `event`; `message` where there is none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The data: the fields `data`, a line each.
    pub fn data(&self) -> &str {
        &self.data
    }

    /// Takes the data out.
    pub fn into_data(self) -> String {
        self.data
    }

    /// Returns the id: the value of the last `id` field, which may belong to an earlier event. Empty if there was none.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Decodes the data from JSON.
    ///
    /// # Errors
    /// `Json`, with the path into the data where they do not fit, and the data in [`Error::partial`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        let data = self.data.as_bytes();
        json::read(data).map_err(|Misfit { path, source }| {
            let found = json::excerpt(data, &source);
            Error::new(ErrorKind::Json { path, status: None, found, source }).with_partial(data.to_vec())
        })
    }
}
