# kubelet is stopped
inject() { systemctl stop kubelet; }
heal() { systemctl start kubelet; }
observe() { systemctl is-active kubelet | grep -v -x active; }
