//! What clients have to do.

use std::{env, process::Command};

use crate::{
    Result,
    content::{LARGE, MEDIUM},
    peers::{Peer, Trust, make},
    place::{Address, Place},
};

/// A kind of request.
pub struct Workload {
    pub name: &'static str,
    pub threads: usize,
    is_secure: bool,
    target: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Get { length: usize },
    GetJson,
    Download { length: usize },
    Post,
    NewClient,
    NewProcess,
}

/// One request of a workload, ready to be done over and over.
pub struct Task<'a> {
    kind: Kind,
    address: Address,
    content: &'a [u8],
    trust: &'a Trust,
    place: &'a Place,
    peer: &'static str,
}

const fn plain(name: &'static str, target: &'static str, kind: Kind) -> Workload {
    Workload { name, threads: 1, is_secure: false, target, kind }
}

const fn secure(name: &'static str, target: &'static str, kind: Kind) -> Workload {
    Workload { name, threads: 1, is_secure: true, target, kind }
}

pub const WORKLOADS: [Workload; 14] = [
    plain("get", "/small", SMALL),
    Workload { threads: 8, ..plain("get, 8 threads", "/small", SMALL) },
    plain("get, new connection", "/close", SMALL),
    plain("json, 1 KiB", "/json", Kind::GetJson),
    plain("collect, 10 MB", "/medium", Kind::Get { length: MEDIUM }),
    plain("download, 100 MB", "/large", Kind::Download { length: LARGE }),
    plain("download, chunks of 16 KiB", "/chunks/16k", Kind::Download { length: LARGE }),
    plain("download, chunks of 64 B", "/chunks/64", Kind::Download { length: LARGE }),
    plain("gzip, 10 MB", "/gzip", Kind::Download { length: MEDIUM }),
    plain("post, 1 MB", "/small", Kind::Post),
    secure("tls get", "/small", SMALL),
    secure("tls download, 100 MB", "/large", Kind::Download { length: LARGE }),
    secure("tls new client", "/small", Kind::NewClient),
    secure("tls new process", "/small", Kind::NewProcess),
];

const SMALL: Kind = Kind::Get { length: 2 };

/// What is posted.
static POSTED: [u8; 1024 * 1024] = [b'x'; 1024 * 1024];

impl Workload {
    pub fn task<'a>(&self, place: &'a Place, trust: &'a Trust, peer: &'static str) -> Task<'a> {
        let address = place.address(self.is_secure, self.target);
        Task { kind: self.kind, address, content: &POSTED, trust, place, peer }
    }
}

impl Task<'_> {
    pub fn run(&self, peer: &dyn Peer) -> Result<()> {
        match self.kind {
            Kind::Get { length } => expect(peer.get(&self.address)?.len(), length),
            Kind::GetJson => expect(peer.get_json(&self.address)?.len(), 6),
            Kind::Download { length } => expect(peer.download(&self.address)?, length),
            Kind::Post => expect(peer.post(&self.address, self.content)?.len(), 2),
            Kind::NewClient => expect(make(self.peer, self.trust)?.get(&self.address)?.len(), 2),
            Kind::NewProcess => {
                let place = self.place.to_string();
                let status = Command::new(env::current_exe()?).args(["once", &place, self.peer]).status()?;
                expect(status.code().map_or(1, |code| code as usize), 0)
            }
        }
    }
}

/// One TLS request in a process of its own, whose processor time is not in the table.
pub fn once(place: &Place, peer: &str) -> Result<()> {
    let trust = Trust::read(place)?;
    expect(make(peer, &trust)?.get(&place.address(true, "/small"))?.len(), 2)
}

/// A workload so many times and nothing else: for a profiler.
pub fn repeat(place: &Place, peer: &str, workload: &str, times: u32) -> Result<()> {
    let trust = Trust::read(place)?;
    let workload = WORKLOADS.iter().find(|known| known.name == workload).ok_or("no such workload")?;
    let task = workload.task(place, &trust, "");
    let peer = make(peer, &trust)?;
    (0..times).try_for_each(|_| task.run(&*peer))
}

fn expect(found: usize, expected: usize) -> Result<()> {
    if found == expected { Ok(()) } else { Err(format!("{found} in place of {expected}").into()) }
}
