#!/usr/bin/env bash
# A throw-away PostgreSQL on a free loopback port: `postgres.sh start DIR` prints its address, `postgres.sh stop DIR`.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
dir=$2
# the server refuses to run as root
as() {
    if [ "$(id -u)" = 0 ]; then
        chown -R postgres "$dir"
        su postgres -s /bin/sh -c "cd / && $*"
    else
        sh -c "$*"
    fi
}
case $1 in
start)
    mkdir -p "$dir"
    as "$bin/initdb -D $dir/data -U shian --auth=trust -E UTF8 --locale=C.UTF-8 >$dir/init.log 2>&1"
    for _ in 1 2 3 4 5 6 7 8; do
        port=$((20000 + RANDOM % 12000))
        options="-p $port -k $dir -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=200"
        # a port that is taken makes the start fail: another one then
        if as "$bin/pg_ctl -D $dir/data -w -l $dir/log -o '$options' start >/dev/null"; then
            echo "postgres://shian@127.0.0.1:$port/postgres"
            exit 0
        fi
    done
    cat "$dir/log" >&2
    exit 1
    ;;
stop)
    as "$bin/pg_ctl -D $dir/data -m immediate stop >/dev/null"
    ;;
esac
