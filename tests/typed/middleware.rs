//! Calls of typed clients go through what stands around the exchanges of their client.

use httpkit::{Client, Result, http_client};

use crate::{only_request, silent};

#[http_client]
trait Api {
    #[get("/items/{id}")]
    fn item(&self, id: u32) -> Result<()>;
}

#[test]
fn a_typed_client_calls_the_middleware_of_its_client() {
    let server = silent();
    let client = Client::builder()
        .middleware(|mut request, next| {
            let path = request.url().path().to_owned();
            request.headers_mut().set("X-Path", path)?;
            next.run(request)
        })
        .base_url(server.url("/"))
        .build()
        .unwrap();
    ApiClient::new(client).item(7).unwrap();
    assert_eq!(only_request(&server).header("x-path").unwrap(), "/items/7");
}
