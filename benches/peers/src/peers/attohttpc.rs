//! attohttpc, which keeps no connections.

use std::io;

use attohttpc::{RequestBuilder, Session, body::Bytes};

use super::{Peer, Trust, choose_ring};
use crate::{Result, content::Order, place::Address};

pub fn make(trust: &Trust) -> Result<Box<dyn Peer>> {
    choose_ring();
    let mut session = Session::new();
    session.add_root_certificate(trust.der.clone());
    Ok(Box::new(session))
}

impl Peer for Session {
    fn get(&self, address: &Address) -> Result<Vec<u8>> {
        Ok(self.get(&address.url).send()?.bytes()?)
    }

    fn get_json(&self, address: &Address) -> Result<Vec<Order>> {
        Ok(self.get(&address.url).send()?.json_utf8()?)
    }

    fn download(&self, address: &Address) -> Result<usize> {
        Ok(self.get(&address.url).send()?.write_to(io::sink())?.try_into()?)
    }

    fn post(&self, address: &Address, body: &[u8]) -> Result<Vec<u8>> {
        let request: RequestBuilder<Bytes<&[u8]>> = self.post(&address.url).bytes(body);
        Ok(request.send()?.bytes()?)
    }
}
