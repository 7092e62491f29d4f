#!/usr/bin/env bash
# The proofs of the cache, in their short form: each on our cache and on the bad ones that it must find.
cd "$(dirname "$0")/../.." || exit 1
[ -f dist/index.js ] || npm run build || { echo "0 passed, 1 failed"; exit 1; }
# What is missing and cannot be had is told by the proofs that need it.
if ! { command -v strace && command -v mkfs.xfs && command -v xfs_io; } >/dev/null && [ "$(id -u)" = 0 ]; then
  { apt-get update && apt-get install -y --no-install-recommends strace xfsprogs; } >/dev/null 2>&1
fi
exec node tests/proof/run.mjs
