# Shared by the scripts of this directory.

report=()

# Runs a command as a step with a name, and prints its seconds.
step() {
    local name=$1 began=$SECONDS
    shift
    echo
    echo "== $name"
    "$@"
    report+=("$(printf '%5d s  %s' $((SECONDS - began)) "$name")")
    echo "== $((SECONDS - began)) s: $name"
}

# Prints the seconds of all steps.
print_report() {
    echo
    printf '%s\n' "${report[@]}"
    printf '%5d s  in total\n' "$SECONDS"
}

# Reports that something is skipped. With CI=true this is a failure: a check that does not run shows nothing.
skip() {
    if [ "${CI:-}" = true ]; then
        echo "error: $1; CI=true allows no skipped check" >&2
        exit 1
    fi
    echo "skipped: $1"
}
