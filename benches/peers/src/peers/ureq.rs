//! ureq.

use std::io;

use ureq::{
    Agent,
    tls::{Certificate, RootCerts, TlsConfig},
};

use super::{IDLE_CONNECTIONS, Peer, Trust};
use crate::{Result, content::Order, place::Address};

pub fn make(trust: &Trust) -> Result<Box<dyn Peer>> {
    let roots = RootCerts::new_with_certs(&[Certificate::from_pem(&trust.pem)?]);
    let config = Agent::config_builder()
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .max_idle_connections_per_host(IDLE_CONNECTIONS)
        .build();
    Ok(Box::new(Agent::new_with_config(config)))
}

impl Peer for Agent {
    fn get(&self, address: &Address) -> Result<Vec<u8>> {
        Ok(self.get(&address.url).call()?.body_mut().with_config().limit(u64::MAX).read_to_vec()?)
    }

    fn get_json(&self, address: &Address) -> Result<Vec<Order>> {
        Ok(self.get(&address.url).call()?.body_mut().read_json()?)
    }

    fn download(&self, address: &Address) -> Result<usize> {
        let mut response = self.get(&address.url).call()?;
        Ok(io::copy(&mut response.body_mut().as_reader(), &mut io::sink())?.try_into()?)
    }

    fn post(&self, address: &Address, body: &[u8]) -> Result<Vec<u8>> {
        Ok(self.post(&address.url).send(body)?.body_mut().read_to_vec()?)
    }
}
