//! Clients of servers in memory.

use httpkit::{
    Client, ClientBuilder, Limits, Response,
    testing::{Act, Script, ScriptedConnector},
};

/// A response without content that lets the connection serve again.
pub const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// A client whose first connection leads to the first script, and so on; and the record of what it does.
pub fn scripted(scripts: impl IntoIterator<Item = Script>) -> (Client, ScriptedConnector) {
    scripted_with(Client::builder(), scripts)
}

/// As [`scripted`], with settings.
pub fn scripted_with(
    builder: ClientBuilder,
    scripts: impl IntoIterator<Item = Script>,
) -> (Client, ScriptedConnector) {
    let connector = ScriptedConnector::new(scripts);
    let client = builder.connector(connector.clone()).build().expect("the settings are valid");
    (client, connector)
}

/// A server that answers each request on its connection with the next of these, and then waits for ever.
pub fn answers<'a>(responses: impl IntoIterator<Item = &'a [u8]>) -> Script {
    responses.into_iter().fold(Script::new(), |script, response| {
        script.then(Act::AwaitWrite).then(Act::Send(response.to_vec()))
    })
}

/// How many requests each connection carried.
pub fn requests(connector: &ScriptedConnector) -> Vec<usize> {
    let count = |written: &[u8]| written.windows(9).filter(|window| window == b"HTTP/1.1\r").count();
    connector.recorded().iter().map(|recorded| count(&recorded.written)).collect()
}

/// The response to a GET.
pub fn answered(response: &[u8]) -> httpkit::Result<Response> {
    let (client, _) = scripted([Script::answer(response)]);
    client.get("http://test.example/").send()
}

/// The response to a GET, with limits.
pub fn answered_within(limits: Limits, response: &[u8]) -> Response {
    let (client, _) = scripted_with(Client::builder().limits(limits), [Script::answer(response)]);
    client.get("http://test.example/").send().expect("the head is well-formed")
}

/// A response with this body, of known length.
pub fn with_body(body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
}
