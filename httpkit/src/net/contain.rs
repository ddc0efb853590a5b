//! Calling custom code that may panic.

use std::{
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Runs custom code. Returns `None` if it panics.
pub(super) fn contain<T>(act: impl FnOnce() -> T) -> Option<T> {
    // The payload of a panic is leaked, because dropping it may panic again.
    catch_unwind(AssertUnwindSafe(act)).map_err(mem::forget).ok()
}

#[cfg(test)]
mod tests {
    use std::panic::panic_any;

    use super::*;

    struct PanicsWhenDropped;

    impl Drop for PanicsWhenDropped {
        fn drop(&mut self) {
            panic!("the test wants this");
        }
    }

    #[test]
    fn contain_returns_what_the_code_returns() {
        assert_eq!(contain(|| 7), Some(7));
    }

    #[test]
    fn contain_survives_panics_of_code_payload_and_captures() {
        assert_eq!(contain(|| -> u8 { panic!("the test wants this") }), None);
        assert_eq!(contain(|| -> u8 { panic_any(PanicsWhenDropped) }), None);
        let captured = PanicsWhenDropped;
        assert_eq!(contain(move || drop(captured)), None);
    }
}
