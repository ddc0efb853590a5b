//! httpkit beside other blocking clients and beside a loop over a bare socket, in one run on one machine.
//!
//! `cargo run --release [WORKLOAD …]` prints a table: what a request takes of time and of the processor, as
//! multiples of what the bare loop takes in the same round; the median of rounds in which all take turns. A word
//! picks the workloads whose names contain it. It takes Linux, and about two minutes.
//!
//! The server is a process of its own, on another core where there is one. It looks for requests for a moment before
//! it sleeps: to wake a core up costs more than a request, and would make all clients look alike.

mod content;
mod measure;
mod peers;
mod place;
mod server;
mod table;
mod workloads;

use std::{
    env,
    error::Error,
    io::{self, BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use measure::Core;
use peers::Trust;
use place::Place;
use workloads::WORKLOADS;

type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => server::serve(),
        ["measure", place, ref words @ ..] => measure(&Place::parse(place)?, words),
        ["once", place, peer] => workloads::once(&Place::parse(place)?, peer),
        ["loop", place, peer, workload, times] => {
            workloads::repeat(&Place::parse(place)?, peer, workload, times.parse()?)
        }
        ref words => run(words),
    }
}

/// Starts the server, and a process that measures: it trusts the server from its beginning, as minreq wants it.
fn run(words: &[&str]) -> Result<()> {
    let mut server = Command::new(env::current_exe()?)
        .arg("serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let place = first_line(&mut server)?;
    let certificate = Place::parse(&place)?.certificate;
    let mut measure = Command::new(env::current_exe()?);
    measure.args(["measure", &place]).args(words).env("SSL_CERT_FILE", &certificate);
    let status = measure.status()?;
    // The server ends with its input.
    drop(server.stdin.take());
    server.wait()?;
    std::fs::remove_file(certificate)?;
    if status.success() { Ok(()) } else { Err(status.to_string().into()) }
}

/// Measures the workloads whose names contain one of the words, or all.
fn measure(place: &Place, words: &[&str]) -> Result<()> {
    measure::pin(Core::Client);
    let trust = Trust::read(place)?;
    table::print_head();
    for workload in &WORKLOADS {
        if words.is_empty() || words.iter().any(|word| workload.name.contains(word)) {
            table::print_row(workload, &measure::rounds(workload, place, &trust)?);
        }
    }
    Ok(())
}

fn first_line(child: &mut Child) -> io::Result<String> {
    let output = child.stdout.take().expect("it is piped");
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}
