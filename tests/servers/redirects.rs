//! Redirects in the words of nginx.

use httpkit::{
    ErrorKind,
    testing::{Received, Reply, Server},
};
use httpkit_tests::Program;

use crate::{counted::Counted, programs::nginx_with};

/// nginx that redirects to a server which echoes the request.
fn nginx(echo: &Server, absolute: &str) -> Option<Program> {
    let upstream = echo.url("");
    nginx_with("", |place| {
        std::fs::create_dir(place.directory.join("folder")).unwrap();
        place.write("folder/index.html", "GET of the folder");
        format!(
            "absolute_redirect {absolute};\n\
             location = /301 {{ return 301 /echo?spam=eggs; }}\nlocation = /302 {{ return 302 /echo?spam=eggs; }}\n\
             location = /303 {{ return 303 /echo?spam=eggs; }}\nlocation = /307 {{ return 307 /echo?spam=eggs; }}\n\
             location = /308 {{ return 308 /echo?spam=eggs; }}\n\
             location = /relative {{ return 301 echo?spam=eggs; }}\n\
             location = /host {{ return 302 http://$http_host/echo?spam=eggs; }}\n\
             location = /round {{ return 302 /round; }}\n\
             location = /echo {{ proxy_pass {upstream}; }}"
        )
    })
}

fn echo() -> Server {
    Server::start(|request: &Received| {
        let body = String::from_utf8_lossy(request.body());
        Reply::text(200, &format!("{} {} {body}", request.method(), request.target()))
    })
}

/// Has a request redirected, with locations that have an authority and ones that have none.
fn each_way(run: impl Fn(&Program, &Counted)) {
    for absolute in ["on", "off"] {
        let echo = echo();
        let Some(nginx) = nginx(&echo, absolute) else { return };
        let counted = Counted::new();
        run(&nginx, &counted);
        assert_eq!(counted.opened(), 1, "absolute_redirect {absolute}");
    }
}

#[test]
fn redirects_are_followed_on_the_same_connection() {
    each_way(|nginx, counted| {
        for path in ["/301", "/302", "/303", "/307", "/308", "/host"] {
            let response = counted.get(&nginx.url(path));
            assert_eq!(response.url().to_string(), nginx.url("/echo?spam=eggs"), "{path}");
            assert_eq!(response.history().len(), 1, "{path}");
            assert_eq!(response.history()[0].url().to_string(), nginx.url(path));
            assert_eq!(response.text().unwrap(), "GET /echo?spam=eggs ", "{path}");
        }
    });
}

#[test]
fn the_status_decides_what_becomes_of_a_post() {
    each_way(|nginx, counted| {
        for (path, expected) in [
            ("/301", "GET /echo?spam=eggs "),
            ("/302", "GET /echo?spam=eggs "),
            ("/303", "GET /echo?spam=eggs "),
            ("/307", "POST /echo?spam=eggs ham"),
            ("/308", "POST /echo?spam=eggs ham"),
        ] {
            let response = counted.client.post(nginx.url(path)).body("ham").send().unwrap();
            assert_eq!(response.text().unwrap(), expected, "{path}");
        }
    });
}

#[test]
fn a_folder_without_its_slash_leads_to_the_folder() {
    each_way(|nginx, counted| {
        let response = counted.get(&nginx.url("/folder"));
        assert_eq!(response.url().to_string(), nginx.url("/folder/"));
        assert_eq!(response.text().unwrap(), "GET of the folder");
    });
}

#[test]
fn redirects_without_end_are_an_error() {
    each_way(|nginx, counted| {
        let error = counted.client.get(nginx.url("/round")).send().unwrap_err();
        let ErrorKind::TooManyRedirects { limit, chain } = error.kind() else { panic!("{error:?}") };
        assert_eq!((*limit, chain.len()), (10, 11));
    });
}
