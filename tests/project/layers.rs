//! The layers of `httpkit`: a module names its own layer, or those that this one stands on.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::{
    imports::{Crate, CratePath, Import, Source},
    workspace,
};

struct Layer {
    name: &'static str,
    modules: &'static [&'static str],
    /// The layers right below; what these stand on may be named too.
    on: &'static [&'static str],
}

/// From the bottom to the top. The root of the crate stands above them all.
const LAYERS: &[Layer] = &[
    Layer {
        name: "vocabulary",
        modules: &[
            "authorization",
            "grammar",
            "headers",
            "limits",
            "media_type",
            "method",
            "parameters",
            "secrecy",
            "setting",
            "target",
            "timeouts",
            "url",
            "version",
            "violation",
            "web_link",
        ],
        on: &[],
    },
    Layer { name: "wire", modules: &["wire"], on: &["vocabulary"] },
    Layer { name: "net", modules: &["net"], on: &[] },
    Layer {
        name: "data",
        modules: &[
            "config",
            "error",
            "event",
            "event_stream",
            "form",
            "interim",
            "json",
            "multipart",
            "peer",
            "private_file",
            "proxy",
            "query",
            "request_body",
            "shape",
            "spans",
        ],
        on: &["wire", "net"],
    },
    Layer {
        name: "policies",
        modules: &["auth", "charset", "coding", "cookies", "redirect", "retry"],
        on: &["data"],
    },
    Layer { name: "request", modules: &["request"], on: &["policies"] },
    Layer { name: "connection", modules: &["connection"], on: &["data"] },
    Layer { name: "pool", modules: &["pool"], on: &["connection"] },
    Layer { name: "exchange", modules: &["exchange"], on: &["pool", "request"] },
    Layer { name: "client", modules: &["client"], on: &["exchange"] },
    Layer { name: "typed", modules: &["typed"], on: &["client"] },
    Layer { name: "testing", modules: &["testing"], on: &["wire", "net"] },
];

impl Layer {
    fn named(name: &str) -> &'static Layer {
        LAYERS.iter().find(|layer| layer.name == name).unwrap_or_else(|| panic!("no layer is named {name}"))
    }

    fn of(module: &str) -> Option<&'static Layer> {
        LAYERS.iter().find(|layer| layer.modules.contains(&module))
    }

    /// The names of this layer and of all that it stands on.
    fn and_below(&self) -> BTreeSet<&'static str> {
        let below = self.on.iter().flat_map(|name| Layer::named(name).and_below());
        below.chain([self.name]).collect()
    }

    /// What is wrong about naming `module`, the first segment of a path.
    fn objection(&self, module: Option<&String>) -> Option<String> {
        let Some(module) = module else {
            return Some("the root of the crate is a table of contents: name the module".into());
        };
        let may_name = self.and_below();
        let other = Layer::of(module)?;
        (!may_name.contains(other.name))
            .then(|| format!("`{}` may name {may_name:?}, but this is of `{}`", self.name, other.name))
    }
}

fn httpkit() -> Crate {
    Crate::read(&workspace().join("httpkit/src"))
}

/// `httpkit/src/net/stream.rs:5: crate::url::Url`
fn place(file: &Path, import: &Import) -> String {
    let file = file.strip_prefix(workspace()).unwrap_or(file).display();
    format!("{file}:{}: crate::{}", import.line, import.path.join("::"))
}

#[test]
fn every_module_has_its_layer() {
    let httpkit = httpkit();
    let found: BTreeSet<&str> =
        httpkit.files.keys().filter_map(|module| module.first()).map(String::as_str).collect();
    let listed: BTreeSet<&str> = LAYERS.iter().flat_map(|layer| layer.modules).copied().collect();
    assert_eq!(found, listed, "place each module of httpkit/src (left) in LAYERS (right), and no other");
}

#[test]
fn modules_name_their_layer_and_those_below() {
    let httpkit = httpkit();
    let mut violations = Vec::new();
    for (module, source) in &httpkit.files {
        let Some(layer) = module.first().and_then(|module| Layer::of(module)) else {
            continue;
        };
        for import in &source.imports {
            if let Some(objection) = layer.objection(httpkit.resolve(&import.path).first()) {
                violations.push(format!("{}: {objection}", place(&source.file, import)));
            }
        }
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn files_import_each_other_in_no_circle() {
    let httpkit = httpkit();
    let imports = file_imports(&httpkit);
    let circles: Vec<&str> = imports
        .iter()
        .flat_map(|(file, targets)| targets.iter().map(move |target| (file, target)))
        .filter(|(file, (target, _))| leads_to(&imports, target, file))
        .map(|(_, (_, place))| place.as_str())
        .collect();
    assert!(
        circles.is_empty(),
        "what both sides need belongs below them; these imports close a circle:\n{}",
        circles.join("\n")
    );
}

/// For each file, the other files that it imports, and the place where it does so.
type FileImports = BTreeMap<CratePath, BTreeMap<CratePath, String>>;

fn file_imports(httpkit: &Crate) -> FileImports {
    let targets = |module: &CratePath, source: &Source| {
        let targets = source.imports.iter().map(|import| {
            let target = httpkit.resolve(&import.path);
            (target, place(&source.file, import))
        });
        targets.filter(|(target, _)| target != module).collect()
    };
    httpkit.files.iter().map(|(module, source)| (module.clone(), targets(module, source))).collect()
}

/// Whether `from` imports `to`, itself or through others.
fn leads_to(imports: &FileImports, from: &CratePath, to: &CratePath) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut left = vec![from];
    while let Some(file) = left.pop() {
        if file == to {
            return true;
        }
        left.extend(imports[file].keys().filter(|target| seen.insert(target)));
    }
    false
}
