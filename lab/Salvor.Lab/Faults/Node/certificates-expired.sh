# the certificate that kube-apiserver serves with expired yesterday
inject() {
    mkdir -p "$kept"
    [[ -e $kept/apiserver.crt ]] || cp -a /etc/kubernetes/pki/apiserver.crt "$kept/apiserver.crt"
    local work names
    work=$(mktemp -d)
    names=$(openssl x509 -in "$kept/apiserver.crt" -noout -ext subjectAltName | tail -n 1 |
        sed 's/IP Address:/IP:/g; s/ //g')
    openssl req -new -key /etc/kubernetes/pki/apiserver.key -subj /CN=kube-apiserver -out "$work/csr" 2>/dev/null
    mkdir "$work/ca" && : >"$work/ca/index" && echo 01 >"$work/ca/serial"
    cat >"$work/conf" <<CONFIG
[ca]
default_ca = this
[this]
database = $work/ca/index
serial = $work/ca/serial
new_certs_dir = $work/ca
default_md = sha256
policy = names
x509_extensions = extensions
[names]
commonName = supplied
[extensions]
subjectAltName = $names
extendedKeyUsage = serverAuth
CONFIG
    openssl ca -batch -notext -config "$work/conf" -in "$work/csr" -cert /etc/kubernetes/pki/ca.crt \
        -keyfile /etc/kubernetes/pki/ca.key -startdate 20200101000000Z \
        -enddate "$(date --utc --date=yesterday +%Y%m%d%H%M%SZ)" -out /etc/kubernetes/pki/apiserver.crt 2>/dev/null
    rm -rf "$work"
}
heal() { [[ ! -e $kept/apiserver.crt ]] || mv "$kept/apiserver.crt" /etc/kubernetes/pki/apiserver.crt; }
observe() {
    openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -checkend 0 >/dev/null ||
        openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -enddate
}
