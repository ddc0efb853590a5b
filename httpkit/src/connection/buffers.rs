//! Buffers belong to the exchange in flight: idle connections have none.

use std::sync::{Mutex, PoisonError};

use crate::{
    headers::{FieldRange, Headers},
    net::RecvBuffer,
};

/// So many sets of buffers wait for the next exchange; further ones are freed.
const MAX_SPARE: usize = 16;
/// A send buffer that has grown beyond this is freed.
const MAX_KEPT: usize = 256 * 1024;
/// Headers that have grown beyond this are freed.
const MAX_KEPT_HEADERS: usize = 16 * 1024;

/// What an exchange needs of memory. Allocated at first use; empty between exchanges.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    pub(super) received: RecvBuffer,
    pub(super) send: Vec<u8>,
    pub(super) fields: Vec<FieldRange>,
    pub(super) ciphertext: Vec<u8>,
}

impl Buffers {
    pub(super) fn clear(&mut self) {
        self.received.clear();
        self.send.clear();
        self.fields.clear();
    }
}

/// Buffers that wait for the next exchange, and buffers for the bodies of requests.
#[derive(Debug, Default)]
pub(crate) struct BufferPool(Mutex<Spare>);

#[derive(Debug, Default)]
struct Spare {
    exchanges: Vec<Buffers>,
    headers: Vec<Headers>,
    bodies: Vec<Vec<u8>>,
}

impl BufferPool {
    /// Puts spare buffers, and the space of headers that nobody needs any more, in the place of empty ones.
    pub(super) fn lend(&self, empty: &mut Buffers, space: &mut Headers) {
        self.lock(|spare| {
            if let Some(buffers) = spare.exchanges.pop() {
                *empty = buffers;
            }
            if let Some(headers) = spare.headers.pop() {
                *space = headers;
            }
        });
    }

    /// Takes the buffers back, and leaves empty ones.
    pub(super) fn take_back(&self, buffers: &mut Buffers) {
        if buffers.send.capacity() > MAX_KEPT {
            buffers.send = Vec::new();
        }
        self.lock(|spare| keep(&mut spare.exchanges, std::mem::take(buffers)));
    }

    /// Takes headers that nobody needs any more, for their space.
    pub(crate) fn give_headers_back(&self, headers: Headers) {
        if headers.capacity() <= MAX_KEPT_HEADERS {
            self.lock(|spare| keep(&mut spare.headers, headers));
        }
    }

    /// A buffer to write the body of a request into.
    #[cfg(feature = "json")]
    pub(crate) fn take_body(&self) -> Vec<u8> {
        self.lock(|spare| spare.bodies.pop()).unwrap_or_default()
    }

    pub(crate) fn give_body_back(&self, mut body: Vec<u8>) {
        if body.capacity() > 0 && body.capacity() <= MAX_KEPT {
            body.clear();
            self.lock(|spare| keep(&mut spare.bodies, body));
        }
    }

    fn lock<T>(&self, act: impl FnOnce(&mut Spare) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn keep<T>(spare: &mut Vec<T>, buffer: T) {
    if spare.len() < MAX_SPARE {
        spare.push(buffer);
    }
}
