//! Rounds, in which all clients take turns.

use std::{
    thread,
    time::{Duration, Instant},
};

use rustix::{
    thread::{CpuSet, sched_getaffinity, sched_setaffinity},
    time::{ClockId, clock_gettime},
};

use crate::{
    Result,
    peers::{PEERS, Peer, Trust},
    place::Place,
    workloads::{Task, Workload},
};

const ROUNDS: usize = 11;
/// Each client does as much as it can in so much time, and once at least.
const TURN: Duration = Duration::from_millis(40);

/// What one request took.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    pub wall: f64,
    pub processor: f64,
}

/// One side of the machine.
pub enum Core {
    Client,
    Server,
}

/// Keeps this process to one core, the server's to another, where there are two.
pub fn pin(core: Core) {
    let Ok(all) = sched_getaffinity(None) else { return };
    let cores: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|core| all.is_set(*core)).collect();
    if let [client, server, ..] = cores[..] {
        let mut one = CpuSet::new();
        one.set(match core {
            Core::Client => client,
            Core::Server => server,
        });
        // Without, the figures are merely less steady.
        let _ = sched_setaffinity(None, &one);
    }
}

/// What each client needs in each round; nothing of a client that cannot do it.
pub fn rounds(workload: &Workload, place: &Place, trust: &Trust) -> Result<Vec<Option<Vec<Cost>>>> {
    let mut all = Vec::new();
    for (name, make) in PEERS {
        let peer = make(trust)?;
        // The first time warms it up, and tells whether it can.
        match workload.task(place, trust, name).run(&*peer) {
            Ok(()) => all.push((name, Some((peer, Vec::new())))),
            Err(error) => {
                eprintln!("{name}: {}: {error}", workload.name);
                all.push((name, None));
            }
        }
    }
    for round in 0..ROUNDS {
        for turn in 0..all.len() {
            let (name, entry) = &mut all[(round + turn) % PEERS.len()];
            if let Some((peer, costs)) = entry {
                costs.push(turn_of(&**peer, &workload.task(place, trust, name), workload.threads)?);
            }
        }
    }
    Ok(all.into_iter().map(|(_, entry)| entry.map(|(_, costs)| costs)).collect())
}

fn turn_of(peer: &dyn Peer, task: &Task<'_>, threads: usize) -> Result<Cost> {
    let (began, processor) = (Instant::now(), processor_time());
    let work = || -> Result<u32> {
        let mut count = 0;
        while count == 0 || began.elapsed() < TURN {
            task.run(peer)?;
            count += 1;
        }
        Ok(count)
    };
    let count = if threads == 1 {
        work()?
    } else {
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            workers
                .into_iter()
                .map(|worker| worker.join().expect("clients do not panic"))
                .sum::<Result<u32>>()
        })?
    };
    let per_request = |took: Duration| took.as_secs_f64() * 1e6 / f64::from(count);
    Ok(Cost { wall: per_request(began.elapsed()), processor: per_request(processor_time() - processor) })
}

/// Of all threads of this process.
fn processor_time() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().expect("time does not run backwards from 1970")
}
