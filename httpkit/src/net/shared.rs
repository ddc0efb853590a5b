//! Values that are compared by who they are.

use std::{ops::Deref, sync::Arc};

/// A value behind an `Arc`. Clones of one are equal; two that merely look alike are not, since what a user
/// wrote cannot be asked whether it does the same.
#[derive(Debug, Default)]
pub(crate) struct Shared<T: ?Sized>(pub(crate) Arc<T>);

impl<T: ?Sized> Clone for Shared<T> {
    fn clone(&self) -> Shared<T> {
        Shared(self.0.clone())
    }
}

impl<T: ?Sized> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Compares addresses alone: the table of a trait's functions may be there more than once.
impl<T: ?Sized> PartialEq for Shared<T> {
    fn eq(&self, other: &Shared<T>) -> bool {
        std::ptr::addr_eq(Arc::as_ptr(&self.0), Arc::as_ptr(&other.0))
    }
}

impl<T: ?Sized> Eq for Shared<T> {}
