#!/usr/bin/env bash
# Debian's PostgreSQL without its daemon: policy-rc.d says no while apt works, and no first cluster is made.
set -u
command -v apt-get >/dev/null || { echo "no apt-get here"; exit 1; }
[ "$(id -u)" = 0 ] || { echo "installing postgresql needs root"; exit 1; }
policy=/usr/sbin/policy-rc.d kept=$(mktemp -d) log=$(mktemp) rc=0
[ -e $policy ] && cp -p $policy "$kept/policy"
printf '#!/bin/sh\nexit 101\n' >$policy
chmod 755 $policy
{
  apt-get update -q -o DPkg::Lock::Timeout=300 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 postgresql-common &&
    mkdir -p /etc/postgresql-common &&
    printf 'create_main_cluster = false\n' >/etc/postgresql-common/createcluster.conf &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 postgresql
} </dev/null >"$log" 2>&1 || rc=$?
if [ -e "$kept/policy" ]; then mv "$kept/policy" $policy; else rm -f $policy; fi
rmdir "$kept" 2>/dev/null
[ $rc = 0 ] || tail -5 "$log" >&2
exit $rc
