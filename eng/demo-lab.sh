# Sourced by ./demo: three disasters on a real Kubernetes, in a cloud region in a box.
# shellcheck shell=bash
readonly lab_log=$logs/demo-lab.log
readonly cloud="AWS_ENDPOINT_URL_EC2=http://10.77.255.1 AWS_ENDPOINT_URL_CLOUDWATCH=http://10.77.255.1"

lab() { "$root/lab/lab" "$1" --name demo "${@:2}"; }

# on MACHINE LINE: runs it there; what fails is told.
on() {
    lab exec "$1" "$2" >"$lab_log" 2>&1 || { sed 's/^/    /' "$lab_log"; fail "'$2' failed on $1."; }
    sed 's/^/    /' "$lab_log"
}

# event TEXT: a line of the timeline, which begins with each disaster.
event() { printf '    %6.1f s  %s\n' "$(($(now_ms) - began))e-3" "$1"; }

# until_so SECONDS TEXT COMMAND...: waits for it, and says when it was so.
until_so() {
    local limit=$1 text=$2 start=$SECONDS
    shift 2
    until "$@" >/dev/null 2>&1; do
        ((SECONDS - start < limit)) || fail "$text: not within $limit s."
        sleep 0.3
    done
    event "$text"
}

api_is_ready() { lab exec control 'kubectl --request-timeout=2s get --raw /readyz'; }
api_is_away() { ! api_is_ready; }
nodes_are_ready() { lab exec control 'test "$(kubectl --request-timeout=5s get nodes --no-headers | grep -c " Ready ")" = 2'; }
machine_hangs() { lab status | grep '^machine-hang:'; }
machine_is_back() { ! machine_hangs; }
etcd_is_held() { lab exec control 'test -e /etc/kubernetes/salvor-held/etcd.yaml'; }

# The worker's containers: id and process.
workload() { lab exec worker 'ctr -n k8s.io tasks ls | grep -F "$(ctr -n k8s.io containers ls -q labels.\"io.kubernetes.container.name\"==web)" | sort'; }

same_pods() {
    [[ $(workload) == "$pods" ]] || fail "the worker's containers are others than before."
    event "the worker's pods are the same containers as before"
}

fault() {
    began=$(now_ms)
    event "lab fault $1: $(lab fault "$1")"
}

say "A region in a box: machines, volumes, a cloud's API, and a Kubernetes made by kubeadm"
lab_runs=yes
"$root/lab/lab" up --name demo
on control 'kubectl get nodes,pods -A -o wide | cut -c1-100'

say "S1: kube-apiserver is killed"
pods=$(workload)
fault apiserver-kill
until_so 60 "the API is ready again: kubelet started it" api_is_ready
same_pods

say "What an operator sets up: a repository on S3, a backup with its kit, and protect"
on control "salvor init --repository s3://backups/demo --s3-endpoint http://10.77.255.1:9000 --s3-region lab-1 --s3-path-style"
on control "salvor backup"
on control "$cloud salvor protect --cloud aws --cluster demo --yes"
began=$(now_ms)
until_so 120 "the API is ready again, after etcd took the interlock" api_is_ready
# Two of the cloud's minutes, which take six seconds each, so that its alarm has seen a healthy machine.
sleep 13

say "S2: the machine hangs; the cloud's alarm looks every minute, which takes six seconds here"
pods=$(workload)
fault machine-hang
until_so 180 "the alarm has rebooted it" machine_is_back
until_so 180 "the API is ready again" api_is_ready
same_pods

say "S3: etcd's storage is lost"
pods=$(workload)
fault data-deleted-while-off
until_so 120 "the gate holds etcd back: it will not start on an empty directory" etcd_is_held
same_pods
lab exec control 'mkdir -p /etc/kubernetes/stopped && mv /etc/kubernetes/manifests/kube-apiserver.yaml /etc/kubernetes/stopped/'
restored() { lab exec control 'salvor restore --manifest /etc/kubernetes/salvor-held/etcd.yaml --quarantine --new-timeline --quiet'; }
until_so 60 "salvor restore has put the data back from the repository" restored
lab exec control 'salvor gate --release >/dev/null && mv /etc/kubernetes/stopped/*.yaml /etc/kubernetes/manifests/ && systemctl restart kubelet'
until_so 180 "the API is ready again" api_is_ready
until_so 60 "both nodes are Ready" nodes_are_ready
same_pods

say "All three are over; the lab ends"
