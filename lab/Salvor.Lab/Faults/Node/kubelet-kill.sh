# kubelet's process is killed, once
inject() { kill -9 "$(kubelet)"; }
heal() { :; }
observe() { [[ $(kubelet) != 0 ]] || echo "kubelet has no process"; }
