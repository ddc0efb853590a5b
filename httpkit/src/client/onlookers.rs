//! Who looks on while the body of a response is read.

use httpkit_status::StatusCode;

use crate::{
    connection::HttpConnection,
    error::Error,
    event::{EventKind, Observation},
    method::Method,
    request::Request,
    request_body::ProgressHook,
    url::Url,
};

/// Who is told how a body comes, and how it has ended.
pub(super) struct Onlookers {
    observation: Observation,
    progress: Option<ProgressHook>,
    method: Method,
    url: Url,
    status: StatusCode,
    /// How many bytes have been read, with their content codings.
    bytes: u64,
    /// How many there are, where that is known.
    total: Option<u64>,
}

impl Onlookers {
    /// Those of the response to a request, whose body is about to be read; `None` where there are none.
    #[inline]
    pub(super) fn of(
        request: &Request<'_>,
        status: StatusCode,
        connection: &HttpConnection,
    ) -> Option<Box<Onlookers>> {
        let options = &request.options;
        let are_there = options.observation.is_on() || options.download_progress.is_some();
        are_there.then(|| Box::new(Onlookers::begin(request, status, connection)))
    }

    #[cold]
    fn begin(request: &Request<'_>, status: StatusCode, connection: &HttpConnection) -> Onlookers {
        Onlookers {
            observation: request.options.observation.clone(),
            progress: request.options.download_progress.clone(),
            method: request.method.clone(),
            url: request.url.clone(),
            status,
            bytes: 0,
            total: connection.body_left(),
        }
    }

    /// Whether they want to know of each piece.
    pub(super) fn follow(&self) -> bool {
        self.progress.is_some()
    }

    /// Tells that bytes have been read.
    pub(super) fn count(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
        if let Some(progress) = self.progress.as_ref().filter(|_| bytes > 0) {
            progress.tell(self.bytes, self.total);
        }
    }

    /// Tells that the body has been read or given up.
    pub(super) fn finish(&self) {
        let kind = EventKind::Finished { status: self.status, bytes: self.bytes };
        self.observation.tell(&self.method, &self.url, kind);
    }

    /// Tells that the body cannot be read to its end.
    pub(super) fn fail(&self, error: &Error) {
        self.observation.tell(&self.method, &self.url, EventKind::Failed { error });
    }
}
