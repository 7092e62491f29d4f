#!/usr/bin/env bash
# The tests that start many processes or try very many cases: the same runner as `npm test`, which leaves them out to stay short.
cd "$(dirname "$0")/../.." || exit 1
[ -f dist/index.js ] || npm run build || { echo "0 passed, 1 failed"; exit 1; }
exec npm run test:long
