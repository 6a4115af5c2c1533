# Sourced first on every machine of the cluster: what control plane and worker have in common.
# NAME, ADDRESS, ENDPOINT, ENDPOINT_ADDRESS, TOKEN, POD_SUBNET and VERSION are set above.
set -euo pipefail
echo "$ENDPOINT_ADDRESS $ENDPOINT" >>/etc/hosts
echo "127.0.0.1 $NAME" >>/etc/hosts
mkdir -p /etc/cni/net.d
cat >/etc/cni/net.d/10-lab.conflist <<CNI
{"cniVersion": "0.4.0", "name": "lab", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$POD_SUBNET"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
CNI
until ctr version >/dev/null 2>&1; do sleep 0.2; done
ctr --namespace k8s.io images import /opt/images.tar >/dev/null
