//! The query, behind the literal one of the template (RFC 6570, Sections 3.2.8 and 3.2.9), and what it shares
//! with optional segments: values that may be several or none.

use std::borrow::Borrow;

use serde::Serialize;

use super::Call;
use crate::{
    query::{ListStyle, Query},
    shape::Shape,
    typed::parameters::{FlagParameter, QueryParameter},
};

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> QueryParameter for T {
    fn segment(&self, name: &'static str, call: &mut Call<'_>) {
        call.put_segments(name, Shape::of(self), ListStyle::Commas);
    }

    fn segments(&self, name: &'static str, call: &mut Call<'_>) {
        call.put_segments(name, Shape::of(self), ListStyle::Repeated);
    }

    fn query(&self, key: &'static str, call: &mut Call<'_>) {
        let written = Query::of_url(&mut call.url).parameter(key, self, ListStyle::Commas);
        call.park(written);
    }

    fn query_exploded(&self, key: &'static str, call: &mut Call<'_>) {
        let written = Query::of_url(&mut call.url).parameter(key, self, ListStyle::Repeated);
        call.park(written);
    }

    fn query_flattened(&self, call: &mut Call<'_>) {
        let written = Query::of_url(&mut call.url).flatten("query", self);
        call.park(written);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Borrow<bool>> FlagParameter for T {
    fn flag(&self, key: &'static str, call: &mut Call<'_>) {
        if *self.borrow() {
            Query::of_url(&mut call.url).flag(key);
        }
    }
}
