//! The query, behind the literal one of the template (RFC 6570, Sections 3.2.8 and 3.2.9).

use super::Call;
use crate::{
    query::{ListStyle, Query},
    typed::values::{FlagValue, QueryValue},
};

impl Call<'_> {
    /// `{?x}`: `x=a`, `x=a,b` for a list, and nothing for `None`.
    pub fn query<T: QueryValue + ?Sized>(&mut self, key: &'static str, value: &T) {
        let written = Query::of_url(&mut self.url).parameter(key, value, ListStyle::Commas);
        self.park(written);
    }

    /// `{?x*}`: as [`query`](Call::query), but `x=a&x=b` for a list, and a pair for each field of a struct or
    /// map.
    pub fn query_exploded<T: QueryValue + ?Sized>(&mut self, key: &'static str, value: &T) {
        let written = Query::of_url(&mut self.url).parameter(key, value, ListStyle::Repeated);
        self.park(written);
    }

    /// A pair for each field of a struct, map, or list of pairs.
    pub fn query_flatten<T: QueryValue + ?Sized>(&mut self, value: &T) {
        let written = Query::of_url(&mut self.url).flatten(value);
        self.park(written);
    }

    /// The key alone, if the value is true.
    pub fn flag<T: FlagValue>(&mut self, key: &'static str, value: T) {
        if value.into_bool() {
            Query::of_url(&mut self.url).flag(key);
        }
    }
}
