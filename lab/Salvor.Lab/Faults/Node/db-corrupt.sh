# pages of etcd's db are overwritten while etcd is off
inject() {
    mkdir -p "$kept"
    stop_etcd
    rm -rf "$kept/db"
    cp -a /var/lib/etcd/member/snap/db "$kept/db"
    dd if=/dev/urandom of=/var/lib/etcd/member/snap/db bs=4096 seek=0 count=16 conv=notrunc status=none
    put_back etcd
}
heal() {
    [[ -e $kept/db ]] || return 0
    stop_etcd
    mv "$kept/db" /var/lib/etcd/member/snap/db
    put_back etcd
}
observe() { [[ ! -e $kept/db ]] || echo "etcd's db has pages of noise"; }
