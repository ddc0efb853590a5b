//! What the environment says of proxies.

use std::env;

use super::{Proxies, Proxy, proxies::Rule};

/// The variables that name the proxy for `http` to a program that a web server runs for a request (CGI). There,
/// `HTTP_PROXY` holds the header `Proxy` of that request. Windows ignores the case of names, so it returns that header as
/// `http_proxy` too.
const IN_CGI: &[&str] = if cfg!(windows) { &[] } else { &["http_proxy"] };

impl Proxies {
    /// Reads the proxies from the environment, with the variables that most programs use:
    ///
    /// | variable | content |
    /// |---|---|
    /// | `http_proxy`, `HTTP_PROXY` | the proxy for `http` URLs |
    /// | `https_proxy`, `HTTPS_PROXY` | the proxy for `https` URLs |
    /// | `all_proxy`, `ALL_PROXY` | the proxy for a scheme without a variable |
    /// | `no_proxy`, `NO_PROXY` | the hosts that are reached without a proxy |
    ///
    /// Lower case takes precedence. Empty values are ignored.
    ///
    /// `HTTP_PROXY` is ignored if `REQUEST_METHOD` is set, which marks a program that a web server runs for a request
    /// (CGI). The web server passes the header `Proxy` of the request to it in this variable. On Windows, `http_proxy` is
    /// ignored too, because it is the same variable.
    ///
    /// `NO_PROXY` lists, between commas or blanks: names, which stand for their subdomains too (`example.com`,
    /// `.example.com` and `*.example.com` say the same); addresses; networks (`10.0.0.0/8`, `fd00::/8`); all of
    /// these but networks with or without a port (`example.com:8080`, `[::1]:8080`); and `*` for everything.
    ///
    /// This machine itself (`localhost`, 127.0.0.0/8, `::1`) is never reached through a proxy of the environment: the
    /// proxy's `localhost` would be another.
    ///
    /// A value that names no proxy is an error of each request that it is for.
    pub fn from_env() -> Proxies {
        // What is not UTF-8 becomes a value that names no proxy, not one that is not there.
        let variable = |name: &str| env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        Proxies::from_variables(IN_CGI, variable)
    }

    fn from_variables(in_cgi: &[&str], variable: impl Fn(&str) -> Option<String>) -> Proxies {
        let first = |names: &[&str]| {
            names.iter().find_map(|name| variable(name).filter(|value| !value.trim().is_empty()))
        };
        let of_http = match variable("REQUEST_METHOD") {
            Some(_) => in_cgi,
            None => &["http_proxy", "HTTP_PROXY"],
        };
        let of_all = first(&["all_proxy", "ALL_PROXY"]);
        let [http, https] = [of_http, &["https_proxy", "HTTPS_PROXY"][..]].map(|names| {
            first(names).or_else(|| of_all.clone()).map_or(Rule::Directly, |value| rule(&value))
        });
        Proxies::of_environment(http, https, &first(&["no_proxy", "NO_PROXY"]).unwrap_or_default())
    }
}

