//! The clients, each set up as its documentation has it, with the same trust and the same idle connections.

mod attohttpc;
mod bare;
mod httpkit;
mod minreq;
mod reqwest;
mod ureq;

use std::fs;

use rustls::pki_types::{CertificateDer, pem::PemObject};

use crate::{
    Result,
    content::Order,
    place::{Address, Place},
};

/// What a client is asked to do.
pub trait Peer: Send + Sync {
    /// Reads the whole of a body.
    fn get(&self, address: &Address) -> Result<Vec<u8>>;

    fn get_json(&self, address: &Address) -> Result<Vec<Order>>;

    /// Reads a body, undoes its content coding, and drops it; returns how long it was.
    fn download(&self, address: &Address) -> Result<usize>;

    fn post(&self, address: &Address, body: &[u8]) -> Result<Vec<u8>>;
}

/// The certificate to trust.
pub struct Trust {
    pem: Vec<u8>,
    der: CertificateDer<'static>,
}

impl Trust {
    pub fn read(place: &Place) -> Result<Trust> {
        let pem = fs::read(&place.certificate)?;
        let der = CertificateDer::from_pem_slice(&pem)?;
        Ok(Trust { pem, der })
    }
}

type Make = fn(&Trust) -> Result<Box<dyn Peer>>;

/// All of them; the bare loop first, which the others are measured by.
pub const PEERS: [(&str, Make); 6] = [
    ("bare loop", bare::make),
    ("httpkit", httpkit::make),
    ("ureq", ureq::make),
    ("attohttpc", attohttpc::make),
    ("minreq", minreq::make),
    ("reqwest", reqwest::make),
];

/// So many threads may have an idle connection each.
const IDLE_CONNECTIONS: usize = 8;

pub fn make(name: &str, trust: &Trust) -> Result<Box<dyn Peer>> {
    let (_, make) = PEERS.iter().find(|(known, _)| *known == name).ok_or("no such client")?;
    make(trust)
}

/// For those that ask the process which cryptography to use.
fn choose_ring() {
    // It may have been chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
