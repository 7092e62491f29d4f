#!/usr/bin/env bash
# Ceph radosgw (apt, 16.2): one monitor, one OSD in memory, one gateway. An old real server, strict about signatures, with quirks that clients meet in the field.
. "$(dirname "$0")/lifecycle.sh"
install() {
  command -v radosgw >/dev/null && command -v ceph-mon >/dev/null && command -v ceph-osd >/dev/null && return
  apt_install radosgw ceph-mon ceph-osd
}
configure() { # DIR MON_PORT PORT FSID
  cat >"$1/ceph.conf" <<CONF
[global]
fsid = $4
mon host = [v1:127.0.0.1:$2]
ms bind msgr2 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
mon allow pool size one = true
mon max pg per osd = 1000
osd crush chooseleaf type = 0
keyring = $1/keyring
run dir = $1
log file = $1/\$name.log
admin socket = $1/\$name.asok
crash dir = $1/crash
[mon.a]
mon data = $1/mon
[osd.0]
osd data = $1/osd
osd objectstore = memstore
memstore device bytes = 4294967296
# With authentication off these two race the monitor's map and end the OSD with "wrong fsid".
osd class update on start = false
osd crush update on start = false
# A stalled machine is not a broken disk.
osd op thread suicide timeout = 0
[client.rgw]
rgw data = $1/rgw
rgw dns name = localhost
rgw enable usage log = false
rgw thread pool size = 32
# Without tcp_nodelay Nagle's algorithm costs each small answer 45 ms.
rgw frontends = beast endpoint=127.0.0.1:$3 tcp_nodelay=1
CONF
}
up() {
  local port mon begun dir fsid uuid conf; begun=$(now_ms)
  port=$(free_port)
  mon=$(free_port)
  dir=$(data_dir)
  conf=$dir/ceph.conf
  fsid=$(cat /proc/sys/kernel/random/uuid)
  uuid=$(cat /proc/sys/kernel/random/uuid)
  mkdir -p "$dir/mon" "$dir/osd" "$dir/rgw" "$dir/crash"
  configure "$dir" "$mon" "$port" "$fsid"
  touch "$dir/keyring"
  {
    monmaptool --create --clobber --fsid "$fsid" --addv a "[v1:127.0.0.1:$mon]" "$dir/monmap"
    ceph-mon -c "$conf" --mkfs -i a --monmap "$dir/monmap" --keyring "$dir/keyring"
  } >"$state/make.log" 2>&1 || { tail -5 "$state/make.log" >&2; return 1; }
  launch monitor ceph-mon -c "$conf" -i a --setuser root --setgroup root -f
  wait_for_port "$mon" monitor 30
  {
    timeout 60 ceph -c "$conf" osd new "$uuid"
    timeout 60 ceph -c "$conf" osd crush create-or-move osd.0 1.0 root=default host=node1
    ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$uuid"
  } >>"$state/make.log" 2>&1 || { tail -5 "$state/make.log" >&2; return 1; }
  launch osd ceph-osd -c "$conf" -i 0 --setuser root --setgroup root -f
  # The gateway asserts and dies on a PUT with an empty key, so a loop puts it up again.
  launch server bash -c 'child=; trap "kill \$child 2>/dev/null; wait; exit 0" TERM INT
    for _ in 1 2 3 4 5; do radosgw -c "$0" -n client.rgw -f & child=$!; wait $child; done' "$conf"
  wait_for_port "$port" server 90 || return 1
  timeout 60 radosgw-admin -c "$conf" user create --uid=test --display-name=test --access-key=test --secret-key=test >>"$state/make.log" 2>&1 ||
    { tail -5 "$state/make.log" >&2; return 1; }
  publish "$port" "$begun"
}
down() { end server; end osd; end monitor; }
main "$@"
