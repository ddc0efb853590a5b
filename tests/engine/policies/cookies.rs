//! The cookie jar of a client.

use httpkit::{
    Client, CookieJar, RedirectPolicy, Url,
    testing::{Received, Reply, Server},
};

fn client(jar: &CookieJar) -> Client {
    Client::builder().cookie_jar(jar).build().unwrap()
}

/// The `Cookie` fields of each request.
fn sent(server: &Server) -> Vec<String> {
    let cookies = |request: &Received| {
        let fields: Vec<String> =
            request.headers().get_all("cookie").map(|value| value.to_string()).collect();
        fields.join(" | ")
    };
    server.received().iter().map(cookies).collect()
}

#[test]
fn cookies_are_chosen_anew_at_each_redirect() {
    let server = Server::start(|request| match request.target() {
        "/start" => Reply::new(302).header("Location", "/a/next").header("Set-Cookie", "one=1; Path=/a"),
        "/a/next" => Reply::new(307)
            .header("Location", "/b/end")
            .header("Set-Cookie", "two=2; Path=/")
            .header("Set-Cookie", "one=; Path=/a; Max-Age=0"),
        _ => Reply::text(200, "end"),
    });
    let jar = CookieJar::new();
    jar.set(&Url::parse(&server.url("/start")).unwrap(), "start=0; Path=/start");
    client(&jar).get(server.url("/start")).send().unwrap();
    assert_eq!(sent(&server), ["start=0", "one=1", "two=2"]);
    assert_eq!(jar.cookies().len(), 2);
}

#[test]
fn cookies_of_one_host_are_not_sent_to_another() {
    let other = Server::start(|_| Reply::new(200).header("Set-Cookie", "other=2; Domain=127.0.0.1"));
    let there = other.url("/").replace("127.0.0.1", "localhost");
    let server =
        Server::start(move |_| Reply::new(302).header("Location", &there).header("Set-Cookie", "one=1"));
    let jar = CookieJar::new();
    let client = client(&jar);
    for _ in 0..2 {
        client.get(server.url("/")).send().unwrap();
    }
    assert_eq!((sent(&server), sent(&other)), (vec![String::new(), "one=1".into()], vec![String::new(); 2]));
}

#[test]
fn a_cookie_header_of_the_request_goes_before() {
    let server = Server::start(|request| match request.target() {
        "/again" => Reply::new(302).header("Location", "/end").header("Set-Cookie", "b=2"),
        _ => Reply::new(200).header("Set-Cookie", "a=1"),
    });
    let jar = CookieJar::new();
    let client = client(&jar);
    client.get(server.url("/")).header("Cookie", "mine=0").send().unwrap();
    client.get(server.url("/again")).header("Cookie", "mine=0").send().unwrap();
    client.get(server.url("/")).send().unwrap();
    assert_eq!(sent(&server), ["mine=0", "mine=0", "mine=0", "a=1; b=2"]);
}

#[test]
fn clients_share_a_jar_and_one_can_be_saved() {
    let server = Server::start(|_| {
        Reply::new(200).header("Set-Cookie", "kept=1; Max-Age=3600").header("Set-Cookie", "session=2")
    });
    let jar = CookieJar::new();
    client(&jar).get(server.url("/")).send().unwrap();
    client(&jar).get(server.url("/")).send().unwrap();

    let (mut file, mut whole) = (Vec::new(), Vec::new());
    jar.save_without_session(&mut file).unwrap();
    jar.save(&mut whole).unwrap();
    client(&CookieJar::load(file.as_slice()).unwrap()).get(server.url("/")).send().unwrap();
    client(&CookieJar::load(whole.as_slice()).unwrap()).get(server.url("/")).send().unwrap();
    jar.clear();
    client(&jar).get(server.url("/")).send().unwrap();
    assert_eq!(sent(&server), ["", "kept=1; session=2", "kept=1", "kept=1; session=2", ""]);
    assert!(!format!("{jar:?}{:?}", jar.cookies()).contains("kept=1"));
}

#[test]
fn a_redirect_that_is_not_followed_still_sets_cookies() {
    let server = Server::start(|_| Reply::new(302).header("Location", "/x").header("Set-Cookie", "a=1"));
    let jar = CookieJar::new();
    client(&jar).get(server.url("/")).redirects(RedirectPolicy::none()).send().unwrap();
    assert_eq!(jar.cookies()[0].name(), b"a");
}
