//! What each file of a crate names of that crate, read from its tokens.
//!
//! Rule of this file: a path is followed through re-exports to the file that has the item. A module that
//! hands on what its children have is a table of contents: that is no import.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A path from the root of the crate, such as `["wire", "head", "HeadParser"]`.
pub(crate) type CratePath = Vec<String>;

/// The files of a crate, each under the path of its module.
#[derive(Default)]
pub(crate) struct Crate {
    pub(crate) files: BTreeMap<CratePath, Source>,
    /// The path here, and the path there.
    reexports: BTreeMap<CratePath, CratePath>,
}

/// One file.
pub(crate) struct Source {
    pub(crate) file: PathBuf,
    pub(crate) imports: Vec<Import>,
}

/// One path in one file.
pub(crate) struct Import {
    pub(crate) line: usize,
    pub(crate) path: CratePath,
}

impl Crate {
    /// Reads all files below `src`.
    pub(crate) fn read(src: &Path) -> Crate {
        let mut found = Crate::default();
        for file in rust_files(src) {
            let text = fs::read_to_string(&file).expect("a source is text");
            let relative = file.strip_prefix(src).expect("the file is below src");
            found.add(module_of(relative), &file, &text);
        }
        found
    }

    /// Reads one file.
    pub(crate) fn add(&mut self, module: CratePath, file: &Path, text: &str) {
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut reader = Reader { imports: Vec::new(), reexports: &mut self.reexports };
        reader.read(tokens, &Scope::of_module(module.clone()));
        let source = Source { file: file.to_path_buf(), imports: reader.imports };
        self.files.insert(module, source);
    }

    /// The module whose file has what `path` names.
    pub(crate) fn resolve(&self, path: &[String]) -> CratePath {
        for depth in 1..=path.len() {
            let (item, rest) = path.split_at(depth);
            if !self.files.contains_key(item)
                && let Some(target) = self.reexports.get(item)
            {
                return self.resolve(&[target, rest].concat());
            }
        }
        let depth = (0..=path.len()).rev().find(|&depth| self.files.contains_key(&path[..depth]));
        path[..depth.unwrap_or(0)].to_vec()
    }
}

/// All `.rs` files below `directory`.
fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).expect("the directory can be read") {
        let path = entry.expect("the directory can be read").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// `wire.rs` and `wire/mod.rs` are `wire`, `wire/head.rs` is `wire::head`, `lib.rs` is the root.
fn module_of(relative: &Path) -> CratePath {
    let mut module: CratePath =
        relative.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if module.last().is_some_and(|last| last == "mod") || module == ["lib"] {
        module.pop();
    }
    module
}

/// Where a path stands, which decides what its first segment means.
struct Scope {
    module: CratePath,
    /// The modules declared here, which a path may begin with.
    children: BTreeSet<String>,
}

impl Scope {
    fn of_module(module: CratePath) -> Scope {
        Scope { module, children: BTreeSet::new() }
    }

    /// The same module, where `tokens` stand.
    fn with(&self, tokens: &[TokenTree]) -> Scope {
        let declared = tokens.windows(2).filter_map(|pair| match pair {
            [TokenTree::Ident(keyword), TokenTree::Ident(name)] if *keyword == "mod" => {
                Some(name.to_string())
            }
            _ => None,
        });
        Scope {
            module: self.module.clone(),
            children: self.children.iter().cloned().chain(declared).collect(),
        }
    }

    /// The path from the root of the crate; `None` for one that leads out of it.
    fn absolute(&self, segments: &[String]) -> Option<CratePath> {
        let (first, mut rest) = segments.split_first()?;
        let mut path = match first.as_str() {
            "crate" => Vec::new(),
            "self" => self.module.clone(),
            "super" => {
                rest = segments;
                self.module.clone()
            }
            child if self.children.contains(child) => extended(&self.module, child),
            _ => return None,
        };
        while let Some((first, after)) = rest.split_first()
            && first == "super"
        {
            path.pop();
            rest = after;
        }
        path.extend_from_slice(rest);
        Some(path)
    }
}

struct Reader<'a> {
    imports: Vec<Import>,
    reexports: &'a mut BTreeMap<CratePath, CratePath>,
}

