//! reqwest, blocking.

use std::io;

use reqwest::{Certificate, blocking::Client};

use super::{Peer, Trust, choose_ring};
use crate::{Result, content::Order, place::Address};

pub fn make(trust: &Trust) -> Result<Box<dyn Peer>> {
    choose_ring();
    let certificate = Certificate::from_pem(&trust.pem)?;
    Ok(Box::new(Client::builder().tls_certs_only([certificate]).build()?))
}

impl Peer for Client {
    fn get(&self, address: &Address) -> Result<Vec<u8>> {
        Ok(self.get(&address.url).send()?.bytes()?.into())
    }

    fn get_json(&self, address: &Address) -> Result<Vec<Order>> {
        Ok(self.get(&address.url).send()?.json()?)
    }

    fn download(&self, address: &Address) -> Result<usize> {
        let mut response = self.get(&address.url).send()?;
        Ok(response.copy_to(&mut io::sink())?.try_into()?)
    }

    fn post(&self, address: &Address, body: &[u8]) -> Result<Vec<u8>> {
        // It takes no borrowed bytes.
        Ok(self.post(&address.url).body(body.to_vec()).send()?.bytes()?.into())
    }
}
