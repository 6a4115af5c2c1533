# kube-apiserver stands still, with its port open
inject() { kill -STOP "$(process kube-apiserver)"; }
heal() { kill -CONT "$(process kube-apiserver)"; }
observe() { state_of "$(process kube-apiserver)" | grep stopped; }
