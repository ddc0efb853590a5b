//! Who gets what, and how often.

mod cookies;
mod credentials;
mod leaks;
mod private_files;
mod redirects;
mod retries;
mod shown;
