#!/usr/bin/env bash
# moto_server (pip): modern checksums, trailers and versioning; it verifies neither signatures nor payload hashes.
. "$(dirname "$0")/lifecycle.sh"
install() { pip_install; }
up() {
  local port begun; begun=$(now_ms)
  port=$(free_port)
  launch server "$interop/venv/bin/moto_server" -H 127.0.0.1 -p "$port"
  wait_for_port "$port" server 30 && publish "$port" "$begun"
}
main "$@"
