# etcd's data directory is emptied while etcd runs, which then ends
inject() {
    mkdir -p "$kept"
    rm -rf "$kept/member"
    cp -a /var/lib/etcd/member "$kept/member"
    rm -rf /var/lib/etcd/member
    kill -9 "$(process etcd)"
}
heal() { member_back; }
observe() { member_away; }
