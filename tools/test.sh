#!/usr/bin/env bash
# Everything that must hold before a change lands. Ends with the counts.
set -euo pipefail
cd "$(dirname "$0")/.."

passed=0
failed=0
began=$(date +%s)
work=$(mktemp -d)
chmod 755 "$work" # the database server runs as another user
cleanup() {
    [ -f "$work/pg/data/postmaster.pid" ] && tools/postgres.sh stop "$work/pg" || true
    rm -rf "$work"
}
trap cleanup EXIT

step() { printf '\n== [%4ds] %s\n' $(($(date +%s) - began)) "$1"; }

# counts a runner's own closing lines: cargo's "N passed; M failed" and the browser run's "N passed, M failed"
count() {
    local p f
    p=$(grep -oE '[0-9]+ passed' "$1" | awk '{n += $1} END {print n + 0}')
    f=$(grep -oE '[0-9]+ failed' "$1" | awk '{n += $1} END {print n + 0}')
    passed=$((passed + p))
    failed=$((failed + f))
}

check() { # name, command…
    local name=$1
    shift
    step "$name"
    if "$@" >"$work/out" 2>&1; then
        tail -3 "$work/out"
        passed=$((passed + 1))
    else
        cat "$work/out"
        failed=$((failed + 1))
        broken=1
    fi
}

run() { # name, command… whose output holds counts
    local name=$1
    shift
    step "$name"
    if "$@" >"$work/out" 2>&1; then
        grep -E '^(test result|[0-9]+ passed|     Running|   Doc-tests)' "$work/out" | grep -v ' 0 passed; 0 failed' || true
    else
        cat "$work/out"
        broken=1
    fi
    count "$work/out"
}

broken=0
step "setup"
tools/setup.sh test
check "web: build, budgets" tools/web.sh
check "web: types" bash -c 'cd web/console && npm run -s check && cd ../field && npm run -s check'
check "rust: format" cargo fmt --all --check
check "rust: lints" cargo clippy --workspace --all-targets --quiet -- -D warnings
check "house rules" cargo run -q -p xtask -- tidy
step "postgres"
SHIAN_TEST_POSTGRES=$(tools/postgres.sh start "$work/pg")
export SHIAN_TEST_POSTGRES
echo "on a free port, thrown away afterwards"
run "rust: tests, both databases" cargo test --workspace --no-fail-fast -q
check "contract is fresh" bash -c 'cargo run -q -p server -- contract | diff -u openapi.json -'
run "browser" tools/browser.sh

step "done in $((($(date +%s) - began) / 60)) minutes"
[ "$broken" = 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
