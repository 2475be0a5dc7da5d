#!/usr/bin/env bash
# An S3 server of other people's making (moto) for the tests of copies in a bucket: `moto.sh install` puts it into .cache/moto.
# Without it those tests say that they were skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
place=.cache/moto
[ -x "$place/bin/moto_server" ] && exit 0
python3 -m venv "$place.new"
"$place.new/bin/pip" install -q --disable-pip-version-check 'moto[server]==5.2.5'
# the scripts inside name their folder: made anew at the place they stay at
rm -rf "$place"
mv "$place.new" "$place"
sed -i "1s|.*|#!$PWD/$place/bin/python3|" "$place/bin/moto_server"
