#!/usr/bin/env bash
# Our client against moto, versitygw, radosgw and our own server, against tests/interop/client-pass.json.
cd "$(dirname "$0")/../.." || exit 1
[ -f dist/index.js ] || npm run build || { echo "0 passed, 1 failed"; exit 1; }
exec node tests/interop/client.mjs
