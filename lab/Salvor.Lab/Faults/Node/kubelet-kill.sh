# kubelet's process is killed, once
inject() { end "$(kubelet)"; }
heal() { :; }
observe() { [[ $(kubelet) != 0 ]] || echo "kubelet has no process"; }
