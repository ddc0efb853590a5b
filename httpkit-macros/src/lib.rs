//! `#[http_client]` of httpkit: a trait becomes a typed, blocking HTTP client.

#![forbid(unsafe_code)]

mod errors;
mod expand;
mod model;
mod parse;
mod template;
#[cfg(test)]
mod tests;
mod validate;

use errors::Errors;
use proc_macro2::TokenStream;

/// Turns a trait into a typed, blocking HTTP client.
///
/// Every method of the trait is a request: an attribute gives its verb and path, the parameters
/// fill it, and the return type says what to make of the response.
///
/// ```text
/// #[http_client(base = "https://api.github.com", headers("accept" = "application/vnd.github+json"))]
/// pub trait GitHub {
///     /// One repository.
///     #[get("/repos/{owner}/{repo}")]
///     fn repository(&self, owner: &str, repo: &str) -> Result<Repository>;
///
///     #[get("/repos/{owner}/{repo}/issues{?state,labels*,page}")]
///     fn issues(&self, owner: &str, repo: &str, state: Option<State>, labels: &[&str], page: Option<u32>)
///         -> Result<Pages<Vec<Issue>>>;
///
///     #[post("/repos/{owner}/{repo}/issues")]
///     fn create_issue(&self, owner: &str, repo: &str, #[json] issue: &NewIssue) -> Result<Issue>;
/// }
///
/// let github = GitHubClient::builder().bearer(token).build()?;
/// let repository = github.repository("rust-lang", "rust")?;
/// ```
///
/// # What is generated
///
/// | item | what it is |
/// |---|---|
/// | `trait GitHub` | the trait as written, without the attributes below; the documentation of a method ends with its request line |
/// | `GitHubClient` | implements the trait; `Clone`, `Debug`, `Send` and `Sync` |
/// | `GitHubClient::new(client)` | a client that sends through an `httpkit::Client` |
/// | `GitHubClient::builder()` | a builder: base URL, credentials, headers and so on |
/// | `GitHubClient::ENDPOINTS` | what is known of each request at compile time |
/// | `GitHubClientBuilder` | the type of the builder |
///
/// All of it is as visible as the trait. Whoever takes a `&dyn GitHub` can be tested without a
/// server. The attributes below need no `use`, and are gone from what the compiler sees.
/// Macros that read the trait, such as `mockall`'s `#[automock]`, stand below `#[http_client]`.
///
/// # Arguments of `#[http_client]`
///
/// | argument | meaning |
/// |---|---|
/// | `base = "https://api.example.org/v1"` | the base URL, `http` or `https`, without query; paths are appended to it, never resolved against it. Without it, the builder asks for one, unless all methods have `#[url]` |
/// | `headers("accept" = "text/csv", "x-version" = "2")` | headers of every request |
/// | `client = Name` | the name of the client, by default that of the trait and `Client` |
/// | `crate = path` | where httpkit is, by default `::httpkit` |
///
/// # Attributes of methods
///
/// | attribute | meaning |
/// |---|---|
/// | `#[get("/users")]` | the verb and the path; also `post`, `put`, `patch`, `delete`, `head`, `options`, `trace` and `query` |
/// | `#[http("PURGE", "/users")]` | any other verb, which is case-sensitive |
/// | `#[get]`, `#[http("PURGE")]` | the verb alone: a parameter with `#[url]` is what it is sent to |
/// | `#[headers("accept" = "text/csv")]` | constant headers; each replaces the trait's of the same name |
///
/// A method without a verb needs a body, and is left as it is. `cfg`, `allow`, `deprecated`,
/// `must_use` and documentation work as ever. `cfg` switches whole methods, not parameters, and
/// `cfg_attr` cannot hold a verb. The rest of a signature is free: generics, lifetimes, `where`,
/// `impl Trait` in parameters; but methods take `&self` and are neither `async` nor `unsafe`.
///
/// # Paths
///
/// A path starts with `/` and consists of literal text and placeholders, a subset of RFC 6570. A
/// parameter named in the path is bound by its name; `{type}` binds `r#type`. A name may stand in
/// several places, and each key once in the query.
///
/// | written | sent, for `x = "a/b c"` or `x = ["a", "b"]` |
/// |---|---|
/// | `/users/{x}` | `/users/a%2Fb%20c`: one segment; empty, `.` and `..` are errors when the method is called |
/// | `/{x}.json`, `/{w}x{h}` | part of a segment |
/// | `/files/{+x}` | `/files/a/b%20c`: what a path may hold is kept, escapes included; dot segments, encoded or not, and control characters are errors |
/// | `/objects/{*x}` | `/objects/a/b%20c`: an opaque key; each byte is encoded once, except `/`, so the server decodes it as it was; dot segments are errors |
/// | `/files{/x*}` | `/files/a/b`: a segment for each value |
/// | `/files{/x}` | `/files/a%2Fb%20c`, or `/files` if the value is `None`; `/files/a,b` |
/// | `/users{?x,y}` | `/users?x=a%2Fb%20c&y=…`; nothing for `None` |
/// | `/users{?x*}` | `/users?x=a&x=b`: the key for each value; `{?x}` sends `x=a,b` |
/// | `/users?sort=name{&x}` | `/users?sort=name&x=…`: behind a literal query |
/// | `/users?sort=name&page={x}` | the same, with a key that is not the name of the parameter |
/// | `/{{x}}` | `/%7Bx%7D`: literal braces |
///
/// Values of the path are written by `Display`, those of the query by `serde::Serialize`. Literal
/// text must be fit to be sent: what a path or query does not allow is percent-encoded by hand, and
/// empty and dot segments are refused.
///
/// # Attributes of parameters
///
/// A parameter that is not named in the path has one of these; nothing is guessed.
///
/// | attribute | meaning |
/// |---|---|
/// | `#[path("id")] user: u64` | fills `{id}`; `#[path]` alone insists that the parameter is named in the path |
/// | `#[query] page: Option<u32>` | appends `page=…`; nothing for `None` |
/// | `#[query("per-page")] count: u32` | appends `per-page=…` |
/// | `#[query] ids: &[u64]` | appends `ids=1,2`; for a key each, as in `ids=1&ids=2`, write `{?ids*}` in the template |
/// | `#[query(flatten)] filter: &Filter` | appends the fields of a struct or map |
/// | `#[flag] archived: bool` | appends `archived` if true; `#[flag("is-archived")]` under another name |
/// | `#[header("if-match")] tag: Option<&str>` | a header, or a line for each value of a list; replaces a constant one, which stays for `None` |
/// | `#[header("x-key", secret)] key: &str` | a header whose value is kept out of errors and logs |
/// | `#[json] issue: &NewIssue` | content, as JSON; `content-type` may be set otherwise |
/// | `#[form] login: &Login` | content, as `application/x-www-form-urlencoded` |
/// | `#[body] bytes: Vec<u8>` | content, as it is |
/// | `#[body("text/csv")] rows: &str` | content, as it is, of this type, whatever the headers say |
/// | `#[part] photo: Part<'_>` | a field of a form with files, as `multipart/form-data`: a part, text, a list of these, or nothing for `None`; takes the feature `multipart` |
/// | `#[part("title")] name: &str` | the same, under another name |
/// | `#[url] next: &str` | the whole URL, absolute, for a verb without a path; see below |
/// | `#[bearer] token: &str` | `Authorization: Bearer …`; nothing for `None` |
/// | `#[basic] credentials: (&str, &str)` | `Authorization: Basic …`, of user and password |
///
/// A request has at most one content, of which each `#[part]` is a piece, and one `Authorization`.
///
/// A URL that a call brings (`#[url]`, of `&str`, `String` or `httpkit::Url`) may lead to another
/// origin than the base URL. Then nothing goes there that could be a credential of the service:
/// no header of the builder, no `#[bearer]`, `#[basic]` and `secret` header, and no `authorization`,
/// `cookie` and the like from anywhere in the trait. What the `httpkit::Client` sends by default goes
/// wherever it goes. The query of the URL stays, and query parameters are appended to it. Such methods
/// need no base URL; without one, every origin is another.
///
/// # Return types
///
/// `Result<T, E>`, where `T: FromResponse` and `E: From<httpkit::Error>`. `FromResponse` says what can be
/// returned and which statuses each type accepts; any other status is an error, with headers and body.
///
/// | `T` | what comes back |
/// |---|---|
/// | `()`, `String`, `Vec<u8>`, `Bytes`, `Text<T>` | nothing, the body as text or bytes, text that is parsed |
/// | `T: DeserializeOwned` | a value, of JSON |
/// | `Option<T>` | the same, or `None` for 404 and for an empty body |
/// | `Response<T>`, `Response` | status and headers beside a `T`, or beside a body to read |
/// | `Body` | a body to read |
/// | `Lines<T>` | the values of a body that has one in each line (NDJSON), as they come |
/// | `ServerSentEvents` | the events of a `text/event-stream`, as they come |
/// | `Pages<T>` | the pages that lead to each other by `Link: <…>; rel="next"`, each a `Response<T>` |
///
/// A method with the verb HEAD returns what needs no content: `T: FromHead`, such as `()` or `Response<()>`.
///
/// # Precedence
///
/// | what | from the strongest |
/// |---|---|
/// | a header | the parameter, the method, the trait, the builder, the `Accept` of the return type, the `httpkit::Client` |
/// | the base URL | the builder, the `httpkit::Client`, the trait |
///
/// # Mistakes
///
/// All mistakes of a trait are reported at once, each once and where it is, with the fix. The trait
/// and its client are there all the same, so that code which uses them compiles.
#[proc_macro_attribute]
pub fn http_client(
    arguments: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    generate(arguments.into(), item.into()).into()
}

/// Runs the stages. On a mistake the trait and its client are there all the same, so that code
/// which uses them is not blamed.
fn generate(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut tokens = match parse::item(item.clone()) {
        Ok(item) => {
            let syntax = parse::client(arguments, item, &mut errors);
            expand::client(&validate::client(syntax, &mut errors))
        }
        Err(error) => {
            errors.push(error);
            item
        }
    };
    tokens.extend(errors.into_tokens());
    tokens
}
