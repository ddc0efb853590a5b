//! The servers, and what of their configuration is the same in all tests.

use httpkit::testing::Server;
use httpkit_tests::{Place, Program};

/// nginx with one server in the clear, of which `directives` says what it does.
pub(crate) fn nginx(directives: &str) -> Option<Program> {
    nginx_with("", |_| directives.to_owned())
}

/// nginx with one server, which listens with `options`, as `ssl` is one.
pub(crate) fn nginx_with(options: &str, directives: impl FnOnce(&Place) -> String) -> Option<Program> {
    Program::start("nginx", |place: &Place| {
        let directives = directives(place);
        let Place { port, directory } = place;
        let directory = directory.display();
        let config = format!(
            "daemon off;\npid {directory}/pid;\nworker_processes 1;\nevents {{ worker_connections 256; }}\n\
             http {{\naccess_log off;\ndefault_type text/plain;\nroot {directory};\n\
             client_body_temp_path {directory}/bodies;\nproxy_temp_path {directory}/proxied;\n\
             fastcgi_temp_path {directory}/fastcgi;\nscgi_temp_path {directory}/scgi;\n\
             uwsgi_temp_path {directory}/uwsgi;\n\
             server {{\nlisten 127.0.0.1:{port} {options};\n{directives}\n}}\n}}\n"
        );
        let config = place.write("nginx.conf", config);
        ["-e", "stderr", "-c", &config].map(str::to_owned).into()
    })
}

/// haproxy in front of an upstream, with `settings` that apply to both of its sides.
pub(crate) fn haproxy(upstream: &str, settings: &str) -> Option<Program> {
    haproxy_with(upstream, settings, |_| String::new())
}

/// As [`haproxy`], listening with `options`, as `ssl` is one.
pub(crate) fn haproxy_with(
    upstream: &str,
    settings: &str,
    options: impl FnOnce(&Place) -> String,
) -> Option<Program> {
    Program::start("haproxy", |place: &Place| {
        let options = options(place);
        let Place { port, directory } = place;
        let config = format!(
            "global\nmaxconn 256\n\
             defaults\nmode http\ntimeout connect 60s\ntimeout client 60s\ntimeout server 60s\nretries 0\n\
             listen test\nbind 127.0.0.1:{port} {options}\nserver upstream {upstream}\n{settings}\n"
        );
        let config = place.write("haproxy.conf", config);
        let pid = directory.join("pid");
        ["-W", "-f", &config, "-p", pid.to_str().unwrap()].map(str::to_owned).into()
    })
}

/// As [`haproxy`], in front of one of our servers.
pub(crate) fn haproxy_before(server: &Server, settings: &str) -> Option<Program> {
    haproxy(&server.address().to_string(), settings)
}
