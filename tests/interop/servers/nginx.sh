#!/usr/bin/env bash
# nginx (apt): a static server for bench/, keep-alive and ETag, the bodies in memory, plain and over TLS.
# GET /bucket/4KiB-<n> for n in 0…63; PUT /written/<key>; /listing gives the pages that somebody put below FILES/pages.
. "$(dirname "$0")/lifecycle.sh"
install() { command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || apt_install nginx-light; }
up() {
  local port tls begun dir n; begun=$(now_ms)
  port=$(free_port)
  tls=$(free_port)
  dir=$(data_dir)
  mkdir -p "$dir/www/bucket" "$dir/www/written" "$dir/www/pages" "$dir/tmp"
  for n in $(seq 0 63); do head -c 4096 /dev/urandom >"$dir/www/bucket/4KiB-$n"; done
  # mktemp's 0700 would keep the worker out, which runs as nobody when started by root.
  chmod -R a+rX "$dir"
  chmod a+rwx "$dir/www/written"
  certificate "$dir" || return 1
  cat >"$dir/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $dir/nginx.pid; error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nodelay on; etag on; keepalive_timeout 300s; keepalive_requests 100000000;
  default_type binary/octet-stream; open_file_cache max=256; open_file_cache_valid 300s; client_max_body_size 0;
  client_body_temp_path $dir/tmp/a; proxy_temp_path $dir/tmp/b; fastcgi_temp_path $dir/tmp/c; uwsgi_temp_path $dir/tmp/d; scgi_temp_path $dir/tmp/e;
  # DAV answers a PUT without an ETag, which no S3 server does. This one is not the ETag of a GET, and looks like no MD5.
  map \$request_method \$etag_of_put { default ""; PUT '"\$msec-\$connection-\$connection_requests"'; }
  # S3 sends keys encoded to those who ask for it, and the page that the token names.
  map \$args \$listing_form { default plain; ~(?:^|&)encoding-type=url(?:&|\$) url; }
  map \$args \$listing_page { default 0; ~(?:^|&)continuation-token=(?<page>[0-9]+)(?:&|\$) \$page; }
  server {
    listen 127.0.0.1:$port; listen 127.0.0.1:$tls ssl; root $dir/www;
    ssl_certificate $dir/cert.pem; ssl_certificate_key $dir/key.pem; ssl_protocols TLSv1.2 TLSv1.3;
    location /written/ { dav_methods PUT; add_header ETag \$etag_of_put; }
    location ~ ^/listing/?\$ { default_type application/xml; rewrite ^ /pages/\$listing_form/\$listing_page.xml break; }
  }
}
CONF
  launch server "$(PATH=$PATH:/usr/sbin command -v nginx)" -c "$dir/nginx.conf"
  wait_for_port "$port" server 10 && publish "$port" "$begun" test test "$tls" "$dir/cert.pem" "$dir/www"
}
main "$@"
