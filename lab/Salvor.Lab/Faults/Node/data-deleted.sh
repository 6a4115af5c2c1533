# etcd's data directory is emptied while etcd runs, which then ends
inject() {
    mkdir -p "$kept"
    rm -rf "$kept/member"
    cp -a /var/lib/etcd/member "$kept/member"
    rm -rf /var/lib/etcd/member
    kill -9 "$(process etcd)"
}
heal() {
    [[ -d $kept/member ]] || return 0
    stop_etcd
    [[ ! -e /var/lib/etcd/member ]] || mv /var/lib/etcd/member "/var/lib/etcd/aside-$(date +%s)"
    mv "$kept/member" /var/lib/etcd/member
    put_back etcd
}
observe() { [[ ! -d $kept/member ]] || echo "the cluster's data is not where etcd looks for it"; }
