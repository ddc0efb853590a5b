//! Hosts whose names are not ASCII: everything behind the intake sees the ASCII form.

use std::sync::{Arc, Mutex};

use httpkit::{
    Client, Event, EventKind, HttpConnection, Proxies, Proxy, Url,
    testing::{Reply, Server},
};
use httpkit_tests::tls::{Authority, Then, TlsServer};
use rustls::version::TLS13;

const NAME: &str = "bücher.example";
const ASCII: &str = "xn--bcher-kva.example";

#[test]
fn a_name_is_ascii_in_host_in_events_and_in_the_pool() {
    let server = Server::start(|request| Reply::text(200, request.target()));
    let port = server.address().port();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let hook = {
        let seen = seen.clone();
        move |event: &Event<'_>| {
            if let EventKind::Started = event.kind {
                seen.lock().unwrap().push(event.url.to_string());
            }
        }
    };
    let client = Client::builder().no_proxy().resolve(NAME, server.address()).on_event(hook).build().unwrap();
    for host in [NAME, ASCII, "BÜCHER.example", "bu\u{308}cher．example"] {
        let response = client.get(format!("http://{host}:{port}/ü")).send().unwrap();
        assert_eq!(response.url().host(), ASCII);
        assert_eq!(response.text().unwrap(), "/%C3%BC");
    }
    assert_eq!(server.connections(), 1);
    for request in server.received() {
        assert_eq!(request.header("host").unwrap().to_str(), Some(&*format!("{ASCII}:{port}")));
    }
    assert_eq!(*seen.lock().unwrap(), vec![format!("http://{ASCII}:{port}/%C3%BC"); 4]);
}

#[test]
fn a_redirect_leads_to_a_name_as_a_user_does() {
    let server = Server::start(|request| match request.target() {
        "/" => Reply::new(302).header("Location", &format!("//{NAME}:{}/there", request_port(request))),
        "/away" => Reply::new(302).header("Location", "//h\u{ff0f}x.example/"),
        target => Reply::text(200, target),
    });
    let client = Client::builder().no_proxy().resolve(NAME, server.address()).build().unwrap();
    let response = client.get(server.url("/")).send().unwrap();
    assert_eq!((response.url().host(), response.url().path()), (ASCII, "/there"));
    let error = client.get(server.url("/away")).send().unwrap_err();
    assert!(error.to_string().contains("UTS #46"), "{error}");
}

fn request_port(request: &httpkit::testing::Received) -> u16 {
    let host = request.header("host").unwrap().to_str().unwrap().to_owned();
    Url::parse(&format!("http://{host}/")).unwrap().port()
}

#[test]
fn a_certificate_and_sni_have_the_ascii_form() {
    let authority = Authority::new();
    let server =
        TlsServer::start(authority.issue(ASCII).server(&[&TLS13]), Then::Silence, |_| Reply::new(204));
    let address = server.server().address();
    let client = authority.client_with(Client::builder().no_proxy().resolve(NAME, address));
    client.get(format!("https://{NAME}:{}/", address.port())).send().unwrap();
    assert_eq!(server.agreed()[0].server_name.as_deref(), Some(ASCII));
}

#[test]
fn a_connection_of_its_own_takes_names_too() {
    let connection = HttpConnection::new(&format!("{NAME}:81")).unwrap();
    assert_eq!((connection.host(), connection.port()), (ASCII, 81));
    let error = HttpConnection::new("h\u{ff1a}81").unwrap_err();
    assert!(error.to_string().contains("UTS #46"), "{error}");
}

#[test]
fn proxies_and_what_they_are_not_for_have_names_too() {
    let proxy = Proxy::parse("http://prøxy.example:3128").unwrap();
    assert_eq!(proxy.to_string(), "http://xn--prxy-hra.example:3128");
    let proxies = Proxies::all(proxy).except(".bücher.example, ☃.net");
    for (url, is_direct) in [
        ("http://bücher.example/", true),
        ("http://www.BÜCHER.example/", true),
        ("http://xn--n3h.net/", true),
        ("http://bucher.example/", false),
    ] {
        let chosen = proxies.choose(&Url::parse(url).unwrap()).unwrap();
        assert_eq!(chosen.is_none(), is_direct, "{url}");
    }
}

#[test]
fn a_known_address_is_for_a_host() {
    let address = ([127, 0, 0, 1], 0).into();
    assert!(Client::builder().resolve("not a host", address).build().is_err());
}
