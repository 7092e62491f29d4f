#!/usr/bin/env bash
# Our server, judged by boto3, the AWS SDK and CLI, s3cmd and rclone, against tests/interop/server-pass.json.
cd "$(dirname "$0")/../.." || exit 1
[ -f dist/cli/main.js ] || npm run build || { echo "0 passed, 1 failed"; exit 1; }
exec node tests/interop/judge.mjs
