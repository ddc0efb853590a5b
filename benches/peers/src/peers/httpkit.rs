//! httpkit.

use std::io;

use httpkit::{Client, TlsConfig};

use super::{Peer, Trust};
use crate::{Result, content::Order, place::Address};

pub fn make(trust: &Trust) -> Result<Box<dyn Peer>> {
    let tls = TlsConfig::new().roots_pem(&trust.pem)?;
    Ok(Box::new(Client::builder().tls(tls).build()?))
}

impl Peer for Client {
    fn get(&self, address: &Address) -> Result<Vec<u8>> {
        Ok(self.get(&address.url).send()?.bytes()?)
    }

    fn get_json(&self, address: &Address) -> Result<Vec<Order>> {
        Ok(self.get(&address.url).send()?.json()?)
    }

    fn download(&self, address: &Address) -> Result<usize> {
        let mut response = self.get(&address.url).send()?;
        Ok(response.copy_to(&mut io::sink())?.try_into()?)
    }

    fn post(&self, address: &Address, body: &[u8]) -> Result<Vec<u8>> {
        Ok(self.post(&address.url).body(body).send()?.bytes()?)
    }
}
