# Lists the recipes.
default:
    @just --list

# The first tier, for every change.
check:
    .ci/run

# The second tier: the first, the default features, each feature alone, fuzzing, the oldest Rust, the dependencies.
full:
    .ci/full

# All tests.
test:
    cargo test --workspace --all-features

# Format and lints.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --all-features -- -D warnings

# The documentation, as docs.rs shows it.
doc:
    RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps --all-features

# Other systems: type checks for each, and tests on 32-bit Linux and under Wine.
cross *parts:
    .ci/cross {{parts}}

# Typed clients against httpbin and WsgiDAV, which are installed under .venv.
python-servers:
    .ci/python-servers

# Requests to nginx and haproxy, and through proxies, which are installed where Debian's packages can be.
servers:
    .ci/tools
    cargo test --package httpkit-tests --all-features --test servers --test proxies

# Each fuzz target, `runs` times.
fuzz runs="100000":
    .ci/fuzz {{runs}}
