#!/usr/bin/env bash
# pdstools in an environment of its own, .interop/pdstools; prints its interpreter.
set -u
cd "$(dirname "$0")/../.." || exit 1
venv=.interop/pdstools wanted=tests/pega/requirements.txt
command -v python3 >/dev/null || { echo "no python3 here" >&2; exit 1; }
mkdir -p .interop
if ! cmp -s "$wanted" "$venv/installed.txt"; then
  { python3 -m venv "$venv" && "$venv/bin/pip" install -q -r "$wanted"; } >.interop/pdstools.log 2>&1 ||
    { tail -5 .interop/pdstools.log >&2; exit 1; }
  cp "$wanted" "$venv/installed.txt"
fi
echo "$PWD/$venv/bin/python"
