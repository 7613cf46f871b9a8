#!/usr/bin/env bash
# Runs everything: format, lints, tests on both databases, against a real PostgreSQL and a real SMTP server that it starts and stops
# itself. Nothing is skipped: what is missing is installed, or the run fails and says so.
#
#   --fast     no format and lint check
#   --soak N   heavy loops N times as long; the seed that they print repeats them
set -euo pipefail

cd "$(dirname "$0")/.."

fast=no
soak=1
while [ $# -gt 0 ]; do
    case "$1" in
        --fast) fast=yes ;;
        --soak)
            [[ "${2:-}" =~ ^[1-9][0-9]*$ ]] || { echo "run.sh: --soak takes a number" >&2; exit 2; }
            soak=$2
            shift
            ;;
        -h | --help)
            sed -n '2,7s/^# \{0,1\}//p' "$0"
            exit 0
            ;;
        *)
            echo "run.sh: unknown option $1" >&2
            exit 2
            ;;
    esac
    shift
done

say() { printf '\n== %s\n' "$*"; }
fail() {
    printf 'run.sh: %s\n' "$*" >&2
    exit 1
}

work=$(mktemp -d "${TMPDIR:-/tmp}/portaal-test.XXXXXX")
chmod 711 "$work"
postgres_user=""
postgres_bin=""
smtpd=""

as_postgres() {
    if [ -n "$postgres_user" ]; then
        (cd "$work" && setpriv --reuid "$postgres_user" --regid "$postgres_user" --clear-groups -- "$@")
    else
        "$@"
    fi
}

stop() {
    status=$?
    trap - EXIT INT TERM HUP
    if [ -n "$smtpd" ]; then kill "$smtpd" 2>/dev/null || true; fi
    if [ -f "$work/postgres/postmaster.pid" ]; then
        as_postgres "$postgres_bin/pg_ctl" -D "$work/postgres" -m immediate stop >/dev/null 2>&1 || true
    fi
    if [ "$status" -eq 0 ]; then
        rm -rf "$work"
    else
        echo "run.sh: failed; logs are in $work" >&2
    fi
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# --- what is needed -----------------------------------------------------------------------------------------------------------------

find_postgres() {
    postgres_bin=""
    for directory in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr); do
        if [ -x "$directory/initdb" ]; then
            postgres_bin=$directory
            return
        fi
    done
    if command -v initdb >/dev/null; then postgres_bin=$(dirname "$(command -v initdb)"); fi
}

# The python that has aiosmtpd: Debian's own first, for its package is there.
find_python() {
    python=""
    for candidate in /usr/bin/python3 python3; do
        if command -v "$candidate" >/dev/null && "$candidate" -c 'import aiosmtpd' 2>/dev/null; then
            python=$candidate
            return
        fi
    done
}

missing_packages() {
    find_postgres
    find_python
    [ -n "$postgres_bin" ] || echo postgresql
    [ -n "$python" ] || echo python3-aiosmtpd
    command -v tmux >/dev/null || echo tmux
    command -v openssl >/dev/null || echo openssl
    command -v less >/dev/null || echo less
    command -v setpriv >/dev/null || echo util-linux
    command -v xmllint >/dev/null || echo libxml2-utils
}

