# kube-apiserver ends at once, again and again: its manifest has a flag that it does not know
inject() {
    keep kube-apiserver
    sed 's/^    - kube-apiserver$/&\n    - --no-such-flag/' "$kept/kube-apiserver.yaml" | put kube-apiserver
}
heal() { put_back kube-apiserver; }
observe() { grep -o -e '--no-such-flag' "$manifests/kube-apiserver.yaml"; }
