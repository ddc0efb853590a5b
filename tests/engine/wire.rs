//! What is read and written, byte by byte: the wire-level connection.

mod bodies;
mod exchanges;
mod faults;
mod heads;
mod httplib;
mod interim;
mod limits;
mod reading;
