#!/usr/bin/env bash
# A throw-away PostgreSQL on a free loopback port: `postgres.sh start DIR` prints its address, `postgres.sh stop DIR`.
# `start DIR safe` keeps what it acknowledges (fsync on); `kill DIR` ends it as a power cut would, `again DIR` starts it
# once more at the same address.
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
    fast="-c fsync=off -c full_page_writes=off"
    [ "${3:-}" = safe ] && fast=""
    for _ in 1 2 3 4 5 6 7 8; do
        port=$((20000 + RANDOM % 12000))
        options="-p $port -k $dir -c listen_addresses=127.0.0.1 $fast -c max_connections=200"
        # a port that is taken makes the start fail: another one then
        if as "$bin/pg_ctl -D $dir/data -w -l $dir/log -o '$options' start >/dev/null"; then
            echo "$options" >"$dir/options"
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
kill)
    kill -9 "$(head -1 "$dir/data/postmaster.pid")"
    ;;
again)
    # the orphans of the killed server take a moment to see that it is gone
    for _ in $(seq 50); do
        if as "$bin/pg_ctl -D $dir/data -w -l $dir/log -o '$(cat "$dir/options")' start >/dev/null 2>&1"; then exit 0; fi
        sleep 0.2
    done
    tail -20 "$dir/log" >&2
    exit 1
    ;;
esac
