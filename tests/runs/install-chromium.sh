#!/usr/bin/env bash
# Debian's Chromium, for the page of runs and for pictures.
set -u
command -v apt-get >/dev/null || { echo "no apt-get here"; exit 1; }
[ "$(id -u)" = 0 ] || { echo "installing chromium needs root"; exit 1; }
log=$(mktemp) rc=0
{
  apt-get update -q -o DPkg::Lock::Timeout=300 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 chromium
} </dev/null >"$log" 2>&1 || rc=$?
[ $rc = 0 ] || tail -5 "$log" >&2
exit $rc
