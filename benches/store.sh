#!/usr/bin/env bash
# How fast deliveries are stored, against what the databases' own tools need for the same rows in the same keyed tables: `\copy` of psql
# and `.import` of sqlite3, in turns in one run. The time of the worker is that of the whole program: start, check of the file, rows
# moved into place, findings, mail, audit, and the end.
#
#   benches/store.sh postgres://user@host/database sqlite [ROWS [ROUNDS]]
#
# The first argument is a database that may be filled and dropped; either of the two may be `-` to leave it out.
set -euo pipefail
cd "$(dirname "$0")/.."
url=${1:?postgres://… or -}
lite=${2:?sqlite or -}
rows=${3:-1000000}
rounds=${4:-3}
portaal=${PORTAAL:-$PWD/target/release/portaal}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work PORTAAL_CONFIG=$work/config.toml
echo "state = \"$work/state\"" >"$PORTAAL_CONFIG"

seconds() { # runs the rest, prints how long it took
    local from to
    from=$(date +%s.%N)
    "$@" >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
    to=$(date +%s.%N)
    echo "$to - $from" | bc
}
say() { printf '%-46s %s\n' "$1" "$2"; }
ratio() { echo "scale=2; $1 / $2" | bc; }

# Everything that both databases do: a world, an organisation that has stored nothing, two files of it that share every key.
prepare() {
    "$portaal" --database "$1" demo --no-console --submissions 50 >/dev/null 2>&1
    "$portaal" --database "$1" worker --once >/dev/null 2>&1
    agb=$(ask "SELECT o.agb FROM organisation o JOIN acceptance a ON a.organisation_id = o.id AND a.state = 'accepted'
        AND a.valid_until > '2027' WHERE o.state = 'active' AND NOT EXISTS (SELECT 1 FROM care_path c
        WHERE c.organisation_id = o.id) ORDER BY o.agb LIMIT 1")
    who=$(ask "SELECT login FROM operator WHERE state = 'active' AND roles LIKE '%on_call%' ORDER BY login LIMIT 1")
    "$portaal" delivery sample --specification rom-1 --organisation "$agb" --rows "$rows" --seed 1 "$work/first.csv" >/dev/null
    # Every tenth score another one: those care paths are replaced, the others are confirmed.
    awk -F';' -v OFS=';' 'NR > 1 && NR % 10 == 0 && $18 ~ /^[0-9]+$/ { $18 = ($18 > 50 ? $18 - 1 : $18 + 1) } { print }' \
        "$work/first.csv" >"$work/second.csv"
}
deliver() { "$portaal" --database "$1" submission add "$2" --organisation "$agb" --as "$who" >/dev/null 2>&1; }
empty() { ask "DELETE FROM measurement" >/dev/null; ask "DELETE FROM care_path" >/dev/null; }

if [ "$url" != - ]; then
    ask() { psql -X -q -A -t -d "$url" -c "$1"; }
    "$portaal" --database "$url" migrate >/dev/null 2>&1
    prepare "$url"
    echo "== PostgreSQL, $rows rows"
    for round in $(seq "$rounds"); do
        psql -X -q -d "$url" -c 'TRUNCATE measurement, care_path, stage_path, stage_measurement' -c 'VACUUM' -c 'CHECKPOINT'
        # Other bytes in each round, or the delivery would be recognised.
        cp "$work/first.csv" "$work/now.csv"; for _ in $(seq "$round"); do echo >>"$work/now.csv"; done
        deliver "$url" "$work/now.csv"
        ours=$(seconds "$portaal" --database "$url" worker --once)
        stored=$(ask "SELECT count(*) FROM measurement")
        paths=$(ask "SELECT count(*) FROM care_path")
        # In the order of a file: care paths at random, their rows together.
        psql -X -q -d "$url" -c "\\copy (SELECT * FROM care_path ORDER BY substr(path_key, 9)) TO '$work/paths'" \
            -c "\\copy (SELECT * FROM measurement ORDER BY substr(path_key, 9), moment) TO '$work/measurements'"
        psql -X -q -d "$url" -c 'TRUNCATE measurement, care_path' -c 'VACUUM' -c 'CHECKPOINT'
        theirs=$(seconds psql -X -q -d "$url" -v ON_ERROR_STOP=1 -c "\\copy care_path FROM '$work/paths'" \
            -c "\\copy measurement FROM '$work/measurements'")
        say "$round new: worker, \\copy, ratio ($paths + $stored)" "$ours s, $theirs s, $(ratio "$ours" "$theirs")"
        # The whole file again with every tenth measurement changed, against \copy and one INSERT … ON CONFLICT.
        psql -X -q -d "$url" -c 'VACUUM ANALYZE care_path, measurement' -c 'CHECKPOINT'
        cp "$work/second.csv" "$work/now.csv"; for _ in $(seq "$round"); do echo >>"$work/now.csv"; done
        deliver "$url" "$work/now.csv"
        ours=$(seconds "$portaal" --database "$url" worker --once)
        psql -X -q -d "$url" -c 'TRUNCATE measurement, care_path' -c "\\copy care_path FROM '$work/paths'" \
            -c "\\copy measurement FROM '$work/measurements'" -c 'VACUUM ANALYZE care_path, measurement' -c 'CHECKPOINT'
        theirs=$(seconds psql -X -q -d "$url" -v ON_ERROR_STOP=1 -c 'CREATE TEMP TABLE p (LIKE care_path)' \
            -c 'CREATE TEMP TABLE m (LIKE measurement)' -c "\\copy p FROM '$work/paths'" -c "\\copy m FROM '$work/measurements'" \
            -c 'INSERT INTO care_path SELECT * FROM p ON CONFLICT (organisation_id, client_key, path_key, kind, submission_id)
                DO UPDATE SET confirmed_at = excluded.confirmed_at' \
            -c 'INSERT INTO measurement SELECT * FROM m ON CONFLICT (submission_id, client_key, path_key, moment, instrument,
                measured_on) DO UPDATE SET score = excluded.score')
        say "$round again: worker, \\copy + ON CONFLICT, ratio" "$ours s, $theirs s, $(ratio "$ours" "$theirs")"
    done
fi

if [ "$lite" != - ]; then
    file=$work/bench.db
    ask() { sqlite3 -cmd '.timeout 20000' "$file" "$1"; }
    prepare "sqlite:$file"
    echo "== SQLite, $rows rows"
    for round in $(seq "$rounds"); do
        empty
        ask 'VACUUM' >/dev/null; ask 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
        cp "$work/first.csv" "$work/now.csv"; for _ in $(seq "$round"); do echo >>"$work/now.csv"; done
        deliver "sqlite:$file" "$work/now.csv"
        ours=$(seconds "$portaal" --database "sqlite:$file" worker --once)
        # `.import` reads text: keys of 32 characters stand for keys of 32 bytes.
        sqlite3 -csv "$file" "SELECT organisation_id, substr(hex(client_key), 1, 32), substr(hex(path_key), 1, 32), kind, submission_id,
            superseded_by, profile, diagnosis, starts, ends, first_session, last_session, confirmed_at, sum_1, sum_2, sum_3, sum_4
            FROM care_path ORDER BY substr(path_key, 9)" >"$work/paths.csv"
        sqlite3 -csv "$file" "SELECT submission_id, substr(hex(client_key), 1, 32), substr(hex(path_key), 1, 32), moment, instrument,
            measured_on, score FROM measurement ORDER BY substr(path_key, 9), moment" >"$work/measurements.csv"
        empty
        ask 'VACUUM' >/dev/null; ask 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
        theirs=$(seconds sqlite3 -csv "$file" 'PRAGMA foreign_keys = ON' ".import $work/paths.csv care_path" \
            ".import $work/measurements.csv measurement")
        say "$round new: worker, .import, ratio" "$ours s, $theirs s, $(ratio "$ours" "$theirs")"
    done
fi
