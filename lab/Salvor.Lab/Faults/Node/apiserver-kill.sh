# kube-apiserver's process is killed, once
inject() { kill -9 "$(process kube-apiserver)"; }
heal() { :; }
observe() { [[ -n $(process kube-apiserver) ]] || echo "kube-apiserver has no process"; }
