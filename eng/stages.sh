# Sourced by ./salvor, ./test, ./demo and bench/compare: set-up, and stages whose output goes to artifacts/logs.
# The caller has set -euo pipefail, and `root` to the checkout.
# shellcheck shell=bash

readonly logs="$root/artifacts/logs"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
# No build process outlives the script that started it.
export MSBUILDDISABLENODEREUSE=1

# Ends the script with a sentence for the user.
fail() {
    echo "${0##*/}: $1" >&2
    exit 1
}

# The name that .NET has for this machine, such as linux-x64.
runtime_id() {
    case "$(uname -m)" in
        x86_64) echo linux-x64 ;;
        aarch64) echo linux-arm64 ;;
        *) fail "Salvor is built for x86-64 and arm64, and this machine is $(uname -m)." ;;
    esac
}

require_dotnet() {
    command -v dotnet >/dev/null ||
        fail "The .NET SDK 10 is not here. Install it (its command is 'dotnet'), then run this again."
    (cd "$root" && dotnet --version >/dev/null 2>&1) ||
        fail "The .NET SDK 10 is not here, only: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' '). Install it, then run this again."
}

# Installs the Debian packages that are missing: the names are what dpkg knows them by.
require_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0
    [[ $(id -u) == 0 ]] || fail "Packages are missing. As root: apt-get install ${missing[*]}"
    echo "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update && apt-get -qq install --no-install-recommends "${missing[@]}"
}

# What moto, which stands in for S3, needs of the machine's own Python.
require_moto_packages() {
    require_packages python3 python3-flask python3-flask-cors python3-jinja2 python3-requests python3-xmltodict \
        python3-cryptography python3-dateutil python3-yaml python3-jmespath python3-antlr4
}

# What the lab's machines are made and started with, and boto3, which tries its cloud.
require_lab_packages() {
    require_packages debootstrap systemd-container iproute2 iptables conntrack iputils-ping e2fsprogs procps \
        gcc libc6-dev jq python3-boto3
}

# What Kubernetes is built with.
require_kubernetes_packages() {
    require_packages gcc libc6-dev make rsync jq dpkg-dev util-linux
}

# What a NativeAOT link needs: a C compiler to drive it, libc and zlib.
require_linker() {
    command -v clang >/dev/null || command -v gcc >/dev/null || require_packages gcc
    require_packages libc6-dev zlib1g-dev
}

# stage NAME COMMAND...: runs it with its output in artifacts/logs/NAME.log, prints the time, shows the log's tail on failure.
stage() {
    local name=$1 start=$EPOCHREALTIME code=0
    shift
    mkdir -p "$logs"
    printf '%-12s ' "$name"
    "$@" >"$logs/$name.log" 2>&1 </dev/null || code=$?
    local took=$((${EPOCHREALTIME/./} - ${start/./}))
    printf '%s %6.1f s\n' "$([[ $code == 0 ]] && echo ok || echo FAILED)" "$((took / 1000000)).$((took / 100000 % 10))"
    if [[ $code != 0 ]]; then
        tail -n 40 "$logs/$name.log" | sed 's/^/    /'
        echo "    (the whole of it is in $logs/$name.log)"
    fi
    return "$code"
}
