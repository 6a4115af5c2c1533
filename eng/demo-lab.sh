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

agent_streams() { lab exec control "journalctl -u salvor-agent --no-pager -o cat | grep -qF 'stream: follows etcd'"; }
data_is_back() { lab exec control "grep -q '\"kind\":\"Outcome\".*\"step\":\"ReleaseEtcd\".*Done' /var/lib/salvor/journal/recovery.jsonl"; }
recovery_is_over() { lab exec control "grep -q '\"kind\":\"Closed\".*\"cause\":\"DataLost\"' /var/lib/salvor/journal/recovery.jsonl"; }
machine_is_on() { ! lab status | grep '^machine-stop:'; }
guard_said() { lab exec worker "grep -qF '$1' /var/log/salvor-guard.log"; }

# A guard watches from another machine, in another zone: it needs the repository's place and key, the cluster's CA, and
# the machine's id. A minute of the cloud is six seconds here, which it is told.
start_guard() {
    local repository key machine config imds=http://169.254.169.254/latest
    repository=$(lab exec control "sed -n '/^repository:/,/^[a-z#]/p' /etc/salvor/config.yaml | grep -v '^#'")
    key=$(lab exec control 'base64 -w0 /etc/salvor/repository.key')
    machine=$(lab exec control "token=\$(curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' $imds/api/token)
        curl -s -H \"X-aws-ec2-metadata-token: \$token\" $imds/meta-data/instance-id")
    config=$(base64 -w0 <<END
$repository
recovery:
  mode: automatic
  guard:
    cluster: demo
    endpoint: https://api.lab.internal:6443
    caFile: /etc/kubernetes/pki/ca.crt
    cloud: aws
    region: lab-1
    instanceId: $machine
    minuteMs: 6000
END
    )
    lab exec worker "mkdir -p /etc/salvor && cd /etc/salvor && umask 077
        base64 -d <<<$key >repository.key && base64 -d <<<$config >guard.yaml"
    lab exec worker "systemd-run --quiet --unit salvor-guard --service-type notify ${cloud//AWS_/--setenv AWS_} \
        --property StandardError=append:/var/log/salvor-guard.log salvor guard --config /etc/salvor/guard.yaml"
}

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

say "What an operator sets up: a repository on S3, a backup with its kit, and protect, with the agent"
on control "salvor init --repository s3://backups/demo --s3-endpoint http://10.77.255.1:9000 --s3-region lab-1 --s3-path-style"
on control "salvor backup"
on control "$cloud salvor protect --cloud aws --cluster demo --agent automatic --yes"
began=$(now_ms)
until_so 120 "the API is ready again, after etcd took the interlock" api_is_ready
until_so 60 "the agent streams what etcd stores to the repository" agent_streams
# Two of the cloud's minutes, which take six seconds each, so that its alarm has seen a healthy machine.
sleep 13

say "S1: kube-apiserver is killed; kubelet's job, which the agent leaves to it"
pods=$(workload)
fault apiserver-kill
until_so 60 "the API is ready again: kubelet started it" api_is_ready
same_pods

say "S2: the machine hangs; the cloud's alarm looks every minute, which takes six seconds here"
pods=$(workload)
fault machine-hang
until_so 180 "the alarm has rebooted it" machine_is_back
until_so 180 "the API is ready again" api_is_ready
same_pods

say "S2 once more: the machine is stopped, of which no alarm hears; a guard on the worker does"
start_guard
began=$(now_ms)
until_so 120 "the guard leads" guard_said "leads, as number"
pods=$(workload)
fault machine-stop
until_so 180 "the guard has started it" machine_is_on
until_so 180 "the API is ready again" api_is_ready
same_pods

say "S3: etcd's storage is lost"
pods=$(workload)
fault data-deleted-while-off
until_so 120 "the gate holds etcd back: it will not start on an empty directory" etcd_is_held
until_so 180 "the agent has put the data back from the repository, and let etcd go" data_is_back
until_so 180 "the API is ready again" api_is_ready
until_so 60 "both nodes are Ready" nodes_are_ready
same_pods
until_so 120 "the agent's recovery is over" recovery_is_over

say "What was done, and what would be lost now"
on control "salvor status"

say "All three are over; the lab ends"
