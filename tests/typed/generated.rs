//! What is generated beside the requests: traits, clients, builders and endpoints.

use std::{cell::Cell, fmt, marker::PhantomData, thread, time::Duration};

use httpkit::{
    Client, Endpoint, ErrorKind, Phase, Result, http_client,
    testing::{Reply, Server},
};
use serde::Serialize;

use crate::{only_request, silent};

/// A trait with all that Rust has.
#[http_client(client = Store)]
trait Shop: fmt::Debug + Send + Sync {
    /// Any verb.
    #[http("PURGE", "/cache/{type}")]
    #[headers("x-why" = "test")]
    fn r#loop(&self, r#type: &str) -> Result<()>;

    #[post("/orders")]
    fn order<T>(&self, #[json] order: &T, #[query] by: impl Serialize) -> Result<()>
    where
        T: Serialize,
        Self: Sized;

    #[cfg(any())]
    #[get("/never")]
    fn never(&self) -> Result<Missing>;

    /// Parameters named like what is generated.
    #[get("/{call}/{client}/{service}/{endpoint}")]
    fn names(&self, call: u8, client: u8, service: u8, endpoint: u8) -> Result<()>;

    #[get("/orders/{id}")]
    #[deprecated]
    fn old(&self, id: u64) -> Result<()>;

    /// A method of the trait's own.
    fn purge_all(&self, types: &[&str]) -> Result<()> {
        types.iter().try_for_each(|r#type| self.r#loop(r#type))
    }
}

#[http_client]
trait Entities<'a, T: Serialize + ?Sized + 'a, const N: usize> {
    #[put("/entities")]
    fn put(&self, #[json] entity: &'a T) -> Result<()>;
}

/// Stands in for a client, without a server.
struct Fake(PhantomData<u8>);

#[http_client]
trait Small {
    #[get("/{id}")]
    fn one(&self, id: u64) -> Result<String>;
}

impl Small for Fake {
    fn one(&self, id: u64) -> Result<String> {
        Ok(id.to_string())
    }
}

fn first(small: &dyn Small) -> Result<String> {
    small.one(1)
}

fn is_shared<T: Clone + fmt::Debug + Send + Sync + 'static>() {}

#[test]
fn clients_are_cloned_shown_and_shared() {
    is_shared::<Store>();
    is_shared::<SmallClient>();
    // Also where what they are generic over is not.
    is_shared::<EntitiesClient<'static, Cell<u8>, 3>>();
    let store = Store::builder().base("http://127.0.0.1:1/api").build().unwrap();
    let shown = format!("{store:?}");
    assert!(shown.starts_with("Store {") && shown.contains("http://127.0.0.1:1/api"), "{shown}");
}

#[test]
fn requests_go_through_trait_objects_and_fakes_do_too() {
    let server = Server::start(|_| Reply::text(200, "loopback"));
    let client = SmallClient::builder().base(server.url("")).build().unwrap();
    assert_eq!(first(&client).unwrap(), "loopback");
    assert_eq!(first(&Fake(PhantomData)).unwrap(), "1");
}

#[test]
fn verbs_and_names_are_free() {
    let server = silent();
    let store = Store::builder().base(server.url("")).build().unwrap();
    store.r#loop("a").unwrap();
    let request = only_request(&server);
    assert_eq!((request.method(), request.target()), ("PURGE", "/cache/a"));
    assert_eq!(request.header("x-why").unwrap(), "test");
    store.names(1, 2, 3, 4).unwrap();
    assert_eq!(server.received()[1].target(), "/1/2/3/4");
}

#[test]
fn generic_methods_and_default_methods_send() {
    let server = silent();
    let store = Store::builder().base(server.url("")).build().unwrap();
    store.order(&[1, 2], "me").unwrap();
    let request = only_request(&server);
    assert_eq!((request.target(), request.body()), ("/orders?by=me", &b"[1,2]"[..]));
    store.purge_all(&["a", "b"]).unwrap();
    assert_eq!(server.received().len(), 3);

    let entities = EntitiesClient::<'_, str, 1>::builder().base(server.url("")).build().unwrap();
    entities.put("x").unwrap();
    assert_eq!(server.received()[3].body(), b"\"x\"");
}

#[test]
fn endpoints_are_listed() {
    let shown: Vec<_> = Store::ENDPOINTS.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "PURGE /cache/{type}",
            "POST /orders",
            "GET /{call}/{client}/{service}/{endpoint}",
            "GET /orders/{id}"
        ]
    );
    let endpoint: &Endpoint = Store::ENDPOINTS[0];
    assert_eq!((endpoint.service(), endpoint.name()), ("Shop", "loop"));
    assert_eq!(endpoint.qualified_name(), "Shop::loop");
    assert_eq!(endpoint.method(), "PURGE");
    assert_eq!(endpoint.template(), "/cache/{type}");
    assert_eq!(endpoint.constant_headers().collect::<Vec<_>>(), [("x-why", "test")]);
}

#[test]
fn builders_set_a_timeout() {
    let server = Server::start(|_| Reply::default().pause(Duration::from_secs(2)));
    let builder = StoreBuilder::base(Store::builder(), server.url("")).timeout(Duration::from_millis(50));
    let store = builder.build().unwrap();
    let error = store.old_one().unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Timeout { phase: Phase::Response | Phase::Body, .. }),
        "{error}"
    );
}

/// Calls a method that is deprecated, on purpose.
trait OldOne {
    fn old_one(&self) -> Result<()>;
}

impl OldOne for Store {
    fn old_one(&self) -> Result<()> {
        #[expect(deprecated, reason = "that it can be called is the point")]
        self.old(1)
    }
}

#[test]
fn clones_and_typed_clients_share_one_pool() {
    let server = silent();
    let client = Client::new();
    let store = Store::builder().client(client.clone()).base(server.url("")).build().unwrap();
    let small = SmallClient::builder().client(client).base(server.url("")).build().unwrap();
    let clone = store.clone();
    thread::scope(|scope| {
        scope.spawn(move || clone.r#loop("a").unwrap()).join().unwrap();
    });
    store.r#loop("b").unwrap();
    small.one(1).unwrap();
    assert_eq!((server.received().len(), server.connections()), (3, 1));
}

/// Methods named like what the client has besides.
#[http_client]
#[allow(clippy::new_ret_no_self, clippy::wrong_self_convention, reason = "that they can be is the point")]
trait Makers {
    #[get("/new")]
    fn new(&self) -> Result<()>;

    #[get("/builder")]
    fn builder(&self) -> Result<()>;
}

#[test]
fn no_function_of_the_client_hides_a_method() {
    let server = silent();
    let makers = MakersClient::builder().base(server.url("")).build().unwrap();
    makers.new().unwrap();
    makers.builder().unwrap();
    let targets: Vec<_> = server.received().iter().map(|request| request.target().to_owned()).collect();
    assert_eq!(targets, ["/new", "/builder"]);
}
