#!/usr/bin/env bash
# Our server, judged by versitygw's conformance suite: each case passes, or tests/interop/deliberate.json says why not.
cd "$(dirname "$0")/../.." || exit 1
[ -f dist/cli/main.js ] || npm run build || { echo "0 passed, 1 failed"; exit 1; }
exec node tests/interop/suite.mjs
