#!/usr/bin/env bash
# openapi-core 0.23.1: the value of a path parameter is sent percent-encoded, as a value of a query is (RFC 3986, section
# 2.1). Its adapter for `requests` gives the query's value decoded, and the path's as it was sent.
# letterhead's sandbox decodes both; `cargo xtask conformance` doesn't count this judge's objection to JSON in a path.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'openapi-core[requests]==0.23.1' requests==2.32.5
cd "$work"

cat >values.py <<'PYTHON'
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest
from requests import Request

text = {"type": "string"}
parameters = [
    {"name": "town", "in": "path", "required": True, "schema": text},
    {"name": "street", "in": "query", "schema": text},
]
document = OpenAPI.from_dict({
    "openapi": "3.0.3",
    "info": {"title": "Shops", "version": "1.0.0"},
    "servers": [{"url": "http://shops.example"}],
    "paths": {"/towns/{town}": {"get": {
        "parameters": parameters,
        "responses": {"200": {"description": "Shops"}},
    }}},
})
url = "http://shops.example/towns/New%20Haven?street=Elm%20Street"
read = document.unmarshal_request(RequestsOpenAPIRequest(Request("GET", url))).parameters
print(f"in the query {read.query['street']!r}, in the path {read.path['town']!r}")
PYTHON
seen=$("$work/venv/bin/python" values.py)
printf '%s\n' "$seen"

expected="in the query 'Elm Street', in the path 'New%20Haven'"
if [ "$seen" != "$expected" ]; then
    echo "openapi-core behaves differently now; before: $expected" >&2
    exit 1
fi
