// Adobe's client for Node: so many pairs of calls with so many in flight, then what the profile is.
const sdk = require('@adobe/aio-lib-campaign-standard')

const { API_KEY, TOKEN, ORGANIZATION, PROFILE, PHONE } = process.env
const [pairs, inFlight] = process.argv.slice(2).map(Number)

async function main () {
  const client = await sdk.init(ORGANIZATION, API_KEY, TOKEN)
  let left = pairs
  async function task () {
    while (left > 0) {
      left -= 1
      await client.getProfileWithOrgUnit(PROFILE)
      await client.updateCustomResource('profile', PROFILE, { mobilePhone: PHONE })
    }
  }
  await Promise.all(Array.from({ length: inFlight }, task))
  console.log(JSON.stringify((await client.getProfileWithOrgUnit(PROFILE)).body))
}

main()
