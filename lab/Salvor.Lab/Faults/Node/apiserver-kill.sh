# kube-apiserver's process is killed, once
inject() { end "$(process kube-apiserver)"; }
heal() { :; }
observe() { [[ -n $(process kube-apiserver) ]] || echo "kube-apiserver has no process"; }
