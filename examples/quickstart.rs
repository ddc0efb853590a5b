//! The main job, end to end: annotate a trait, get a typed client, talk to a server.
//!
//! `cargo run --example quickstart`

use httpkit::{ErrorKind, Result, http_client};
use httpkit_examples::book_shop;
use serde::{Deserialize, Serialize};

#[http_client(headers("accept" = "application/json"))]
trait Books {
    /// One book, in a language and with so many pages of it.
    #[get("/books/{id}{?language,pages}")]
    fn book(&self, id: u32, language: &str, pages: Option<u32>) -> Result<Book>;

    /// All books.
    #[get("/books")]
    fn books(&self) -> Result<Vec<Book>>;

    /// Adds a book.
    #[post("/books")]
    fn add(&self, #[json] book: &NewBook) -> Result<Book>;

    /// A book, if there is one.
    #[get("/books/{id}")]
    fn find(&self, id: u32) -> Result<Option<Book>>;
}

#[derive(Debug, Deserialize)]
struct Book {
    id: u32,
    title: String,
    #[serde(default)]
    note: String,
}

#[derive(Debug, Serialize)]
struct NewBook {
    title: String,
}

fn main() -> Result<()> {
    let server = book_shop();
    let books = BooksClient::builder().base(server.url("/v1")).build()?;

    println!("a book, with a path parameter and two query parameters:");
    let book = books.book(7, "en", Some(300))?;
    println!("  #{} {:?}; the server read the query {:?}", book.id, book.title, book.note);

    println!("a list:");
    for book in books.books()? {
        println!("  #{} {:?}", book.id, book.title);
    }

    println!("a POST of JSON:");
    let added = books.add(&NewBook { title: "Parable of the Sower".into() })?;
    println!("  it is now #{} {:?}", added.id, added.title);

    println!("a book that is not there, as an Option:");
    println!("  {:?}", books.find(404)?.map(|book| book.title));

    println!("an error whose body can still be read:");
    let refused = books.add(&NewBook { title: "A title that goes on and on and on and on".into() });
    match refused {
        Ok(book) => println!("  unexpectedly, it is #{}", book.id),
        Err(error) => {
            println!("  {error}");
            if let ErrorKind::Status(response) = error.kind() {
                println!("  status {}, body {}", response.status(), response.text());
            }
        }
    }

    println!("what went over the wire, on {} connection:", server.connections());
    for request in server.received() {
        println!("  {} {} {}", request.method(), request.target(), String::from_utf8_lossy(request.body()));
    }
    Ok(())
}
