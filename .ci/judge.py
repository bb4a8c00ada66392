"""Judges every example and default of an OpenAPI 3.0 document by `openapi-schema-validator`."""

from urllib.parse import quote

from openapi_schema_validator import (
    OAS30ReadValidator, OAS30Validator, OAS30WriteValidator, oas30_format_checker,
)
from referencing import Registry
from referencing.jsonschema import DRAFT4

METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]
PARTS = ["allOf", "anyOf", "oneOf"]
VALIDATORS = {"request": [OAS30WriteValidator], "response": [OAS30ReadValidator],
              "neither": [OAS30ReadValidator, OAS30WriteValidator]}


def at(pointer, *parts):
    return "".join([pointer, *("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)])


def members(node, key):
    """The members of a mapping under a key, but for the extensions."""
    found = node.get(key) if isinstance(node, dict) else None
    items = found.items() if isinstance(found, dict) else enumerate(found if isinstance(found, list) else [])
    return [(name, value) for name, value in items if isinstance(value, dict)]


class Document:
    def __init__(self, root):
        self.root = root
        self.registry = Registry().with_resource("urn:document", DRAFT4.create_resource(root))
        # The schema's pointer, the value's pointer, the value, and the side it is on.
        self.found = []
        self.walk()

    def resolve(self, node, pointer):
        for _ in range(32):
            if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
                return node, pointer
            pointer = node["$ref"].removeprefix("#")
            node = self.root
            for part in pointer.split("/")[1:]:
                part = part.replace("~1", "/").replace("~0", "~")
                node = node.get(part) if isinstance(node, dict) else None
        return None, pointer

    def walk(self):
        for path, item in members(self.root, "paths"):
            if path.startswith("/"):
                self.path_item(item, at("/paths", path))
        components = self.root.get("components", {})
        for section, kind, side in [
            ("schemas", self.schema, "neither"), ("parameters", self.parameter, "request"),
            ("requestBodies", self.body, "request"), ("responses", self.response, "response"),
            ("headers", self.parameter, "neither"),
        ]:
            for name, node in members(components, section):
                kind(node, at("/components", section, name), side)
        for name, node in members(components, "callbacks"):
            self.callback(node, at("/components/callbacks", name))

    def callback(self, node, pointer):
        if "$ref" not in node:
            for expression, item in node.items():
                if isinstance(item, dict):
                    self.path_item(item, at(pointer, expression))

    def path_item(self, item, pointer):
        for index, node in members(item, "parameters"):
            self.parameter(node, at(pointer, "parameters", index), "request")
        for method in METHODS:
            operation = item.get(method)
            if not isinstance(operation, dict):
                continue
            here = at(pointer, method)
            for index, node in members(operation, "parameters"):
                self.parameter(node, at(here, "parameters", index), "request")
            for status, node in members(operation, "responses"):
                self.response(node, at(here, "responses", status), "response")
            for name, node in members(operation, "callbacks"):
                self.callback(node, at(here, "callbacks", name))
            if isinstance(operation.get("requestBody"), dict):
                self.body(operation["requestBody"], at(here, "requestBody"), "request")

    def body(self, node, pointer, side):
        if "$ref" not in node:
            for name, media in members(node, "content"):
                kind = name.split(";")[0].strip().lower()
                is_json = kind == "application/json" or kind.endswith("+json")
                self.holder(media, at(pointer, "content", name), side, is_json)

    def response(self, node, pointer, side):
        if "$ref" not in node:
            self.body(node, pointer, side)
            for name, header in members(node, "headers"):
                self.parameter(header, at(pointer, "headers", name), side)

    def parameter(self, node, pointer, side):
        if "$ref" not in node:
            self.holder(node, pointer, side, True)
            self.body(node, pointer, side)

    def holder(self, node, pointer, side, is_json):
        if not isinstance(node.get("schema"), dict):
            return
        schema = at(pointer, "schema")
        self.schema(node["schema"], schema, side)
        values = [(at(pointer, "example"), node["example"])] if "example" in node else []
        for name, example in members(node, "examples"):
            example, place = self.resolve(example, at(pointer, "examples", name))
            if isinstance(example, dict) and "value" in example:
                values.append((at(place, "value"), example["value"]))
        for place, value in values:
            # What isn't JSON is written as text, and its schema describes its meaning.
            if is_json or not isinstance(value, str):
                self.found.append((schema, place, value, side))

    def schema(self, node, pointer, side):
        if "$ref" in node:
            return
        for role in ["example", "default"]:
            if role in node:
                self.found.append((pointer, at(pointer, role), node[role], side))
        for key in ["properties", *PARTS]:
            for name, inner in members(node, key):
                self.schema(inner, at(pointer, key, name), side)
        for key in ["items", "additionalProperties", "not"]:
            if isinstance(node.get(key), dict):
                self.schema(node[key], at(pointer, key), side)

    def verdicts(self):
        """For each value: whether it fits all schemas that it is there for, or why that can't be said."""
        verdicts = {}
        for schema, place, value, side in self.found:
            reference = {"$ref": "urn:document#" + quote(schema, safe="/~")}
            try:
                fits = any(
                    of(reference, registry=self.registry, format_checker=oas30_format_checker).is_valid(value)
                    for of in VALIDATORS[side]
                )
                verdict = "fits" if fits else "misfits"
            except Exception as error:
                verdict = "fails: " + type(error).__name__
            if verdicts.get(place, "fits") == "fits":
                verdicts[place] = verdict
        return verdicts
