# Sourced by every server script: where a server keeps its state, and how it is started, found again and stopped.
# A script is `NAME.sh install|start|status|stop`. `start` prints one line of JSON and may be repeated; exit 77 means
# "cannot be had on this machine" with the reason on stderr. Nothing listens beyond 127.0.0.1; everything is stopped by pid.
set -euo pipefail
unset CDPATH
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
interop=$repo/.interop
name=$(basename "$0" .sh)
state=$interop/run/$name
mkdir -p "$interop/bin" "$state"

cannot() { echo "$name: $*" >&2; exit 77; }
say() { echo "$name: $*" >&2; }

free_port() {
  node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
}

# A pid alone may have been given to a stranger since; the kernel's start time tells them apart.
born() { [ -r "/proc/$1/stat" ] && sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
alive() { # FILE
  local pid start
  [ -s "$1" ] && read -r pid start <"$1" && kill -0 "$pid" 2>/dev/null && [ "$(born "$pid")" = "$start" ]
}

launch() { # LABEL COMMAND... : in the background, its output in the state folder
  local label=$1
  shift
  setsid "$@" </dev/null >"$state/$label.log" 2>&1 &
  echo "$! $(born $!)" >"$state/$label.pid"
}

end() { # LABEL : TERM, and KILL after fifteen seconds
  local pid file=$state/$1.pid
  if alive "$file"; then
    read -r pid _ <"$file"
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 150); do
      alive "$file" || break
      sleep 0.1
    done
    if alive "$file"; then kill -9 "$pid" 2>/dev/null || true; fi
  fi
  rm -f "$file"
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

wait_for_port() { # PORT LABEL SECONDS
  local deadline=$((SECONDS + $3))
  until answers "$1"; do
    alive "$state/$2.pid" || { say "$2 ended before it listened:"; tail -5 "$state/$2.log" >&2; return 1; }
    [ $SECONDS -lt $deadline ] || { say "$2 does not listen on $1 after $3 s"; return 1; }
    sleep 0.1
  done
}

now_ms() { date +%s%3N; }

# The data of a server lies in memory where there is a tmpfs, so that no disk stall is taken for a fault of ours.
# INTEROP_DATA names another folder, for what is too large for that.
data_dir() {
  local dir base=${INTEROP_DATA:-/dev/shm}
  if [ -s "$state/data" ]; then cat "$state/data"; return; fi
  if [ -d "$base" ] && [ -w "$base" ]; then dir=$(mktemp -d "$base/entrepot-$name-XXXXXX"); else dir=$(mktemp -d "$state/data-XXXXXX"); fi
  echo "$dir" >"$state/data"
  echo "$dir"
}
drop_data() {
  if [ -s "$state/data" ]; then rm -rf "$(cat "$state/data")"; fi
  rm -f "$state/data" "$state/server.json"
}

publish() { # PORT STARTED_MS [ACCESS SECRET [TLS_PORT CA_FILE FILES]]
  local access=${3-test} secret=${4-test} more=
  if [ -n "${5-}" ]; then more=$(printf ',"tlsEndpoint":"https://127.0.0.1:%s","caFile":"%s","files":"%s"' "$5" "$6" "$7"); fi
  printf '{"name":"%s","endpoint":"http://127.0.0.1:%s","accessKeyId":"%s","secretAccessKey":"%s","region":"us-east-1","startedInMs":%s%s}\n' \
    "$name" "$1" "$access" "$secret" $(($(now_ms) - $2)) "$more" | tee "$state/server.json"
}

# A certificate that lasts two days and is its own authority: FOLDER/cert.pem, and FOLDER/key.pem for the server alone.
certificate() { # FOLDER
  command -v openssl >/dev/null || apt_install openssl
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=entrepot $name" \
    -addext "subjectAltName=IP:127.0.0.1,DNS:localhost" -keyout "$1/key.pem" -out "$1/cert.pem" >"$state/openssl.log" 2>&1 ||
    { tail -5 "$state/openssl.log" >&2; say "openssl could not make a certificate"; return 1; }
}

# Debian packages without their daemons: policy-rc.d says no while apt works, and is put back as it was.
apt_install() {
  command -v apt-get >/dev/null || cannot "no apt-get here, and it is installed from Debian's packages"
  [ "$(id -u)" = 0 ] || cannot "installing Debian packages ($*) needs root"
  local policy=/usr/sbin/policy-rc.d kept=$state/policy-rc.d.kept rc=0
  if [ -e $policy ]; then cp -p $policy "$kept"; fi
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod 755 $policy
  {
    apt-get update -q -o DPkg::Lock::Timeout=300 &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
  } </dev/null >"$state/apt.log" 2>&1 || rc=$?
  if [ -e "$kept" ]; then mv "$kept" $policy; else rm -f $policy; fi
  [ $rc = 0 ] || { tail -5 "$state/apt.log" >&2; cannot "apt-get could not install: $*"; }
}

pip_install() { # into the one venv of these checks; the machine's own Python packages are left alone
  local venv=$interop/venv wanted=$repo/tests/interop/requirements.txt
  command -v python3 >/dev/null || cannot "no python3 here"
  # several judges may be the first at once
  mkdir -p "$interop"
  exec 9>"$interop/pip.lock"
  if command -v flock >/dev/null; then flock 9; fi
  if ! cmp -s "$wanted" "$venv/installed.txt"; then
    { python3 -m venv "$venv" && "$venv/bin/pip" install -q -r "$wanted"; } >"$interop/pip.log" 2>&1 ||
      { tail -5 "$interop/pip.log" >&2; cannot "pip could not install tests/interop/requirements.txt"; }
    cp "$wanted" "$venv/installed.txt"
  fi
  exec 9>&-
}

# What every script ends with; it has defined `install`, `up` (prints nothing but publish's line) and `down`.
main() {
  case ${1-} in
    install) install ;;
    start)
      if [ -s "$state/server.json" ] && running; then cat "$state/server.json"; return; fi
      install
      down
      drop_data
      if ! up; then down; drop_data; return 1; fi
      ;;
    status) [ -s "$state/server.json" ] && running && cat "$state/server.json" ;;
    stop) down; drop_data ;;
    *) echo "usage: $0 install|start|status|stop" >&2; return 2 ;;
  esac
}
running() { alive "$state/server.pid"; }
down() { end server; }
