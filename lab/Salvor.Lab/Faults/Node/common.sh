# Sourced before each fault. A fault is a file that says in its first line what it breaks, and has three functions:
# inject breaks it, heal mends it (and does no harm where nothing is broken), observe prints what proves that it is in
# force, or nothing. They run on the control plane's machine.
set -u
kept=/var/lib/lab/kept
manifests=/etc/kubernetes/manifests

# process CONTAINER: the main process of a running container, by the name that its pod gives it.
process() {
    local id
    for id in $(ctr -n k8s.io containers ls -q "labels.\"io.kubernetes.container.name\"==$1"); do
        ctr -n k8s.io tasks ls | awk -v id="$id" '$1 == id && $3 == "RUNNING" { print $2 }'
    done | while read -r id; do
        # The runtime may not have noticed its end yet.
        [[ ! -d /proc/$id ]] || echo "$id"
    done
}

# end PID: kills it, and returns when it is gone.
end() {
    kill -9 "$1"
    while [[ -d /proc/$1 ]]; do sleep 0.05; done
}

# keep COMPONENT: keeps the manifest, once, until put_back.
keep() {
    mkdir -p "$kept"
    [[ -e $kept/$1.yaml ]] || cp -a "$manifests/$1.yaml" "$kept/$1.yaml"
}

# put COMPONENT: makes standard input the manifest. kubelet never sees half of it, nor a second file.
put() {
    cat >"$manifests/.$1.new"
    mv "$manifests/.$1.new" "$manifests/$1.yaml"
}

# put_back COMPONENT: the manifest that was kept. kubelet begins anew, or it would wait out the pauses that it grew while
# the component crashed.
put_back() {
    [[ -e $kept/$1.yaml ]] || return 0
    put "$1" <"$kept/$1.yaml"
    rm "$kept/$1.yaml"
    systemctl restart kubelet
}

state_of() {
    sed -n 's/^State:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null
}

# flag_of CONTAINER FLAG: whether its main process was started with the flag.
flag_of() {
    tr '\0' '\n' <"/proc/$(process "$1")/cmdline" 2>/dev/null | grep -q -e "^$2="
}

# etcdctl ARGUMENT...: as etcd's own container has it.
etcdctl() {
    local pki=/etc/kubernetes/pki/etcd
    ETCDCTL_API=3 nsenter --target "$(process etcd)" --mount -- etcdctl --endpoints https://127.0.0.1:2379 \
        --cacert "$pki/ca.crt" --cert "$pki/server.crt" --key "$pki/server.key" "$@"
}

kubelet() {
    systemctl show --property MainPID --value kubelet
}

# stop_etcd: takes its manifest away, and waits for its end.
stop_etcd() {
    keep etcd
    rm -f "$manifests/etcd.yaml"
    local pid
    pid=$(process etcd)
    while [[ -n $pid && -d /proc/$pid ]]; do sleep 0.2; done
}

# member_back: gives etcd the data back that a fault kept; what it made meanwhile stays aside.
member_back() {
    [[ -d $kept/member ]] || return 0
    stop_etcd
    [[ ! -e /var/lib/etcd/member ]] || mv /var/lib/etcd/member "/var/lib/etcd/aside-$(date +%s)"
    mv "$kept/member" /var/lib/etcd/member
    put_back etcd
}

member_away() {
    [[ ! -d $kept/member ]] || echo "the cluster's data is not where etcd looks for it"
}
