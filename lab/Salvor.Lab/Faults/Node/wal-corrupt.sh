# records in the middle of etcd's log are overwritten while etcd is off
inject() {
    mkdir -p "$kept"
    stop_etcd
    rm -rf "$kept/wal"
    cp -a /var/lib/etcd/member/wal "$kept/wal"
    local first
    first=$(find /var/lib/etcd/member/wal -name '*.wal' | sort | head -n 1)
    dd if=/dev/urandom of="$first" bs=512 seek=16 count=4 conv=notrunc status=none
    put_back etcd
}
heal() {
    [[ -e $kept/wal ]] || return 0
    stop_etcd
    mv /var/lib/etcd/member/wal "/var/lib/etcd/aside-wal-$(date +%s)"
    mv "$kept/wal" /var/lib/etcd/member/wal
    put_back etcd
}
observe() { [[ ! -e $kept/wal ]] || echo "etcd's log has records of noise"; }