fn rule(value: &str) -> Rule {
    Proxy::parse(value).map_or_else(Rule::Refused, Rule::Through)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::Url;

    /// The proxies for `http://a.com/` and `https://a.com/`.
    fn chosen(variables: &[(&str, &str)]) -> [Option<String>; 2] {
        let proxies = read(variables);
        ["http://a.com/", "https://a.com/"].map(|url| {
            let proxy = proxies.choose(&Url::parse(url).unwrap()).unwrap();
            proxy.map(|proxy| proxy.to_string().trim_start_matches("http://").to_owned())
        })
    }

    fn read(variables: &[(&str, &str)]) -> Proxies {
        let value = |name: &str| variables.iter().find(|(known, _)| *known == name);
        Proxies::from_variables(&["http_proxy"], |name| value(name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn each_scheme_has_variables_of_its_own() {
        for (variables, http, https) in [
            (&[][..], None, None),
            (&[("http_proxy", "a:1")], Some("a:1"), None),
            (&[("https_proxy", "a:1")], None, Some("a:1")),
            (&[("all_proxy", "a:1")], Some("a:1"), Some("a:1")),
            (&[("HTTP_PROXY", "a:1")], Some("a:1"), None),
            (&[("HTTPS_PROXY", "a:1")], None, Some("a:1")),
            (&[("ALL_PROXY", "a:1")], Some("a:1"), Some("a:1")),
            (&[("all_proxy", "a:1"), ("http_proxy", "b:2")], Some("b:2"), Some("a:1")),
            (&[("ALL_PROXY", "a:1"), ("https_proxy", "b:2")], Some("a:1"), Some("b:2")),
            // Lower case wins.
            (&[("HTTP_PROXY", "a:1"), ("http_proxy", "b:2")], Some("b:2"), None),
            (&[("HTTPS_PROXY", "a:1"), ("https_proxy", "b:2")], None, Some("b:2")),
            // What is empty is not there.
            (&[("http_proxy", ""), ("HTTP_PROXY", "b:2"), ("all_proxy", "c:3")], Some("b:2"), Some("c:3")),
            (&[("https_proxy", " "), ("all_proxy", "c:3")], Some("c:3"), Some("c:3")),
            // No other spelling counts.
            (&[("Http_Proxy", "a:1"), ("PROXY", "a:1"), ("ftp_proxy", "a:1")], None, None),
            // What may be a request's header does not count.
            (&[("HTTP_PROXY", "evil:1"), ("REQUEST_METHOD", "GET")], None, None),
            (&[("HTTP_PROXY", "evil:1"), ("REQUEST_METHOD", "")], None, None),
            (
                &[("HTTP_PROXY", "evil:1"), ("REQUEST_METHOD", "GET"), ("all_proxy", "a:1")],
                Some("a:1"),
                Some("a:1"),
            ),
            (
                &[("http_proxy", "a:1"), ("HTTPS_PROXY", "b:2"), ("REQUEST_METHOD", "GET")],
                Some("a:1"),
                Some("b:2"),
            ),
            (&[("all_proxy", "a:1"), ("no_proxy", "a.com")], None, None),
            (&[("all_proxy", "a:1"), ("NO_PROXY", "a.com:443")], Some("a:1"), None),
            (&[("all_proxy", "a:1"), ("NO_PROXY", "a.com"), ("no_proxy", "b.com")], Some("a:1"), Some("a:1")),
            (&[("all_proxy", "a:1"), ("no_proxy", "*")], None, None),
        ] {
            assert_eq!(
                chosen(variables),
                [http, https].map(|proxy| proxy.map(str::to_owned)),
                "{variables:?}"
            );
        }
    }

    #[test]
    fn ignores_header_of_request_if_names_have_no_case() {
        let url = Url::parse("http://a.com/").unwrap();
        let chosen = |variables: &[(&str, &str)]| {
            let value = |name: &str| variables.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            let proxies =
                Proxies::from_variables(&[], |name| value(name).map(|(_, value)| (*value).to_owned()));
            proxies.choose(&url).unwrap().map(|proxy| proxy.to_string())
        };
        assert_eq!(chosen(&[("HTTP_PROXY", "a:1")]).as_deref(), Some("http://a:1"));
        assert_eq!(chosen(&[("HTTP_PROXY", "evil:1"), ("REQUEST_METHOD", "GET")]), None);
    }

    #[test]
    fn this_machine_is_reached_without_a_proxy_of_the_environment() {
        let proxies = read(&[("all_proxy", "a:1")]);
        for url in ["http://localhost:81/", "https://127.0.0.1/", "http://[::1]/", "http://x.localhost/"] {
            assert_eq!(proxies.choose(&Url::parse(url).unwrap()).unwrap(), None, "{url}");
        }
    }

    #[test]
    fn a_faulty_value_refuses_the_urls_that_it_is_for() {
        let proxies = read(&[("http_proxy", "ftp://spam:hunter2@a"), ("no_proxy", "b.com")]);
        let chosen = |url| proxies.choose(&Url::parse(url).unwrap());
        let error = chosen("http://a.com/").unwrap_err().to_string();
        assert!(error.contains("ftp") && !error.contains("hunter2"), "{error}");
        assert_eq!(chosen("http://b.com/"), Ok(None));
        assert_eq!(chosen("https://a.com/"), Ok(None));
    }
}
