# the container runtime is stopped; its containers go on
inject() { systemctl stop containerd; }
heal() { systemctl start containerd; }
observe() { systemctl is-active containerd | grep -v -x active; }
