//! What is told by its identity, since it is no JSON although serde knows it.

use std::any::{Any, TypeId};

use super::bytes::Bytes;
use crate::{client::Response, error::Result};

const ACCEPT_TEXT: &str = "text/plain, */*;q=0.5";

/// A type that is made of a body as it is.
trait Plain: Sized + 'static {
    /// The `Accept` header.
    const ACCEPT: Option<&'static str> = None;

    fn read(response: Response) -> Result<Self>;

    /// Whether an `Option` has `None` in its place.
    fn is_nothing(&self) -> bool;
}

impl Plain for () {
    fn read(mut response: Response) -> Result<()> {
        response.pass_over_short_body();
        Ok(())
    }

    fn is_nothing(&self) -> bool {
        false
    }
}

impl Plain for String {
    const ACCEPT: Option<&'static str> = Some(ACCEPT_TEXT);

    fn read(response: Response) -> Result<String> {
        response.text()
    }

    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl Plain for Vec<u8> {
    fn read(response: Response) -> Result<Vec<u8>> {
        response.bytes()
    }

    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl Plain for Bytes {
    fn read(response: Response) -> Result<Bytes> {
        response.bytes().map(Bytes::from)
    }

    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

/// The `Accept` header of the type with this identity: that of a plain one or an optional plain one, else
/// `other`.
pub(super) fn accept_or(other: &'static str, of: TypeId) -> Option<&'static str> {
    fn is<P: Plain>(of: TypeId) -> bool {
        of == TypeId::of::<P>() || of == TypeId::of::<Option<P>>()
    }
    if is::<()>(of) {
        <()>::ACCEPT
    } else if is::<String>(of) {
        String::ACCEPT
    } else if is::<Vec<u8>>(of) {
        Vec::ACCEPT
    } else if is::<Bytes>(of) {
        Bytes::ACCEPT
    } else {
        Some(other)
    }
}

/// Fills an `Option` of a plain type, or of an optional one; hands the response back for any other.
pub(super) fn take(slot: &mut dyn Any, response: Response) -> Result<Option<Response>> {
    let mut response = Some(response);
    fill::<()>(slot, &mut response)?;
    fill::<String>(slot, &mut response)?;
    fill::<Vec<u8>>(slot, &mut response)?;
    fill::<Bytes>(slot, &mut response)?;
    Ok(response)
}

/// Reads the response into the slot, if that is for a `P` or for an optional one.
fn fill<P: Plain>(slot: &mut dyn Any, response: &mut Option<Response>) -> Result<()> {
    if let Some(plain) = slot.downcast_mut::<Option<P>>() {
        *plain = response.take().map(P::read).transpose()?;
    } else if let Some(optional) = slot.downcast_mut::<Option<Option<P>>>() {
        let plain = response.take().map(P::read).transpose()?;
        *optional = Some(plain.filter(|plain| !plain.is_nothing()));
    }
    Ok(())
}
