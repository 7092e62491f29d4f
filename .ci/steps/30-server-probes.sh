#!/usr/bin/env bash
# The 89 probes that lie beside the repository, where they do, against our server: at least as many as recorded must pass.
cd "$(dirname "$0")/../.." || exit 1
exec node tests/interop/probes.mjs
