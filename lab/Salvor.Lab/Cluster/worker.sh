# A worker: joins through the endpoint's name, whichever machine it leads to.
until curl --silent --insecure --max-time 2 "https://$ENDPOINT:6443/readyz" >/dev/null; do sleep 0.5; done
cat >/root/kubeadm.yaml <<CONFIG
apiVersion: kubeadm.k8s.io/v1beta2
kind: JoinConfiguration
discovery:
  bootstrapToken:
    token: $TOKEN
    apiServerEndpoint: $ENDPOINT:6443
    unsafeSkipCAVerification: true
nodeRegistration:
  name: $NAME
  criSocket: /run/containerd/containerd.sock
  kubeletExtraArgs:
    node-ip: $ADDRESS
CONFIG
until kubeadm join --config /root/kubeadm.yaml --skip-phases=preflight; do
    kubeadm reset --force >/dev/null 2>&1 || true
    sleep 1
done
