//! What an application makes of a response.

mod body_limits;
mod charsets;
mod coding_costs;
mod codings;
mod consuming;
mod download_bounds;
mod downloads;
mod errors;
mod faulty_bodies;
mod made;
mod progress;
