//! Clients on the threads of an async runtime: they block these, as any code may for a while, and do no harm.

use httpkit::{
    Client,
    testing::{Reply, Server},
};
use tokio::runtime::{Builder, Runtime};

use crate::resources::{Resources, assert_all_gone};

/// Made, used and dropped within tasks, and handed from one to another.
fn live_and_die(runtime: Runtime) {
    let server = Server::start(|request| Reply::text(200, request.target()));
    let url = server.url("/x");
    let get = |client: &Client, url: &str| client.get(url).send().unwrap().text().unwrap();
    runtime.block_on(async {
        let client = Client::new();
        assert_eq!(get(&client, &url), "/x");
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (client, url) = (client.clone(), url.clone());
                tokio::spawn(async move {
                    assert_eq!(get(&client, &url), "/x");
                    tokio::task::yield_now().await;
                    let response = client.get(&url).send().unwrap();
                    tokio::task::yield_now().await;
                    assert_eq!(response.text().unwrap(), "/x");
                    let own = Client::new();
                    assert_eq!(get(&own, &url), "/x");
                    // A response that nobody reads, behind the client that it came from.
                    let unread = own.get(&url).send().unwrap();
                    drop(own);
                    drop(unread);
                })
            })
            .collect();
        drop(client);
        for task in tasks {
            task.await.unwrap();
        }
    });
    drop(runtime);
}

/// A runtime whose only thread is the one that waits for it.
pub(crate) fn on_one_thread() {
    let before = Resources::now();
    live_and_die(Builder::new_current_thread().build().unwrap());
    assert_all_gone(before);
}

/// A runtime with workers.
pub(crate) fn on_several_threads() {
    let before = Resources::now();
    live_and_die(Builder::new_multi_thread().worker_threads(4).build().unwrap());
    assert_all_gone(before);
}