find_postgres
find_python
packages=$(missing_packages)
if [ -n "$packages" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    say "installing $(echo $packages)"
    # A package that brings a server would start it; this run has its own.
    export DEBIAN_FRONTEND=noninteractive
    (apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages) >"$work/apt.log" 2>&1 \
        || tail -n 5 "$work/apt.log" >&2
    hash -r
    find_python
    if [ -z "$python" ] && command -v python3 >/dev/null; then
        python3 -m venv "$work/python" >>"$work/apt.log" 2>&1 \
            && "$work/python/bin/pip" install -q aiosmtpd >>"$work/apt.log" 2>&1 \
            && python="$work/python/bin/python"
    fi
fi
find_postgres
[ -n "$postgres_bin" ] || fail "PostgreSQL 15 or higher is missing (apt-get install postgresql)"
[ -n "$python" ] || { find_python; }
[ -n "$python" ] || fail "aiosmtpd is missing (apt-get install python3-aiosmtpd)"
for tool in cargo tmux openssl less xmllint; do
    command -v "$tool" >/dev/null || fail "$tool is missing"
done
[ -f tests/support/smtpd.py ] || fail "tests/support/smtpd.py is missing"

# --- servers ------------------------------------------------------------------------------------------------------------------------

free_port() {
    "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start_postgres() {
    if [ "$(id -u)" -eq 0 ]; then
        postgres_user=postgres
        id postgres >/dev/null 2>&1 || postgres_user=nobody
    fi
    mkdir "$work/postgres"
    chmod 700 "$work/postgres"
    if [ -n "$postgres_user" ]; then chown "$postgres_user" "$work/postgres"; fi
    as_postgres "$postgres_bin/initdb" -D "$work/postgres" -U postgres --auth=trust --encoding=UTF8 --locale=C \
        --no-instructions >"$work/initdb.log" 2>&1 || { cat "$work/initdb.log" >&2; fail "initdb"; }
    # A server of this run alone: it may forget everything, so it need not wait for a disk.
    cat >>"$work/postgres/postgresql.conf" <<'CONF'
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 128MB
CONF
    for _ in 1 2 3 4 5; do
        port=$(free_port)
        if as_postgres "$postgres_bin/pg_ctl" -D "$work/postgres" -w -t 60 -o "-p $port" \
            -l "$work/postgres/server.log" start >"$work/pg_ctl.log" 2>&1; then
            export PORTAAL_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres"
            return
        fi
    done
    cat "$work/pg_ctl.log" "$work/postgres/server.log" >&2 || true
    fail "PostgreSQL does not start"
}

start_smtp() {
    mkdir "$work/mail"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
        -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' -addext 'basicConstraints=critical,CA:FALSE' \
        -keyout "$work/smtp.key" -out "$work/smtp.pem" >"$work/openssl.log" 2>&1 \
        || { cat "$work/openssl.log" >&2; fail "openssl"; }
    PORTAAL_TEST_SMTP_PORT=$(free_port)
    export PORTAAL_TEST_SMTP_PORT
    export PORTAAL_TEST_SMTP_ROOTS="$work/smtp.pem"
    export PORTAAL_TEST_SMTP_MAILDIR="$work/mail"
    "$python" tests/support/smtpd.py --port "$PORTAAL_TEST_SMTP_PORT" --dir "$work/mail" \
        --certificate "$work/smtp.pem" --key "$work/smtp.key" >"$work/smtpd.log" 2>&1 &
    smtpd=$!
    for _ in $(seq 100); do
        kill -0 "$smtpd" 2>/dev/null || { cat "$work/smtpd.log" >&2; fail "the SMTP server does not start"; }
        if "$python" -c "import socket; socket.create_connection(('127.0.0.1', $PORTAAL_TEST_SMTP_PORT), 1).close()" 2>/dev/null; then
            return
        fi
        sleep 0.1
    done
    cat "$work/smtpd.log" >&2
    fail "the SMTP server does not answer"
}

say "PostgreSQL and SMTP"
start_postgres
start_smtp
echo "$("$postgres_bin/postgres" --version), $PORTAAL_TEST_POSTGRES"
echo "SMTP on port $PORTAAL_TEST_SMTP_PORT"

# --- the run ------------------------------------------------------------------------------------------------------------------------

export PORTAAL_TEST_SOAK=$soak
if [ "$fast" = no ]; then
    say "cargo fmt --check"
    cargo fmt --check
    say "cargo clippy"
    cargo clippy --all-targets --locked -- -D warnings
fi
say "cargo test"
# Unreviewed snapshots fail here instead of being written.
INSTA_UPDATE=no INSTA_FORCE_PASS=0 cargo test --locked
say "all green"
