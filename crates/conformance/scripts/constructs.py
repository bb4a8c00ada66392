"""openapi-core on what the generated clients of small documents have sent."""

import json
import sys
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import yaml
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

# Folders with `NAME/document.yaml` and `NAME.jsonl`.
DOCUMENTS, SENT = (Path(argument) for argument in sys.argv[1:])
ORIGIN = "http://service"
# The documents aren't its to judge.
CONFIG = Config(spec_validator_cls=None)


class Request:
    """A request as openapi-core wants it."""

    host_url = ORIGIN

    def __init__(self, sent):
        target = urlsplit(sent["target"])
        headers = Headers([(name, value) for name, value in sent["headers"]])
        cookies = [(name, it.value) for name, it in SimpleCookie(headers.get("cookie", "")).items()]
        query = parse_qsl(target.query, keep_blank_values=True)
        self.path = target.path
        self.method = sent["method"].lower()
        self.content_type = headers.get("content-type", "")
        self.body = sent["body"].encode() or None
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(query), header=headers, cookie=ImmutableMultiDict(cookies)
        )


def reasons(fault):
    """What an error says, and what the errors say that are its reason."""
    while fault is not None:
        yield repr(fault)
        yield from (error.message for error in getattr(fault, "schema_errors", None) or [])
        fault = fault.__cause__ or fault.__context__


def problem(document, sent):
    try:
        document.validate_request(Request(sent))
    except Exception as fault:  # It has errors of many kinds, and some of its own.
        return list(reasons(fault))
    return None


judged = []
for lines in sorted(SENT.glob("*.jsonl")):
    text = (DOCUMENTS / lines.stem / "document.yaml").read_text()
    document = OpenAPI.from_dict({**yaml.safe_load(text), "servers": [{"url": ORIGIN}]}, CONFIG)
    for line in lines.read_text().splitlines():
        sent = json.loads(line)
        judged.append({"construct": lines.stem, "request": sent, "problem": problem(document, sent)})
print(json.dumps(judged))
