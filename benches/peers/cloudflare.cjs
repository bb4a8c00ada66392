// Cloudflare's client for Node: so many pairs of calls with so many in flight, then what the profile is.
const Cloudflare = require('cloudflare')

const { BASE_URL, TOKEN, ORGANIZATION, PHONE } = process.env
const [pairs, inFlight] = process.argv.slice(2).map(Number)

async function main () {
  const { organizationProfile } = new Cloudflare({ apiToken: TOKEN, baseURL: BASE_URL }).organizations
  let left = pairs
  async function task () {
    while (left > 0) {
      left -= 1
      const profile = await organizationProfile.get(ORGANIZATION)
      await organizationProfile.update(ORGANIZATION, { ...profile, business_phone: PHONE })
    }
  }
  await Promise.all(Array.from({ length: inFlight }, task))
  console.log(JSON.stringify(await organizationProfile.get(ORGANIZATION)))
}

main()
