//! How far content has come.

use std::{
    io::{self, Read},
    sync::Arc,
};

use super::{ContentReader, ContentSource, RequestBody};

/// What a user has called for each step.
#[derive(Clone)]
pub(crate) struct ProgressHook(Arc<dyn Fn(u64, Option<u64>) + Send + Sync>);

impl ProgressHook {
    pub(crate) fn new(hook: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> ProgressHook {
        ProgressHook(Arc::new(hook))
    }

    /// Says how many bytes there have been, and how many there are in all, where that is known.
    pub(crate) fn tell(&self, bytes: u64, total: Option<u64>) {
        (self.0)(bytes, total);
    }
}

impl<'a> RequestBody<'a> {
    /// Has `hook` see how much has been read of the content.
    pub(crate) fn watched(self, hook: ProgressHook) -> RequestBody<'a> {
        if self.is_none() {
            return self;
        }
        let length = self.length();
        RequestBody::from_source(Watched { content: ContentReader::new(self), hook }, length)
    }
}

/// Content that is watched while it is read.
struct Watched<'a> {
    content: ContentReader<'a>,
    hook: ProgressHook,
}

impl Read for Watched<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let count = self.content.read(target)?;
        if count > 0 {
            self.hook.tell(self.content.taken(), self.content.length());
        }
        Ok(count)
    }
}

impl ContentSource for Watched<'_> {
    fn is_replayable(&self) -> bool {
        self.content.is_replayable()
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.content.rewind()
    }
}
