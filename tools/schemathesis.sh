#!/usr/bin/env bash
# tools/schemathesis.sh BASE [EXAMPLES] [ROLE…] : asks a running sample server everything that openapi.json knows, as each
# demo account, and checks that nothing is a fault of the server or another shape than was promised. Use a server with
# `--limit-address 0 --limit-account 0 --limit-business 0`, and a city that may be spoiled: writes are tried too.
set -euo pipefail
cd "$(dirname "$0")/.."
base=$1
examples=${2:-3}
shift $(($# > 1 ? 2 : 1))
roles=("$@")
[ ${#roles[@]} -gt 0 ] || roles=(sysadmin secadmin audadmin leader investigator officer1 officer2 station owner clerk)
venv=${SHIAN_VENV:-/tmp/shian-schemathesis}
[ -x "$venv/bin/schemathesis" ] || { python3 -m venv "$venv" && "$venv/bin/pip" -q install 'schemathesis>=4.32,<5'; }
# what would end the account's own session, or give it another password
spare='^/api/(session(/.*)?|sessions.*|clerks/\{id\}/password|users/\{id\}/(password|sessions))$'
failed=0
for role in "${roles[@]}"; do
    signin="{\"name\":\"$role\",\"password\":\"shian-demo-2026\"}"
    cookie=$(curl -s -o /dev/null -c - "$base/api/session" -H 'content-type: application/json' -d "$signin" | awk 'NF >= 7 {print $6 "=" $7}' | tail -1)
    echo "== $role"
    "$venv/bin/schemathesis" run openapi.json --url "$base" -H "Cookie: $cookie" -H 'x-shian: 1' \
        -c not_a_server_error,response_schema_conformance,content_type_conformance,status_code_conformance \
        --exclude-path-regex "$spare" --phases fuzzing --max-examples "$examples" --continue-on-failure \
        --suppress-health-check all --request-timeout 60 --warnings off | grep -E 'ST[0-9]+|generated|curl' || failed=1
done
exit $failed
