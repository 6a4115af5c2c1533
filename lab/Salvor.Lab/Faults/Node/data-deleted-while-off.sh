# etcd is stopped, its data directory emptied, and etcd started again
inject() {
    mkdir -p "$kept"
    stop_etcd
    rm -rf "$kept/member"
    mv /var/lib/etcd/member "$kept/member"
    put_back etcd
}
heal() {
    [[ -d $kept/member ]] || return 0
    stop_etcd
    [[ ! -e /var/lib/etcd/member ]] || mv /var/lib/etcd/member "/var/lib/etcd/aside-$(date +%s)"
    mv "$kept/member" /var/lib/etcd/member
    put_back etcd
}
observe() { [[ ! -d $kept/member ]] || echo "the cluster's data is not where etcd looks for it"; }
