//! Clients of servers in memory.

use httpkit::{
    Client, ClientBuilder,
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
