#!/usr/bin/env bash
# Installs what is missing, by Debian's packages and npm: `setup.sh run` for serving, `setup.sh test` for testing too.
set -euo pipefail
cd "$(dirname "$0")/.."

need=()
want() { # command-or-file package
    if [ "${1:0:1}" = / ]; then [ -e "$1" ] || need+=("$2"); else command -v "$1" >/dev/null || need+=("$2"); fi
}
want cc build-essential
want npm npm
want /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk
if [ "${1:-run}" = test ]; then
    want chromium chromium
    want pdftotext poppler-utils
    want go golang-go
    want /usr/share/gocode/src/golang.org/x/mod/sumdb/tlog golang-golang-x-mod-dev
    want zbarimg zbar-tools
    want /usr/sbin/mosquitto mosquitto
    python3 -c 'import ensurepip' 2>/dev/null || need+=(python3-venv)
    [ -x /usr/lib/postgresql/15/bin/postgres ] || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || need+=(postgresql)
fi
if [ "${#need[@]}" -gt 0 ]; then
    echo "installing: ${need[*]}"
    sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
fi
if [ "${1:-run}" = test ]; then
    tools/moto.sh install || echo "moto could not be installed: tests of S3 are skipped"
fi
