#!/usr/bin/env bash
# The tests that start many processes or try very many cases: the same runner as `npm test`, which leaves them out to stay short.
cd "$(dirname "$0")/../.." || exit 1
[ -f dist/page/page.js ] || npm run build || { echo "0 passed, 1 failed"; exit 1; }
# Queues are tested over a real PostgreSQL, too; without one those tests say so and are left out.
if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  bash tests/queue/install-postgres.sh || echo "SKIPPED: no PostgreSQL server can be installed here; queues are tested over the embedded one only"
fi
# Pages are opened in a real browser; without one those tests say so and are left out.
if ! command -v chromium chromium-browser google-chrome >/dev/null; then
  bash tests/runs/install-chromium.sh || echo "SKIPPED: no Chromium can be installed here; the page of runs is not opened"
fi
# Datamarts are compared with those of pdstools; without it those tests say so and are left out.
if python=$(bash tests/pega/install-pdstools.sh); then
  export PDSTOOLS_PYTHON=$python
else
  echo "SKIPPED: pdstools cannot be installed here; datamarts are not compared with its own"
fi
exec npm run test:long
