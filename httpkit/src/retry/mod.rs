//! Whether a request is sent again, and when. Pure: what has happened is told, and time and chance with it.

mod backoff;
mod budget;
mod idempotency_key;
mod policy;
mod retries;
mod retry_after;

pub use self::policy::RetryPolicy;
pub(crate) use self::{
    backoff::random,
    budget::Budget,
    idempotency_key::quoted_key,
    policy::may_be_repeated,
    retries::{Retries, Situation},
};
