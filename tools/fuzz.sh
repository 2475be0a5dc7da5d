#!/usr/bin/env bash
# tools/fuzz.sh TARGET N [SEED]: gives a parser N made-up inputs, at low priority and with at most 2 GiB of memory.
# Without arguments: what targets there are. See docs/fuzz.md.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build -q -p fuzz
ulimit -v 2097152
exec nice -n 19 target/debug/fuzz "$@"
