// Adobe's client for Node: so many pairs of calls with so many in flight, then what the profile is.
const https = require('https')

const { HTTPS_PROXY, API_KEY, TOKEN, ORGANIZATION, PROFILE, PHONE } = process.env
const [pairs, inFlight] = process.argv.slice(2).map(Number)

// Node's own connections, which it keeps, lead to this machine. Through a proxy the library makes one for each call.
const { hostname: host, port } = new URL(HTTPS_PROXY)
delete process.env.HTTPS_PROXY
const { createConnection } = https.globalAgent
https.globalAgent.createConnection = function (options, ready) {
  return createConnection.call(this, { ...options, host, port, servername: options.host }, ready)
}

const sdk = require('@adobe/aio-lib-campaign-standard')

async function main () {
  const client = await sdk.init(ORGANIZATION, API_KEY, TOKEN)
  let left = pairs
  async function task () {
    while (left > 0) {
      left -= 1
      await client.getProfileWithOrgUnit(PROFILE)
      // Of the family that letterhead writes to, which `updateProfile` doesn't.
      await client.updateCustomResource('profile', PROFILE, { mobilePhone: PHONE })
    }
  }
  await Promise.all(Array.from({ length: inFlight }, task))
  console.log(JSON.stringify((await client.getProfileWithOrgUnit(PROFILE)).body))
}

main()
