# etcd is at its quota, and takes no more writes (NOSPACE)
inject() {
    keep etcd
    local size
    size=$(stat -c %s /var/lib/etcd/member/snap/db)
    sed "s/^    - etcd\$/&\n    - --quota-backend-bytes=$((size + 4194304))/" "$kept/etcd.yaml" | put etcd
    until flag_of etcd --quota-backend-bytes && alarms >/dev/null 2>&1; do sleep 0.5; done
    head -c 700000 /dev/zero | tr '\0' x >"$kept/value"
    for i in $(seq 100); do etcdctl put "/lab-fault/$i" <"$kept/value" >/dev/null 2>&1 || break; done
}
heal() {
    [[ -e $kept/etcd.yaml ]] || return 0
    put_back etcd
    until ! flag_of etcd --quota-backend-bytes && alarms >/dev/null 2>&1; do sleep 0.5; done
    etcdctl alarm disarm >/dev/null
    etcdctl del --prefix /lab-fault/ >/dev/null
}
observe() { alarms | grep NOSPACE; }
alarms() { etcdctl alarm list; }
