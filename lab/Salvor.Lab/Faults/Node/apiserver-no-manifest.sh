# kube-apiserver's manifest is gone
inject() {
    keep kube-apiserver
    rm -f "$manifests/kube-apiserver.yaml"
}
heal() { put_back kube-apiserver; }
observe() { [[ -e $manifests/kube-apiserver.yaml ]] || echo "there is no manifest of kube-apiserver"; }
