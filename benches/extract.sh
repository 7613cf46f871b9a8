#!/usr/bin/env bash
# How fast an extract is built: a database of 200 organisations is filled set by set, then the figures of a year are gathered in turns, against
# psql reading the same rows of the same deliveries and doing nothing with them, and protected once.
#
#   benches/extract.sh postgres://user@host/database [CARE_PATHS [ROUNDS]]
#
# The database is filled once; it must be empty and may be dropped. 2,100,000 care paths have some 5.2 million measurements.
set -euo pipefail
cd "$(dirname "$0")/.."
url=${1:?postgres://…}
paths=${2:-2100000}
rounds=${3:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "state = \"$work/state\"" >"$work/config.toml"
ask() { psql -X -q -A -t -d "$url" -v ON_ERROR_STOP=1 -c "$1"; }

cargo build --release --locked
HOME=$work PORTAAL_CONFIG=$work/config.toml target/release/portaal --database "$url" migrate >/dev/null 2>&1
if [ "$(ask 'SELECT count(*) FROM organisation')" = 0 ]; then
    psql -X -q -d "$url" -v ON_ERROR_STOP=1 -v orgs=200 -v paths="$paths" -f benches/extract.sql
fi
echo "$(ask 'SELECT count(*) FROM care_path') care paths, $(ask 'SELECT count(*) FROM measurement') measurements"
cargo bench --locked --bench extract -- "$url" "$rounds"
# The floor: the same rows in the same order, delivery by delivery, read and thrown away.
ask "SELECT 'COPY (SELECT c.client_key, c.path_key, c.profile, c.diagnosis, c.starts, c.ends, c.first_session, c.last_session,
    m.moment, m.instrument, m.measured_on, m.score FROM care_path c LEFT JOIN measurement m ON m.submission_id = ''' || id || '''
    AND m.client_key = c.client_key AND m.path_key = c.path_key WHERE c.submission_id = ''' || id || ''' AND c.superseded_by = ''''
    AND c.kind = ''rom'' AND c.ends >= ''2025-01-01'' AND c.ends <= ''2025-12-31'' ORDER BY c.client_key, c.path_key)
    TO STDOUT (FORMAT binary);' FROM submission WHERE kind = 'rom' ORDER BY organisation_id, id" | tr '\n' ' ' >"$work/floor.sql"
for _ in $(seq "$rounds"); do
    from=$(date +%s.%N)
    PGOPTIONS='-c work_mem=96MB -c jit=off -c max_parallel_workers_per_gather=0' psql -X -q -d "$url" -f "$work/floor.sql" >/dev/null
    echo "psql reads the same rows: $(echo "$(date +%s.%N) - $from" | bc) s"
done
