//! Servers that take on a new configuration while requests come.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, ScopedJoinHandle},
    time::Duration,
};

use httpkit::testing::{Reply, Server};
use httpkit_tests::Program;

use crate::{
    counted::Counted,
    programs::{haproxy_before, nginx},
};

const RELOADS: usize = 5;
const THREADS: usize = 4;

/// Threads that send requests until it is over, and the texts of the responses: the process that sent each.
#[derive(Default)]
struct Load {
    is_over: AtomicBool,
    seen: Mutex<BTreeSet<String>>,
}

impl Load {
    fn run(&self, counted: &Counted, url: &str) {
        while !self.is_over.load(Ordering::Relaxed) {
            let process = counted.text(url);
            self.seen.lock().unwrap().insert(process);
        }
    }

    fn processes(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

/// Has threads send requests for as long as it takes to reload some times.
fn reload_under_load(program: &mut Program, signal: &str) {
    let (counted, load, url) = (Counted::new(), Load::default(), program.url("/"));
    // nginx listens before it minds signals, which would end it; who answers minds them.
    counted.text(&url);
    thread::scope(|scope| {
        let run = || load.run(&counted, &url);
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(run)).collect();
        for reload in 0..RELOADS {
            // A server that is busy with starting may not hear it the first time.
            while load.processes() <= reload + 1 && !threads.iter().any(ScopedJoinHandle::is_finished) {
                program.signal(signal);
                thread::sleep(Duration::from_millis(200));
            }
        }
        load.is_over.store(true, Ordering::Relaxed);
    });
    assert!(load.processes() > RELOADS);
}

#[test]
fn no_request_is_lost_when_nginx_reloads() {
    let Some(mut nginx) = nginx("keepalive_requests 1000000; location / { return 200 $pid; }") else {
        return;
    };
    reload_under_load(&mut nginx, "HUP");
}

#[test]
fn no_request_is_lost_when_haproxy_reloads() {
    let server = Server::start(|_| Reply::text(200, "hello"));
    let answer = "http-request return status 200 content-type text/plain lf-string %pid";
    let Some(mut haproxy) = haproxy_before(&server, answer) else { return };
    reload_under_load(&mut haproxy, "USR2");
}
