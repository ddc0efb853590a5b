//! The query, as it arrives on the request line.

use std::collections::BTreeMap;

use httpkit::{ErrorKind, Result, http_client};
use serde::Serialize;

use crate::{only_request, silent};

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    Open,
    NotPlanned,
}

/// A newtype, which is what it holds.
#[derive(Serialize)]
struct Since(Option<u64>);

#[derive(Serialize)]
struct Filter<'a> {
    author: Option<&'a str>,
    labels: &'a [&'a str],
    page: u32,
}

#[http_client]
trait Api {
    #[get("/issues{?state,labels,page}")]
    fn listed(&self, state: Option<State>, labels: &[&str], page: u32) -> Result<()>;

    #[get("/issues{?labels*}")]
    fn repeated(&self, labels: &[&str]) -> Result<()>;

    #[get("/issues{?since}")]
    fn since(&self, since: Since) -> Result<()>;

    #[get("/issues?sort=name{&page}")]
    fn behind_literal(&self, page: Option<u32>) -> Result<()>;

    #[get("/issues?sort=name&page={number}")]
    fn other_key(&self, number: u32) -> Result<()>;

    #[get("/issues")]
    fn by_attribute(
        &self,
        #[query] page: Option<u32>,
        #[query("per-page")] count: u32,
        #[flag] archived: bool,
        #[flag("is-open")] open: bool,
    ) -> Result<()>;

    #[get("/issues")]
    fn flattened(&self, #[query(flatten)] filter: &Filter<'_>) -> Result<()>;

    #[get("/issues{?page}")]
    fn mapped(&self, page: u32, #[query(flatten)] more: &BTreeMap<&str, &str>) -> Result<()>;

    #[get("/issues")]
    fn wrong(&self, #[query] filter: &Filter<'_>) -> Result<()>;
}

type Case = (fn(&ApiClient) -> Result<()>, &'static str);

const ARRIVING: &[Case] = &[
    (
        |api| api.listed(Some(State::NotPlanned), &["a b", "c,d"], 2),
        "/issues?state=not-planned&labels=a%20b,c%2Cd&page=2",
    ),
    (|api| api.listed(Some(State::Open), &[], 2), "/issues?state=open&page=2"),
    (|api| api.listed(None, &[], 1), "/issues?page=1"),
    (|api| api.repeated(&["a&b", "ü"]), "/issues?labels=a%26b&labels=%C3%BC"),
    (|api| api.repeated(&[]), "/issues"),
    (|api| api.since(Since(Some(5))), "/issues?since=5"),
    (|api| api.since(Since(None)), "/issues"),
    (|api| api.behind_literal(Some(3)), "/issues?sort=name&page=3"),
    (|api| api.behind_literal(None), "/issues?sort=name"),
    (|api| api.other_key(4), "/issues?sort=name&page=4"),
    (|api| api.by_attribute(Some(1), 50, true, false), "/issues?page=1&per-page=50&archived"),
    (|api| api.by_attribute(None, 50, false, true), "/issues?per-page=50&is-open"),
    (
        |api| api.flattened(&Filter { author: None, labels: &["a", "b"], page: 9 }),
        "/issues?labels=a&labels=b&page=9",
    ),
    (|api| api.mapped(1, &BTreeMap::from([("a b", "c=d")])), "/issues?page=1&a%20b=c%3Dd"),
];

#[test]
fn values_arrive_encoded_and_in_order() {
    for (call, target) in ARRIVING {
        let server = silent();
        let api = ApiClient::builder().base(server.url("")).build().unwrap();
        call(&api).unwrap();
        assert_eq!(only_request(&server).target(), *target);
    }
}

#[test]
fn fields_without_flatten_are_refused() {
    let server = silent();
    let api = ApiClient::builder().base(server.url("")).build().unwrap();
    let error = api.wrong(&Filter { author: None, labels: &[], page: 1 }).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Parameter { name, .. } if name == "filter"), "{error}");
    assert!(server.received().is_empty());
}
