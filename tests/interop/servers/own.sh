#!/usr/bin/env bash
# Our own server, as a user starts it: the built command line, in memory.
. "$(dirname "$0")/lifecycle.sh"
bin=
install() {
  [ -s "$repo/package.json" ] || cannot "no package.json yet"
  bin=$repo/$(cd "$repo" && node -p 'const { bin } = require("./package.json"); (typeof bin === "string" ? bin : bin?.entrepot) ?? "none"')
  [ -f "$bin" ] || cannot "not built: ${bin#"$repo"/} is missing (npm run build)"
}
up() {
  local port begun; begun=$(now_ms)
  port=$(free_port)
  launch server node "$bin" serve --port "$port" --access-key test --secret-key test
  wait_for_port "$port" server 30 && publish "$port" "$begun"
}
main "$@"
