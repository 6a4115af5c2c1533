# etcd's volume has no space left
inject() { dd if=/dev/zero of=/var/lib/etcd/filler bs=1M status=none 2>/dev/null; true; }
heal() { rm -f /var/lib/etcd/filler; }
observe() { df --output=avail /var/lib/etcd | awk 'NR == 2 && $1 < 1024 { print $1 " KiB are left" }'; }
