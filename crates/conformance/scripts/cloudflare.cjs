// Cloudflare's own client for Node: what it reads before and after changes of its own.
const Cloudflare = require('cloudflare')

const { BASE_URL, TOKEN, ORGANIZATION, EMPTY_ORGANIZATION } = process.env

async function main () {
  const { organizations } = new Cloudflare({ apiToken: TOKEN, baseURL: BASE_URL })
  const profiles = organizations.organizationProfile
  const read = { profile: await profiles.get(ORGANIZATION) }
  await profiles.update(ORGANIZATION, { ...read.profile, business_phone: '+1 425 555 0190' })
  read.changed = await profiles.get(ORGANIZATION)

  read.list = (await organizations.list({ page_size: 2 })).result
  const period = { since: '2026-10-01', before: '2026-11-01' }
  read.log = (await organizations.logs.audit.list(ORGANIZATION, period)).result
  const created = await organizations.create({ name: 'Fabrikam Iberia', parent: { id: ORGANIZATION } })
  read.created = await organizations.update(created.id, { name: 'Fabrikam Lusitania' })
  read.again = await organizations.get(created.id)
  read.deleted = await organizations.delete(EMPTY_ORGANIZATION)
  read.missing = await organizations.get(EMPTY_ORGANIZATION).catch(refusal)
  console.log(JSON.stringify(read))
}

function refusal (error) {
  return { status: error.status, codes: error.errors.map(one => String(one.code)) }
}

main()
