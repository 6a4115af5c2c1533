# Sourced by eng/fetch-*: packages of any Debian suite without touching the machine's own apt.
# shellcheck shell=bash

readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Ends the script with a sentence for the user.
fail() {
    echo "${0##*/}: $1" >&2
    exit 1
}

# What the functions below need.
require_debian() {
    local tool
    for tool in apt-get dpkg dpkg-deb awk; do
        command -v "$tool" >/dev/null || fail "'$tool' is not here: this script needs Debian 12 or 13."
    done
    [[ -r $keyring ]] || fail "$keyring is not here: install the package debian-archive-keyring."
}

# The first Debian archive named by this machine's apt: an entry that has this release's main component, and is
# neither a security archive nor a third party's.
find_mirror() {
    local codename
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    local files=()
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [[ -r $file ]] && files+=("$file")
    done
    ((${#files[@]} > 0)) || return 0
    awk -v codename="$codename" '
        function consider(uris, suites, components,    i, n, parts) {
            if ((" " suites " ") !~ (" (" codename "|stable|testing|unstable|sid) ")) { return }
            if ((" " components " ") !~ / main /) { return }
            n = split(uris, parts, " ")
            for (i = 1; i <= n; i++) {
                if (parts[i] ~ /\/debian\/?$/) { print parts[i]; found = 1; exit }
            }
        }
        function flush() { consider(uris, suites, components); uris = suites = components = "" }
        FNR == 1 { flush() }
        /^[ \t]*#/ { next }
        /^[ \t]*$/ { flush(); next }
        /^deb[ \t]/ {
            sub(/^deb[ \t]+(\[[^]]*\][ \t]*)?/, "")
            rest = $0; sub(/^[^ \t]+[ \t]+[^ \t]+[ \t]+/, "", rest)
            consider($1, $2, rest)
            next
        }
        tolower($1) == "uris:" { sub(/^[^:]*:[ \t]*/, ""); uris = $0 }
        tolower($1) == "suites:" { sub(/^[^:]*:[ \t]*/, ""); suites = $0 }
        tolower($1) == "components:" { sub(/^[^:]*:[ \t]*/, ""); components = $0 }
        END { if (!found) { flush() } }
    ' "${files[@]}"
}

# Runs apt-get against one suite, with every path of its own.
private_apt() {
    local work=$1
    shift
    apt-get -qq \
        -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=- \
        -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=- \
        -o Dir::State="$work/state" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" \
        -o APT::Sandbox::User="$(id -un)" -o APT::Update::Error-Mode=any \
        -o Acquire::Languages=none -o Acquire::Retries=2 -o Acquire::http::Timeout=30 \
        "$@"
}

# fetch_packages WORK SUITE MIRROR PACKAGE...: downloads packages into WORK/packages and unpacks them into WORK/tree.
fetch_packages() {
    local work=$1 suite=$2 mirror=$3 package
    shift 3
    mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/packages" "$work/tree"
    : >"$work/status"
    echo "deb [signed-by=$keyring] $mirror $suite main" >"$work/sources.list"

    echo "${0##*/}: $suite: reading the package list of $mirror"
    private_apt "$work" update >"$work/log" 2>&1 || {
        sed 's/^/    /' "$work/log" >&2
        fail "$suite: $mirror could not be read. Is this machine online, and may it reach its Debian mirror?"
    }
    (cd "$work/packages" && private_apt "$work" download "$@") >"$work/log" 2>&1 || {
        sed 's/^/    /' "$work/log" >&2
        fail "$suite: $* could not be downloaded from $mirror."
    }
    for package in "$work"/packages/*.deb; do
        dpkg -x "$package" "$work/tree"
    done
}

# upstream_version DEB: Debian's "3.5.16-4+b2" is upstream's 3.5.16.
upstream_version() {
    local version
    version=$(dpkg-deb -f "$1" Version)
    version=${version#*:}
    echo "${version%%[-+~]*}"
}
