//! `HttpConnectionBuilder`: the order of two setters does not matter.

use std::{
    fs,
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    thread,
    time::Duration,
};

use httpkit::{
    Deadline, Destination, HttpConnection, HttpConnectionBuilder, Limits, Method, Proxy, Strictness,
    TcpConfig, Timeouts, TlsConfig,
};
use httpkit_tests::{NotedServer, Notes, within};

type Setter = fn(HttpConnectionBuilder, &Place) -> HttpConnectionBuilder;

struct Place {
    address: SocketAddr,
    notes: Notes,
}

const SECOND: Duration = Duration::from_secs(1);

const SETTERS: &[(&str, Setter)] = &[
    ("tls", |builder, _| builder.tls(TlsConfig::new().alpn_protocols(["spam/9"]))),
    ("timeouts", |builder, _| {
        builder.timeouts(Timeouts::new().connect(2000 * SECOND).response(3000 * SECOND))
    }),
    ("limits", |builder, _| builder.limits(Limits::new().max_fields(3))),
    ("show_header", |builder, _| builder.show_header("x-custom")),
    ("strictness", |builder, _| builder.strictness(Strictness::Compat)),
    ("auto_open", |builder, _| builder.auto_open(false)),
    #[cfg(unix)]
    ("unix_socket", |builder, _| builder.unix_socket("missing.sock")),
    ("tcp", |builder, _| builder.tcp(TcpConfig::new().local_address([127, 0, 0, 7].into()))),
    ("resolve", |builder, place| builder.resolve("named.example", place.address)),
    ("resolver", |builder, place| builder.resolver(resolver("specific", place))),
    ("connector", |builder, place| {
        builder.connector(NotedServer::new(&place.notes, |_| b"nonsense\r\n\r\n".into()))
    }),
    ("proxy", |builder, _| builder.proxy(Proxy::parse("http://proxy.example").unwrap())),
];

fn resolver(
    name: &'static str,
    place: &Place,
) -> impl Fn(Destination<'_>, Deadline) -> io::Result<Vec<SocketAddr>> + use<> {
    let (notes, address) = (place.notes.clone(), place.address);
    move |destination, deadline| {
        notes.add(format!("{name} resolver for {} within {}", destination.host, within(deadline)));
        Ok(vec![address])
    }
}

/// A response with four fields to a first request, and a field that `Compat` alone accepts in the others.
fn respond(head: &str) -> Vec<u8> {
    match head.split(' ').nth(1) {
        Some("/loose") => b"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nloose".into(),
        _ => b"HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nC: 3\r\nContent-Length: 5\r\n\r\nplain".into(),
    }
}

fn get(connection: &mut HttpConnection, target: &str) -> httpkit::Result<Vec<u8>> {
    connection.request(Method::GET, target, (), &[("X-Custom", "value")])?;
    connection.get_response()?.read_all()
}

/// Notes what a connection writes for debugging.
struct Log(Notes);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.add(bytes.escape_ascii().to_string());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns everything that a server, a resolver and the caller see of a connection with these settings.
fn observe(place: &Place, set: impl Fn(HttpConnectionBuilder) -> HttpConnectionBuilder) -> Vec<String> {
    place.notes.take();
    let builders = [
        HttpConnection::builder("named.example").connector(NotedServer::new(&place.notes, respond)),
        HttpConnection::builder("named.example").resolver(resolver("general", place)),
    ];
    for builder in builders {
        let mut connection = set(builder).build().unwrap();
        place.notes.add(format!("port {}", connection.port()));
        connection.set_debug_sink(1, Log(place.notes.clone()));
        for target in ["/plain", "/loose"] {
            let outcome = get(&mut connection, target);
            let from = connection.local_addr().map(|address| address.ip());
            let outcome = outcome.map(|body| body.escape_ascii().to_string());
            place.notes.add(format!("{from:?}: {}", outcome.unwrap_or_else(|error| format!("{error:#}"))));
        }
    }
    place.notes.take()
}

/// Starts a server on loopback that closes a connection which begins with TLS.
fn place() -> Place {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for socket in listener.incoming() {
            thread::spawn(move || serve(socket?));
        }
    });
    Place { address, notes: Notes::default() }
}

fn serve(mut socket: TcpStream) -> io::Result<()> {
    let mut request = Vec::new();
    loop {
        let mut block = [0; 1024];
        let count = socket.read(&mut block)?;
        request.extend_from_slice(&block[..count]);
        if count == 0 || request.starts_with(b"\x16") {
            return Ok(());
        }
        if request.ends_with(b"\r\n\r\n") {
            socket.write_all(&respond(&String::from_utf8_lossy(&request)))?;
            request.clear();
        }
    }
}

#[test]
fn order_of_connection_setters_does_not_matter() {
    let place = &place();
    for (index, (first, set_first)) in SETTERS.iter().enumerate() {
        for (second, set_second) in &SETTERS[index + 1..] {
            let one_way = observe(place, |builder| set_second(set_first(builder, place), place));
            let other_way = observe(place, |builder| set_first(set_second(builder, place), place));
            assert_eq!(one_way, other_way, "{first} and {second}");
        }
    }
}

#[test]
fn each_connection_setter_has_an_effect() {
    let place = &place();
    let none = observe(place, |builder| builder);
    assert_eq!(observe(place, |builder| builder), none);
    for (name, set) in SETTERS {
        assert_ne!(observe(place, |builder| set(builder, place)), none, "{name}");
    }
}

#[test]
fn table_has_every_connection_setter() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../httpkit/src/connection/builder.rs");
    let source = fs::read_to_string(file).unwrap();
    let declared = source.matches("-> Self {").count();
    assert_eq!(declared, SETTERS.len());
}
