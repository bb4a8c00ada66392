"""Cloudflare's own client for Python: what it reads before and after changes of its own."""

import json
import os

from cloudflare import APIStatusError, Cloudflare

ORGANIZATION = os.environ["ORGANIZATION"]
EMPTY_ORGANIZATION = os.environ["EMPTY_ORGANIZATION"]


def raw(response):
    """The result as it came; what the client makes of it has to work as well."""
    response.parse()
    return json.loads(response.text())["result"]


def refusal(call, *arguments):
    try:
        call(*arguments)
    except APIStatusError as error:
        return {"status": error.status_code, "codes": [str(one.code) for one in error.errors]}
    return None


client = Cloudflare(api_token=os.environ["TOKEN"], base_url=os.environ["BASE_URL"])
organizations = client.organizations.with_raw_response
profiles = client.organizations.organization_profile.with_raw_response

read = {"profile": raw(profiles.get(ORGANIZATION))}
profiles.update(ORGANIZATION, **{**read["profile"], "business_phone": "+1 425 555 0190"})
read["changed"] = raw(profiles.get(ORGANIZATION))

read["list"] = raw(organizations.list(page_size=2))
log = client.organizations.logs.audit.with_raw_response
read["log"] = raw(log.list(ORGANIZATION, since="2026-10-01", before="2026-11-01"))
created = raw(organizations.create(name="Fabrikam Iberia", parent={"id": ORGANIZATION}))
read["created"] = raw(organizations.update(created["id"], name="Fabrikam Lusitania"))
read["again"] = raw(organizations.get(created["id"]))
read["deleted"] = raw(organizations.delete(EMPTY_ORGANIZATION))
read["missing"] = refusal(client.organizations.get, EMPTY_ORGANIZATION)
print(json.dumps(read))
