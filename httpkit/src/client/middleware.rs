//! Functions around each exchange of a client.

use super::{Client, Response};
use crate::{
    error::{ErrorKind, Result},
    request::Request,
};

pub(crate) type Function = dyn Fn(Request<'_>, Next<'_>) -> Result<Response> + Send + Sync;

/// What a function of [`ClientBuilder::middleware`](crate::ClientBuilder::middleware) stands around: the
/// functions that were added behind it, and then the exchange itself.
#[derive(Clone, Copy)]
pub struct Next<'n> {
    /// The client without its middleware.
    client: &'n Client,
    functions: &'n [Box<Function>],
}

impl<'n> Next<'n> {
    pub(super) fn new(client: &'n Client, functions: &'n [Box<Function>]) -> Next<'n> {
        Next { client, functions }
    }

    /// Hands the request on, and returns the response that comes back. May be called several times, with
    /// clones of the request (see [`Request::try_clone`]), or not at all: [`Response::builder`] makes an answer.
    ///
    /// # Errors
    /// As [`Client::execute`], and what the functions further in return.
    pub fn run(self, mut request: Request<'_>) -> Result<Response> {
        if let [function, functions @ ..] = self.functions {
            return function(request, Next { functions, ..self });
        }
        // Clones of a file have one position.
        request.body.rewind().map_err(ErrorKind::BodySource)?;
        self.client.execute(request)
    }
}
