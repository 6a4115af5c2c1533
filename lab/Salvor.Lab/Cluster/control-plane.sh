# The control plane: kubeadm's own, with etcd's data on a volume.
blkid /dev/sdf >/dev/null || mkfs.ext4 -q -L etcd /dev/sdf
udevadm settle
mkdir -p /var/lib/etcd
chmod 700 /var/lib/etcd
cat >/etc/systemd/system/var-lib-etcd.mount <<UNIT
[Unit]
Description=etcd's volume
Before=kubelet.service

[Mount]
What=/dev/sdf
Where=/var/lib/etcd
Type=ext4
Options=noatime

[Install]
WantedBy=local-fs.target
UNIT
systemctl daemon-reload
systemctl enable --now var-lib-etcd.mount
cat >/root/kubeadm.yaml <<CONFIG
apiVersion: kubeadm.k8s.io/v1beta2
kind: InitConfiguration
bootstrapTokens:
- token: $TOKEN
  ttl: 0s
localAPIEndpoint:
  advertiseAddress: $ADDRESS
nodeRegistration:
  name: $NAME
  criSocket: /run/containerd/containerd.sock
  kubeletExtraArgs:
    node-ip: $ADDRESS
---
apiVersion: kubeadm.k8s.io/v1beta2
kind: ClusterConfiguration
kubernetesVersion: $VERSION
controlPlaneEndpoint: $ENDPOINT:6443
networking:
  podSubnet: 10.244.0.0/16
---
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: cgroupfs
failSwapOn: false
nodeStatusUpdateFrequency: 4s
evictionHard:
  memory.available: 50Mi
imageGCHighThresholdPercent: 100
---
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
conntrack:
  maxPerCore: 0
  min: 0
CONFIG
# There is no registry to pull from and no name server to look names up at.
kubeadm init --config /root/kubeadm.yaml --skip-phases=preflight,addon/coredns
