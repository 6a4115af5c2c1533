# etcd is stopped, its data directory emptied, and etcd started again
inject() {
    mkdir -p "$kept"
    stop_etcd
    rm -rf "$kept/member"
    mv /var/lib/etcd/member "$kept/member"
    put_back etcd
}
heal() { member_back; }
observe() { member_away; }
