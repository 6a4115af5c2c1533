# etcd's volume takes no writes: its file system is read-only, as ext4 makes it after an error
inject() {
    stop_etcd
    mount -o remount,ro /var/lib/etcd
    put_back etcd
}
heal() { mount -o remount,rw /var/lib/etcd; }
observe() { findmnt --noheadings --output TARGET,OPTIONS --options ro /var/lib/etcd; }