impl Reader<'_> {
    fn read(&mut self, stream: TokenStream, scope: &Scope) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let scope = scope.with(&tokens);
        let mut rest = tokens.as_slice();
        let mut is_public = false;
        while let Some(first) = rest.first() {
            let read = match rest {
                [TokenTree::Ident(keyword), TokenTree::Ident(name), TokenTree::Group(content), ..]
                    if *keyword == "mod" && content.delimiter() == Delimiter::Brace =>
                {
                    let module = extended(&scope.module, &name.to_string());
                    self.read(content.stream(), &Scope::of_module(module));
                    3
                }
                [TokenTree::Ident(keyword), ..] if *keyword == "use" => {
                    self.read_use(rest, is_public, &scope)
                }
                // `pub(crate)`, `pub(in crate::wire)`.
                [TokenTree::Ident(keyword), TokenTree::Group(_), ..] if *keyword == "pub" => 2,
                [TokenTree::Ident(_), ..] => self.read_path(rest, &scope),
                [TokenTree::Group(group), ..] => {
                    self.read(group.stream(), &scope);
                    1
                }
                _ => 1,
            };
            is_public = is_ident(first, "pub");
            rest = &rest[read..];
        }
    }

    /// Reads a `use` up to its semicolon.
    fn read_use(&mut self, tokens: &[TokenTree], is_public: bool, scope: &Scope) -> usize {
        let end = tokens.iter().position(|token| is_punct(token, ';')).unwrap_or(tokens.len());
        for leaf in tree(&tokens[1..end], &[]) {
            let Some(path) = scope.absolute(&leaf.segments) else {
                continue;
            };
            if is_public {
                let here = extended(&scope.module, &leaf.name);
                self.reexports.insert(here, path.clone());
            }
            if !is_public || !path.starts_with(&scope.module) {
                let line = leaf.line;
                self.imports.push(Import { line, path });
            }
        }
        end
    }

    /// Reads a path within code or a macro, such as `crate::wire::Framing`.
    fn read_path(&mut self, tokens: &[TokenTree], scope: &Scope) -> usize {
        let mut segments = Vec::new();
        let mut rest = tokens;
        while let [TokenTree::Ident(segment), after @ ..] = rest {
            segments.push(segment.to_string());
            rest = after;
            match rest {
                [first, second, after @ ..] if is_punct(first, ':') && is_punct(second, ':') => {
                    rest = after;
                }
                _ => break,
            }
        }
        if segments.len() > 1
            && let Some(path) = scope.absolute(&segments)
        {
            let line = line_of(&tokens[0]);
            self.imports.push(Import { line, path });
        }
        tokens.len() - rest.len()
    }
}

/// One name that a `use` brings in.
struct Leaf {
    segments: Vec<String>,
    name: String,
    line: usize,
}

/// The leaves of the tree of a `use`: `a::{b, c as d}` has `a::b` and `a::c`.
fn tree(tokens: &[TokenTree], prefix: &[String]) -> Vec<Leaf> {
    tokens.split(|token| is_punct(token, ',')).flat_map(|branch| branch_leaves(branch, prefix)).collect()
}

fn branch_leaves(branch: &[TokenTree], prefix: &[String]) -> Vec<Leaf> {
    let mut segments = prefix.to_vec();
    let mut renamed = None;
    for (at, token) in branch.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                return tree(&inner, &segments);
            }
            TokenTree::Ident(keyword) if *keyword == "as" => {
                renamed = branch.get(at + 1).map(ToString::to_string);
                break;
            }
            // `a::{self}` is `a`.
            TokenTree::Ident(keyword) if *keyword == "self" && !segments.is_empty() => {}
            TokenTree::Ident(segment) => segments.push(segment.to_string()),
            _ if is_punct(token, '*') => segments.push("*".to_string()),
            _ => {}
        }
    }
    let (Some(first), Some(last)) = (branch.first(), segments.last()) else {
        return Vec::new();
    };
    vec![Leaf { name: renamed.unwrap_or_else(|| last.clone()), line: line_of(first), segments }]
}

