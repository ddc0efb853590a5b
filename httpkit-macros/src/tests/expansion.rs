//! What traits expand to.

use std::{env, fs, path::Path};

use syn::{Expr, File, ImplItem, Item, ItemConst, Stmt};

use super::tokens;
use crate::generate;

fn expand(arguments: &str, item: &str) -> File {
    syn::parse2(generate(tokens(arguments), tokens(item))).expect("the expansion is Rust")
}

/// Compares an expansion with its snapshot; `UPDATE_SNAPSHOTS=1` writes it.
fn assert_snapshot(name: &str, arguments: &str, item: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    let found = prettyplease::unparse(&expand(arguments, item));
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &found).expect("the snapshot can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{} differs:\n{found}", path.display());
}

const GITHUB: &str = r#"
    /// Some of GitHub.
    pub trait GitHub: Send + Sync {
        /// One repository.
        #[get("/repos/{owner}/{repo}")]
        fn repository(&self, owner: &str, repo: &str) -> Result<Repository>;

        #[get("/repos/{owner}/{repo}/issues{?state,labels*,page}")]
        #[headers("Accept" = "application/json")]
        #[cfg(feature = "issues")]
        fn issues(&self, owner: &str, repo: &str, state: Option<State>, labels: &[&str], page: Option<u32>)
            -> Result<Page<Issue>>;

        /// A new issue.
        #[post("/repos/{owner}/{repo}/issues?draft=true")]
        #[deprecated]
        fn create_issue<T>(&self, owner: &str, repo: &str, #[json] issue: &T) -> Result<Issue, ApiError<Problem>>
        where
            T: Serialize;

        #[http("PURGE", "/files/{+path}{/rest*}")]
        fn r#purge(
            &self,
            path: impl Display,
            rest: &[&str],
            #[query("per-page")] count: u8,
            #[query(flatten)] filter: &Filter,
            #[flag] force: bool,
            #[header("If-Match")] tag: Option<&str>,
            #[header("X-Key", secret)] key: &str,
            #[body("text/csv")] rows: &str,
            #[bearer] token: &str,
        ) -> Result<()>;

        /// A method of the user's own.
        fn is_up(&self) -> bool { true }
    }
"#;

#[test]
fn traits_expand_to_clients() {
    let arguments = r#"base = "https://api.github.com", headers("accept" = "application/vnd.github+json")"#;
    assert_snapshot("github.rs", arguments, GITHUB);
}

#[test]
fn generic_traits_expand_to_generic_clients() {
    let item = r#"
        trait Store<'a, T: ?Sized + Entity, const N: usize = 3> where T: 'a {
            #[get("/")]
            fn first(&self) -> Result<Box<T>>;
        }
    "#;
    assert_snapshot("generic.rs", "client = Shop, crate = my::httpkit", item);
}

#[test]
fn faulty_traits_keep_trait_and_client() {
    let item = r#"
        pub trait Api {
            #[get("users")]
            async fn users(&self) -> Result<Vec<User>>;
        }
    "#;
    assert_snapshot("faulty.rs", "", item);
}

#[test]
fn misspelt_placeholders_are_left_to_rustc() {
    let item = r#"
        pub trait Api {
            #[get("/users/{ide}/{nam}")]
            fn user(&self, id: u64, name: &str) -> Result<User>;
        }
    "#;
    assert_snapshot("probe.rs", "", item);
}

#[test]
fn methods_have_two_statements_and_one_for_each_parameter() {
    let file = expand(r#"base = "https://api.github.com""#, GITHUB);
    let mut counts = Vec::new();
    for item in &file.items {
        let Item::Const(ItemConst { expr, .. }) = item else {
            continue;
        };
        let Expr::Block(block) = &**expr else { panic!("the constant holds a block") };
        for statement in &block.block.stmts {
            let Stmt::Item(Item::Impl(implementation)) = statement else {
                continue;
            };
            if !implementation.trait_.as_ref().is_some_and(|(path, _)| path.is_ident("GitHub")) {
                continue;
            }
            for item in &implementation.items {
                let ImplItem::Fn(method) = item else { panic!("the client has methods alone") };
                let parameters = method.sig.inputs.len() - 1;
                assert_eq!(method.block.stmts.len(), parameters + 2, "{}", method.sig.ident);
                counts.push(method.block.stmts.len());
            }
        }
    }
    assert_eq!(counts, [4, 7, 5, 11]);
}

#[test]
fn items_that_are_no_traits_stay() {
    let file = expand("", "pub struct Api { name: String }");
    assert_eq!(file.items.len(), 2);
    assert!(matches!(&file.items[0], Item::Struct(_)));
    assert!(matches!(&file.items[1], Item::Macro(_)));
}
