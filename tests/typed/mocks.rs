//! Mocks of the same trait: `#[automock]` stands below `#[http_client]`, which hands it the trait without the
//! attributes of its own.

use httpkit::{Result, http_client};
use mockall::{automock, predicate::eq};
use serde::{Deserialize, Serialize};

use crate::{only_request, silent};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    id: u64,
}

#[http_client]
#[automock]
trait Shop {
    /// One order.
    #[get("/orders/{id}{?part}")]
    fn order(&self, id: u64, part: Option<u8>) -> Result<Option<Order>>;

    #[put("/orders/{id}")]
    #[headers("x-reason" = "test")]
    fn replace(&self, id: u64, #[json] order: &Order, #[bearer] token: &str) -> Result<()>;

    /// A method of the trait's own.
    fn has(&self, id: u64) -> Result<bool> {
        Ok(self.order(id, None)?.is_some())
    }
}

/// What is to be tested: it does not know whether it has a client or a mock.
fn replaced(shop: &dyn Shop, id: u64) -> Result<bool> {
    let found = shop.order(id, None)?;
    found.map_or(Ok(false), |order| shop.replace(order.id, &order, "token").map(|()| true))
}

#[test]
fn mocks_stand_in_for_clients() {
    let mut shop = MockShop::new();
    shop.expect_order().with(eq(7), eq(None)).returning(|id, _| Ok(Some(Order { id })));
    shop.expect_order().returning(|_, _| Ok(None));
    shop.expect_replace()
        .withf(|id, order, token| order.id == *id && token == "token")
        .times(1)
        .returning(|_, _, _| Ok(()));
    shop.expect_has().return_once(|_| Ok(true));
    assert!(replaced(&shop, 7).unwrap());
    assert!(!replaced(&shop, 8).unwrap());
    assert!(shop.has(1).unwrap());
}

#[test]
fn clients_of_mocked_traits_send() {
    let server = silent();
    let shop = ShopClient::builder().base(server.url("")).build().unwrap();
    assert!(!shop.has(7).unwrap());
    assert_eq!(only_request(&server).target(), "/orders/7");
}
