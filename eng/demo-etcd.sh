# Sourced by ./demo: an accident and two disasters on one etcd.
# shellcheck shell=bash
client=http://127.0.0.1:$(free_port)
peer=http://127.0.0.1:$(free_port)
readonly client peer

say "A cluster's etcd: $("$etcd_dir/etcd" --version | head -n 1), $size of Kubernetes-like objects"
start_etcd new
dotnet "$load" load --endpoint "$client" --size "$size" --seed 1 | sed 's/^/    /'
at=(--repository "$scene/repository" --key-file "$scene/repository.key")
readonly at
timed "salvor init --repository repository" "$salvor" init "${at[@]}" --config "$scene/config.yaml" --quiet
timed "salvor backup --repository repository" "$salvor" backup --endpoints "$client" "${at[@]}" --quiet
"$salvor" stream --endpoints "$client" "${at[@]}" --quiet >"$scene/stream.log" 2>&1 &
stream_pid=$!
echo "\$ salvor stream --repository repository &"

say "An accident: somebody deletes a whole namespace"
namespace=$(ctl get /registry/pods/ --prefix --keys-only --limit 1 | sed -n 's|^\(/registry/pods/[^/]*/\).*|\1|p')
readonly namespace
pods=$(ctl get "$namespace" --prefix --count-only -w fields | sed -n 's/^"Count" : //p')
before=$(revision)
at_before=$(truth)
ctl del "$namespace" --prefix >/dev/null
echo "    $namespace had $pods pods at revision $before; now none"
waited=0
until [[ $(logged) -gt $before ]]; do
    ((waited++ < 200)) || fail "the log does not go on: $(cat "$scene/stream.log")"
    sleep 0.05
done
timed "salvor backup --repository repository" "$salvor" backup --endpoints "$client" "${at[@]}" --quiet
timed "salvor restore --revision $before --data-dir before" "$salvor" restore "${at[@]}" --revision "$before" \
    --revision-bump 0 --data-dir "$scene/before" --name demo --peer-urls "$peer" --quiet
found=$("$salvor" inspect "$scene/before" --keys "$namespace" --quiet | grep -c "$namespace")
[[ $found == "$pods" ]] || fail "the restored directory has $found of $pods pods"
echo "    all $found pods are in the restored directory"

say "Disaster 1: in the middle of writing, the machine dies, and its disk with it"
write_until_death &
writer=$!
sleep 2
kill -KILL "$stream_pid" # The streamer is on the same machine.
stop_etcd KILL
wait "$writer" || true
wait "$stream_pid" 2>/dev/null || true
stream_pid=
rm -rf "$scene/etcd"
from=$(now_ms)
timed "salvor restore --data-dir etcd" "$salvor" restore "${at[@]}" --revision-bump 0 --data-dir "$scene/etcd" \
    --name demo --peer-urls "$peer" --quiet
start_etcd existing
echo "    back and healthy $(($(now_ms) - from)) ms after the restore began"
acknowledged=$(cat "$scene/acknowledged")
kept=$(ctl get /live/ --prefix --count-only -w fields | sed -n 's/^"Count" : //p')
lost=$((acknowledged > kept ? acknowledged - kept : 0))
echo "    of $acknowledged writes that etcd acknowledged, $lost were not yet in the repository: $(loss "$kept" "$lost")"
same "$(truth --rev "$before")" "$at_before"

say "Life goes on: a backup, and then writes that no backup has"
timed "salvor backup --to-file newest.db" "$salvor" backup --endpoints "$client" --to-file "$scene/newest.db" --quiet
for i in {1..20}; do
    ctl put "/after-the-backup/$i" "written at $i" >/dev/null
done
ctl del "/after-the-backup/7" >/dev/null
at_crash=$(truth)

say "Disaster 2: the machine dies, and its disk damages the database in 50 places"
stop_etcd KILL
python3 - "$scene/etcd/member/snap/db" <<'PY'
import os, random, sys
rnd = random.Random(1)
with open(sys.argv[1], "r+b") as db:
    size = os.path.getsize(sys.argv[1])
    for _ in range(50):
        db.seek(rnd.randrange(8192, size))
        db.write(rnd.randbytes(64))
PY
timed "salvor verify etcd | tail -n 1" verify_damaged
from=$(now_ms)
timed "salvor salvage etcd --snapshot newest.db --to rescued | grep -v ^found:" salvage
mv "$scene/etcd" "$scene/damaged"
mv "$scene/rescued" "$scene/etcd"
start_etcd existing
echo "    back and healthy $(($(now_ms) - from)) ms after the salvage began"
same "$(truth)" "$at_crash"

say "Nothing was lost but what a second had not yet carried off."
