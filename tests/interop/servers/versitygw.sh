#!/usr/bin/env bash
# versitygw (go install): strict signatures, checksums and conditional writes over a folder; keys are paths there.
. "$(dirname "$0")/lifecycle.sh"
version=v1.7.0
install() {
  [ -x "$interop/bin/versitygw" ] && return
  command -v go >/dev/null || cannot "no go here, and it is installed by go install"
  GOBIN=$interop/bin go install "github.com/versity/versitygw/cmd/versitygw@$version" >"$state/go.log" 2>&1 ||
    { tail -5 "$state/go.log" >&2; cannot "go install of versitygw $version failed"; }
}
up() {
  local port begun dir; begun=$(now_ms)
  port=$(free_port)
  dir=$(data_dir)
  mkdir -p "$dir/objects" "$dir/versions" "$dir/iam" "$dir/attributes"
  ROOT_ACCESS_KEY=test ROOT_SECRET_KEY=test launch server "$interop/bin/versitygw" --port "127.0.0.1:$port" --quiet --keep-alive \
    --iam-dir "$dir/iam" posix --versioning-dir "$dir/versions" --sidecar "$dir/attributes" "$dir/objects"
  wait_for_port "$port" server 30 && publish "$port" "$begun"
}
main "$@"
