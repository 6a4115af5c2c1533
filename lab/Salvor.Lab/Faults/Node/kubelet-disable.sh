# kubelet is stopped, and does not start at boot either
inject() { systemctl --quiet disable --now kubelet; }
heal() { systemctl --quiet enable --now kubelet; }
observe() { systemctl is-enabled kubelet | grep -x disabled; }