fn extended(module: &[String], name: &str) -> CratePath {
    [module, &[name.to_string()]].concat()
}

fn line_of(token: &TokenTree) -> usize {
    token.span().start().line
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if *ident == name)
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

mod tests {
    use std::path::Path;

    use super::Crate;

    /// The lines and paths that a file `net/dial.rs` names.
    fn imports(text: &str) -> Vec<(usize, String)> {
        let mut read = Crate::default();
        let module = vec!["net".to_string(), "dial".to_string()];
        read.add(module.clone(), Path::new("net/dial.rs"), text);
        read.files[&module].imports.iter().map(|import| (import.line, import.path.join("::"))).collect()
    }

    #[track_caller]
    fn assert_imports(text: &str, expected: &[(usize, &str)]) {
        let found = imports(text);
        let found: Vec<_> = found.iter().map(|(line, path)| (*line, &**path)).collect();
        assert_eq!(found, expected, "in {text}");
    }

    #[test]
    fn every_leaf_of_a_use_is_an_import() {
        assert_imports(
            "use crate::{\n    url::{Url, Origin as O},\n    wire::*,\n    net::{self, Stream},\n};",
            &[(2, "url::Url"), (2, "url::Origin"), (3, "wire::*"), (4, "net"), (4, "net::Stream")],
        );
    }

    #[test]
    fn super_and_self_lead_from_the_module() {
        assert_imports(
            "use super::Stream;\nuse super::super::url;\nuse self::race::Race;",
            &[(1, "net::Stream"), (2, "url"), (3, "net::dial::race::Race")],
        );
        assert_imports(
            "mod race { use super::Dial; fn f() { super::super::dial() } }",
            &[(1, "net::dial::Dial"), (1, "net::dial")],
        );
    }

    #[test]
    fn paths_in_code_and_macros_are_imports() {
        assert_imports(
            "fn f() { vec![crate::pool::Pool::new()] }\nmacro_rules! m { () => { $crate::typed::Call } }",
            &[(1, "pool::Pool::new"), (2, "typed::Call")],
        );
        assert_imports("mod race;\nfn f() { race::run(std::mem::take) }", &[(2, "net::dial::race::run")]);
    }

    #[test]
    fn text_and_visibilities_are_no_imports() {
        assert_imports(
            "/// See [`Client`](crate::Client).\n// crate::client\npub(in crate::net) fn f() { g(\"crate::pool\") }",
            &[],
        );
    }

    #[test]
    fn reexports_are_followed_to_the_file_of_the_item() {
        let mut read = Crate::default();
        for (module, text) in [
            ("", "mod wire; pub use self::wire::Framing; pub mod private { pub use crate::wire::Head; }"),
            (
                "wire",
                "mod framing; mod head; pub(crate) use self::{framing::Framing, head::HeadParser as Head};",
            ),
            ("wire/framing", ""),
            ("wire/head", ""),
        ] {
            let module = module.split('/').filter(|name| !name.is_empty());
            read.add(module.map(String::from).collect(), Path::new("lib.rs"), text);
        }
        for (path, expected) in [
            ("Framing", "wire::framing"),
            ("wire::Framing::new", "wire::framing"),
            ("private::Head", "wire::head"),
            ("wire::Other", "wire"),
            ("get", ""),
        ] {
            let path: Vec<String> = path.split("::").map(String::from).collect();
            assert_eq!(read.resolve(&path).join("::"), expected, "for {path:?}");
        }
        assert!(read.files[&vec!["wire".to_string()]].imports.is_empty());
    }
}
