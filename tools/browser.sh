#!/usr/bin/env bash
# The browser tests: Debian's Chromium against the real server with a small sample city. Ends with the counts.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/web.sh
# an unoptimised build reads the console from its dist folder
cargo build -q -p server
if [ ! -d web/tests/node_modules ] || [ web/tests/package-lock.json -nt web/tests/node_modules/.package-lock.json ]; then
    (cd web/tests && npm ci --no-audit --no-fund --loglevel=error)
fi
out=$(mktemp)
# the city is made once; every file of tests starts from its own copy
city=$(mktemp -d)
trap 'rm -rf "$out" "$city"' EXIT
(cd web/tests && node --input-type=module -e "await (await import('./lib/city.js')).make(process.argv[1])" "$city")
export SHIAN_TEST_CITY=$city
failed=0
(cd web/tests && node --test --test-concurrency=1 --test-reporter=spec) 2>&1 | tee "$out" || failed=1
passes=$(sed -n 's/^ℹ pass \([0-9]*\)$/\1/p' "$out" | tail -1)
fails=$(sed -n 's/^ℹ fail \([0-9]*\)$/\1/p' "$out" | tail -1)
[ "$failed" = 0 ] || [ "${fails:-0}" -gt 0 ] || fails=1
echo "${passes:-0} passed, ${fails:-1} failed"
[ "$failed" = 0 ]
