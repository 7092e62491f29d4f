#!/usr/bin/env bash
# nginx (apt): a static server for bench/, keep-alive and ETag, the bodies in memory. GET /bucket/4KiB-<n> for n in 0…63.
. "$(dirname "$0")/lifecycle.sh"
install() { command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || apt_install nginx-light; }
up() {
  local port begun dir n; begun=$(now_ms)
  port=$(free_port)
  dir=$(data_dir)
  mkdir -p "$dir/www/bucket" "$dir/tmp"
  for n in $(seq 0 63); do head -c 4096 /dev/urandom >"$dir/www/bucket/4KiB-$n"; done
  # mktemp's 0700 would keep the worker out, which runs as nobody when started by root.
  chmod -R a+rX "$dir"
  cat >"$dir/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $dir/nginx.pid; error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nodelay on; etag on; keepalive_timeout 300s; keepalive_requests 100000000;
  default_type binary/octet-stream; open_file_cache max=256; open_file_cache_valid 300s;
  client_body_temp_path $dir/tmp/a; proxy_temp_path $dir/tmp/b; fastcgi_temp_path $dir/tmp/c; uwsgi_temp_path $dir/tmp/d; scgi_temp_path $dir/tmp/e;
  server { listen 127.0.0.1:$port; root $dir/www; }
}
CONF
  launch server "$(PATH=$PATH:/usr/sbin command -v nginx)" -c "$dir/nginx.conf"
  wait_for_port "$port" server 10 && publish "$port" "$begun"
}
main "$@"
