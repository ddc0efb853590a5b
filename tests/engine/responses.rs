//! What an application makes of a response.

mod charsets;
mod codings;
mod consuming;
mod downloads;
mod errors;
mod faulty_bodies;
mod made;
mod progress;
