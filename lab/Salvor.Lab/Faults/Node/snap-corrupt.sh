# the newest snapshot file of etcd's log is overwritten while etcd is off
inject() {
    keep etcd
    sed 's/--snapshot-count=.*/--snapshot-count=5/' "$kept/etcd.yaml" | put etcd
    until snap | grep -q .; do sleep 0.5; done
    stop_etcd
    rm -rf "$kept/snap"
    mkdir "$kept/snap"
    cp -a "$(snap)" "$kept/snap/"
    dd if=/dev/urandom of="$(snap)" bs=64 seek=1 count=4 conv=notrunc status=none
    put_back etcd
}
heal() {
    [[ -d $kept/snap ]] || return 0
    stop_etcd
    cp -a "$kept/snap/." /var/lib/etcd/member/snap/
    rm -rf "$kept/snap"
    put_back etcd
}
observe() { [[ ! -d $kept/snap ]] || echo "a snapshot file of etcd's log has noise in it"; }
snap() { find /var/lib/etcd/member/snap -name '*.snap' | sort | tail -n 1; }
