# kube-apiserver's manifest is no YAML any more
inject() {
    keep kube-apiserver
    printf 'apiVersion: v1\nkind: [\n' | put kube-apiserver
}
heal() { put_back kube-apiserver; }
observe() { grep -x 'kind: \[' "$manifests/kube-apiserver.yaml"; }
