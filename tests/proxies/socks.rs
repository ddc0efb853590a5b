//! SOCKS proxies.

use std::{
    fs,
    path::{Path, PathBuf},
};

use httpkit::{Error, ErrorKind, Proxy, ProxyError, SocksError};
use httpkit_tests::{Place, Program, skip};

use crate::Servers;

/// The password of `spam`, "eggs", as a system keeps it.
const SHADOW: &str = "spam:$6$httpkit$k79szLnOemdHkbP4Jtd1ArQeVu6o6R/7b5E/Gwp2RYg1kbxb7CRHrdzYhk7d8YX92JvSp6oVsQbANo/OxLt0b0:19000:0:99999:7:::\n";

/// Speaks SOCKS 4 and 5, but takes the address of a 4a request for one.
fn dante() -> Option<Program> {
    Program::start("danted", |place| dante_arguments(place, "none"))
}

/// Speaks SOCKS 5 with the users of the system, among whom a library puts one of ours.
fn dante_with_users() -> Option<Program> {
    let library = library("libnss_wrapper.so")
        .or_else(|| skip("libnss_wrapper.so is not installed", "`.ci/tools` installs it on Debian"))?;
    Program::start_with("danted", |place| {
        let of_system = |name: &str| fs::read_to_string(name).unwrap();
        let users = of_system("/etc/passwd") + "spam:x:12345:12345::/:/bin/false\n";
        let variables = vec![
            ("LD_PRELOAD", library.to_str().unwrap().to_owned()),
            ("NSS_WRAPPER_PASSWD", place.write("passwd", &users)),
            ("NSS_WRAPPER_GROUP", place.write("group", of_system("/etc/group"))),
            ("NSS_WRAPPER_SHADOW", place.write("shadow", SHADOW)),
        ];
        (dante_arguments(place, "username"), variables)
    })
}

fn dante_arguments(place: &Place, method: &str) -> Vec<String> {
    let config = format!(
        "logoutput: stderr\ninternal: 127.0.0.1 port = {}\nexternal: 127.0.0.1\nsocksmethod: {method}\n\
         clientmethod: none\nuser.privileged: root\nuser.unprivileged: nobody\n\
         client pass {{ from: 127.0.0.0/8 to: 127.0.0.0/8 }}\n\
         socks pass {{ from: 127.0.0.0/8 to: 0.0.0.0/0 command: connect }}\n",
        place.port
    );
    vec!["-f".to_owned(), place.write("danted.conf", &config)]
}

/// Where a library lies, on this machine or for its kind.
fn library(name: &str) -> Option<PathBuf> {
    let of_kind = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    ["/usr/lib", "/usr/lib64", &of_kind]
        .map(|directory| Path::new(directory).join(name))
        .into_iter()
        .find(|path| path.is_file())
}

/// Speaks SOCKS 5 with whoever has the password.
fn microsocks() -> Option<Program> {
    let arguments = |place: &Place| {
        let port = place.port.to_string();
        ["-i", "127.0.0.1", "-p", &port, "-u", "spam", "-P", "eggs"].map(str::to_owned).into()
    };
    Program::start("microsocks", arguments)
}

fn proxy(scheme: &str, user_info: &str, program: &Program) -> Proxy {
    Proxy::parse(&format!("{scheme}://{user_info}127.0.0.1:{}", program.port)).unwrap()
}

fn refusal(error: &Error) -> &SocksError {
    match error.kind() {
        ErrorKind::Proxy { source: ProxyError::Socks(source), .. } => source,
        _ => panic!("{error:?}"),
    }
}

#[test]
fn both_versions_lead_to_the_server() {
    let servers = Servers::start();
    let Some(dante) = dante() else { return };
    for scheme in ["socks4", "socks5", "socks5h"] {
        servers.exchange_through(&proxy(scheme, "", &dante));
    }
}

#[test]
fn user_and_password_are_shown_to_the_proxy() {
    let servers = Servers::start();
    for program in [microsocks(), dante_with_users()].into_iter().flatten() {
        for scheme in ["socks5", "socks5h"] {
            servers.exchange_through(&proxy(scheme, "spam:eggs@", &program));
        }
        let [url, _] = servers.urls();
        let error =
            |user_info| servers.client(proxy("socks5h", user_info, &program)).get(&url).send().unwrap_err();
        assert!(matches!(refusal(&error("spam:ham@")), SocksError::Authentication { .. }));
        assert_eq!(*refusal(&error("")), SocksError::NoAcceptableMethod);
    }
}

#[test]
fn a_server_that_cannot_be_reached_is_a_refusal_with_its_reason() {
    let servers = Servers::start();
    let through = [dante().map(|program| (program, "")), microsocks().map(|program| (program, "spam:eggs@"))];
    for (program, user_info) in through.into_iter().flatten() {
        let client = servers.client(proxy("socks5h", user_info, &program));
        // Nobody listens on the port of the discard protocol.
        let error = client.get("http://127.0.0.1:9/").send().unwrap_err();
        assert_eq!(*refusal(&error), SocksError::Refused { code: 5 });
        assert!(error.is_connect() && !error.may_have_been_processed(), "{error:?}");
    }
}
