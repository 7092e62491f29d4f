#!/usr/bin/env bash
# versitygw (go install): strict signatures, checksums and conditional writes over a folder; keys are paths there.
# A second process serves the same folder over TLS, where there is an openssl: bench/ wants it, the checks here do not.
. "$(dirname "$0")/lifecycle.sh"
version=v1.7.0
install() {
  [ -x "$interop/bin/versitygw" ] && return
  command -v go >/dev/null || cannot "no go here, and it is installed by go install"
  GOBIN=$interop/bin go install "github.com/versity/versitygw/cmd/versitygw@$version" >"$state/go.log" 2>&1 ||
    { tail -5 "$state/go.log" >&2; cannot "go install of versitygw $version failed"; }
}
up() {
  local port tls begun dir; begun=$(now_ms)
  port=$(free_port)
  dir=$(data_dir)
  mkdir -p "$dir/objects" "$dir/versions" "$dir/iam" "$dir/attributes"
  serve server "$port" "$dir"
  wait_for_port "$port" server 30 || return 1
  if ! command -v openssl >/dev/null; then publish "$port" "$begun"; return; fi
  certificate "$dir" || return 1
  tls=$(free_port)
  serve tls "$tls" "$dir" --cert "$dir/cert.pem" --key "$dir/key.pem"
  wait_for_port "$tls" tls 30 && publish "$port" "$begun" test test "$tls" "$dir/cert.pem" "$dir/objects"
}
serve() { # LABEL PORT FOLDER [FLAGS]
  local label=$1 port=$2 dir=$3
  shift 3
  ROOT_ACCESS_KEY=test ROOT_SECRET_KEY=test launch "$label" "$interop/bin/versitygw" --port "127.0.0.1:$port" --quiet --keep-alive "$@" \
    --iam-dir "$dir/iam" posix --versioning-dir "$dir/versions" --sidecar "$dir/attributes" "$dir/objects"
}
down() { end tls; end server; }
main "$@"
