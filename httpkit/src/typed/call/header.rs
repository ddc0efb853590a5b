//! The headers that parameters give.

use serde::Serialize;

use super::Call;
use crate::{
    authorization::{basic, bearer},
    error::Result,
    headers::Headers,
    query::unfit,
    shape::{Shape, Shapeless},
    typed::parameters::{BasicParameter, HeaderParameter},
};

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> HeaderParameter for T {
    fn header(&self, name: &'static str, call: &mut Call<'_>) {
        call.put_header(name, Shape::of(self), append_open);
    }

    fn secret_header(&self, name: &'static str, call: &mut Call<'_>) {
        call.put_header(name, Shape::of(self), append_secret);
    }

    fn bearer(&self, call: &mut Call<'_>) {
        call.put_header("Authorization", Shape::of(self), append_bearer);
    }
}

#[diagnostic::do_not_recommend]
impl<U: AsRef<str>, P: AsRef<str>> BasicParameter for (U, P) {
    fn basic(&self, call: &mut Call<'_>) {
        let value = basic(self.0.as_ref().as_bytes(), self.1.as_ref().as_bytes());
        let set = value.and_then(|value| call.headers.set_sensitive("Authorization", value));
        call.park(set);
    }
}

/// Adds a line, and says what is wrong with its value, or only that something is.
type Append = fn(&mut Headers, &str, &str) -> Result<()>;

impl Call<'_> {
    fn put_header(&mut self, name: &str, shape: Result<Shape, Shapeless>, append: Append) {
        let replaced = lines(name, shape).and_then(|lines| {
            if !lines.is_empty() {
                self.headers.remove(name);
            }
            lines.iter().try_for_each(|line| append(&mut self.headers, name, line))
        });
        self.park(replaced);
    }
}

fn append_open(headers: &mut Headers, name: &str, value: &str) -> Result<()> {
    Ok(headers.append(name, value)?)
}

fn append_secret(headers: &mut Headers, name: &str, value: &str) -> Result<()> {
    Ok(headers.append_sensitive(name, value)?)
}

fn append_bearer(headers: &mut Headers, name: &str, token: &str) -> Result<()> {
    append_secret(headers, name, &bearer(token)?)
}

/// The values of a header, a line each.
fn lines(name: &str, shape: Result<Shape, Shapeless>) -> Result<Vec<String>> {
    shape.and_then(Shape::into_texts).map_err(|fault| unfit(name, &fault))
}
