"""Cloudflare's client for Python: so many pairs of calls with so many in flight, then what the profile is."""

import asyncio
import json
import os
import sys

from cloudflare import AsyncCloudflare, Cloudflare

ORGANIZATION, PHONE = os.environ["ORGANIZATION"], os.environ["PHONE"]
PAIRS, IN_FLIGHT = (int(argument) for argument in sys.argv[1:])
SETTINGS = {"api_token": os.environ["TOKEN"], "base_url": os.environ["BASE_URL"]}


def changed(profile):
    return {**profile.to_dict(), "business_phone": PHONE}


def one_by_one():
    profiles = Cloudflare(**SETTINGS).organizations.organization_profile
    for _ in range(PAIRS):
        profile = profiles.get(ORGANIZATION)
        profiles.update(ORGANIZATION, **changed(profile))
    return profiles.get(ORGANIZATION)


async def at_once():
    profiles = AsyncCloudflare(**SETTINGS).organizations.organization_profile
    left = iter(range(PAIRS))

    async def task():
        for _ in left:
            profile = await profiles.get(ORGANIZATION)
            await profiles.update(ORGANIZATION, **changed(profile))

    await asyncio.gather(*(task() for _ in range(IN_FLIGHT)))
    return await profiles.get(ORGANIZATION)


read = one_by_one() if IN_FLIGHT == 1 else asyncio.run(at_once())
print(json.dumps(read.to_dict()))
