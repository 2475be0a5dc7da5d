#!/usr/bin/env bash
# Builds each front end whose sources changed since its last build.
set -euo pipefail
cd "$(dirname "$0")/.."

for app in web/*/; do
    app=${app%/}
    [ -f "$app/vite.config.ts" ] || continue
    stamp=$(cd "$app" && find . -type f -not -path './node_modules/*' -not -path './dist/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum)
    # what the console says to the server is used by the others too
    [ "$app" = web/console ] || stamp="$stamp $(find web/console/src/api web/console/src/kit web/console/src/style -type f | sort | xargs cat | sha256sum)"
    [ -f data/maps/counties.json ] && stamp="$stamp $(find data/maps -type f | sort | xargs cat | sha256sum)"
    if [ -f "$app/dist/.stamp" ] && [ "$(cat "$app/dist/.stamp")" = "$stamp" ]; then continue; fi
    echo "building $app"
    if [ ! -d "$app/node_modules" ] || [ "$app/package-lock.json" -nt "$app/node_modules/.package-lock.json" ]; then
        (cd "$app" && npm ci --no-audit --no-fund --loglevel=error)
    fi
    (cd "$app" && npm run -s build)
    echo "$stamp" > "$app/dist/.stamp"
done
