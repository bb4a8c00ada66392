#!/usr/bin/env bash
# Prism 5.16.0 as a validating proxy: it doesn't pass a valid response on as it came, but parses its JSON and writes it
# anew. Integers beyond 2^53 change their digits, 1.0 becomes 1, and a byte order mark is lost. A test behind the proxy
# sees another response than the service sent.
# letterhead therefore judges recorded requests and responses with Prism, and never stands behind it.
set -euo pipefail

work=$(mktemp -d)
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT
cd "$work"
unset ALL_PROXY all_proxy
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

echo '{"private": true}' >package.json
npm install --no-audit --no-fund --silent @stoplight/prism-cli@5.16.0

cat >api.json <<'JSON'
{
  "openapi": "3.0.3",
  "info": {"title": "Meter", "version": "1.0.0"},
  "paths": {
    "/meter": {
      "get": {
        "responses": {
          "200": {
            "description": "A reading",
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "properties": {"id": {"type": "integer"}, "total": {"type": "number"}}
                }
              }
            }
          }
        }
      }
    }
  }
}
JSON

cat >service.mjs <<'JS'
import { createServer } from 'node:http';
const body = '{"id": 9007199254740993, "total": 1.0}';
const service = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(body);
});
service.listen(0, '127.0.0.1', () => console.log(service.address().port));
JS

# The first line of a program's output that matches, within a minute.
await_line() {
    for _ in $(seq 600); do
        if grep -m1 "$2" "$1"; then return; fi
        sleep 0.1
    done
    echo "no line '$2' in $1" >&2
    exit 1
}

node service.mjs >service.log &
pids+=($!)
service=$(await_line service.log '^[0-9]')
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
node_modules/.bin/prism proxy --port "$port" api.json "http://127.0.0.1:$service" >prism.log 2>&1 &
pids+=($!)
await_line prism.log 'is listening' >/dev/null

{
    echo "from the service: $(curl --silent "http://127.0.0.1:$service/meter")"
    echo "through Prism: $(curl --silent "http://127.0.0.1:$port/meter")"
} | tee seen

cat >expected <<'TEXT'
from the service: {"id": 9007199254740993, "total": 1.0}
through Prism: {"id":9007199254740992,"total":1}
TEXT
diff expected seen || { echo "the behaviour has changed" >&2; exit 1; }
