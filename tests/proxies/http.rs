//! HTTP proxies.

use httpkit::{ErrorKind, Proxy, ProxyError};
use httpkit_tests::{Place, Program};

use crate::Servers;

/// Whether a proxy asks for user and password.
#[derive(Clone, Copy, PartialEq)]
enum Access {
    Free,
    ByPassword,
}

/// Says to squid whether a user may pass.
const SQUID_LOGIN: &str =
    r#"while read -r login; do [ "$login" = "spam eggs" ] && echo OK || echo ERR; done"#;

fn squid(access: Access) -> Option<Program> {
    Program::start("squid", |place: &Place| {
        let Place { port, directory } = place;
        let directory = directory.display();
        let login = place.write("login.sh", SQUID_LOGIN);
        let rules = match access {
            Access::Free => "http_access allow all".to_owned(),
            Access::ByPassword => format!(
                "auth_param basic program /bin/sh {login}\nacl known proxy_auth REQUIRED\n\
                 http_access allow known\nhttp_access deny all"
            ),
        };
        let config = format!(
            "http_port 127.0.0.1:{port}\nvisible_hostname test\npid_filename none\ncache deny all\n\
             cache_log {directory}/cache.log\naccess_log none\ncoredump_dir {directory}\n\
             shutdown_lifetime 0 seconds\npinger_enable off\nnetdb_filename none\nmax_filedescriptors 1024\n{rules}\n"
        );
        ["-N", "-f"].map(str::to_owned).into_iter().chain([place.write("squid.conf", &config)]).collect()
    })
}

fn tinyproxy(access: Access) -> Option<Program> {
    Program::start("tinyproxy", |place: &Place| {
        let rules = if access == Access::ByPassword { "BasicAuth spam eggs" } else { "" };
        let port = place.port;
        let config =
            format!("Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 50\nLogLevel Error\n{rules}\n");
        ["-d", "-c"].map(str::to_owned).into_iter().chain([place.write("tinyproxy.conf", &config)]).collect()
    })
}

fn programs(access: Access) -> Vec<Program> {
    [squid(access), tinyproxy(access)].into_iter().flatten().collect()
}

fn proxy(user_info: &str, program: &Program) -> Proxy {
    Proxy::parse(&format!("http://{user_info}127.0.0.1:{}", program.port)).unwrap()
}

#[test]
fn requests_are_forwarded_and_tunnelled() {
    let servers = Servers::start();
    for program in programs(Access::Free) {
        let proxy = proxy("", &program);
        servers.exchange_through(&proxy);
        servers.exchange_through(&proxy.tunnel_http());
    }
}

#[test]
fn credentials_are_shown_to_the_proxy() {
    let servers = Servers::start();
    for program in programs(Access::ByPassword) {
        let proxy = proxy("spam:eggs@", &program);
        servers.exchange_through(&proxy);
        servers.exchange_through(&proxy.tunnel_http());
    }
}

#[test]
fn a_refusal_of_credentials_is_a_response_or_no_connection() {
    let servers = Servers::start();
    let [plain, secure] = servers.urls();
    for program in programs(Access::ByPassword) {
        for user_info in ["", "spam:ham@"] {
            let client = servers.client(proxy(user_info, &program));
            let status = client.get(&plain).send().unwrap().status();
            // tinyproxy says 401 for a password that is wrong.
            assert!(status == 407 || status == 401, "{status}");
            let error = client.get(&secure).send().unwrap_err();
            let ErrorKind::Proxy { source: ProxyError::Refused(snapshot), .. } = error.kind() else {
                panic!("{error:?}");
            };
            assert_eq!(snapshot.status(), status);
            assert!(!error.may_have_been_processed() && !snapshot.body().is_empty(), "{error:?}");
        }
    }
    assert!(servers.plain.received().is_empty() && servers.secure.server().connections() == 0);
}

#[test]
fn a_server_that_cannot_be_reached_is_no_tunnel() {
    let servers = Servers::start();
    for program in programs(Access::Free) {
        let client = servers.client(proxy("", &program));
        // Nobody listens on the port of the discard protocol.
        let error = client.get("https://127.0.0.1:9/").send().unwrap_err();
        let ErrorKind::Proxy { source: ProxyError::Refused(snapshot), .. } = error.kind() else {
            panic!("{error:?}");
        };
        assert!(snapshot.status().is_server_error() && error.is_connect(), "{error:?}");
        assert!(client.get("http://127.0.0.1:9/").send().unwrap().status().is_server_error());
    }
}
