# kubelet stands still, and systemd thinks that it runs
inject() { kill -STOP "$(kubelet)"; }
heal() { kill -CONT "$(kubelet)"; }
observe() { state_of "$(kubelet)" | grep stopped; }
