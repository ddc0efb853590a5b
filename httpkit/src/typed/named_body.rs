//! A body that is read as it comes.

use std::io::BufRead;

use httpkit_status::StatusCode;

use crate::{
    client::Response,
    error::{Error, Result},
};

/// A response whose body is read as it comes. What goes wrong says which request of which method it was.
pub(super) struct NamedBody {
    response: Response,
    /// The method of the typed client, once it is known.
    endpoint: Option<&'static str>,
}

impl NamedBody {
    pub(super) fn new(response: Response) -> NamedBody {
        NamedBody { response, endpoint: None }
    }

    pub(super) fn set_endpoint(&mut self, name: &'static str) {
        self.endpoint = Some(name);
    }

    pub(super) fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// How many bytes may be held at once, unless the user says otherwise.
    pub(super) fn max_collected_bytes(&self) -> usize {
        self.response.max_collected_bytes()
    }

    /// What has come and was not consumed; waits for more where there is nothing. Empty at the end of the body.
    pub(super) fn fill(&mut self) -> Result<&[u8]> {
        let NamedBody { response, endpoint } = self;
        response.fill_buf().map_err(|error| named(error.into(), *endpoint))
    }

    pub(super) fn consume(&mut self, count: usize) {
        self.response.consume(count);
    }

    /// Says what an error is about.
    pub(super) fn blame(&self, error: Error) -> Error {
        named(self.response.blame(error), self.endpoint)
    }
}

fn named(error: Error, endpoint: Option<&'static str>) -> Error {
    match endpoint {
        Some(name) => error.with_endpoint(name),
        None => error,
    }
}
