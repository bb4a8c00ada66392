// Adobe's own library for Campaign Standard: what it reads before and after changes of its own.
const sdk = require('@adobe/aio-lib-campaign-standard')

const { ORGANIZATION, API_KEY, ACCESS_TOKEN, PROFILE, UNIT, OBSOLETE, EMAIL, AUDIENCE, DELIVERY } = process.env
// The family with what the instance has added; the library goes to the other one unless it is asked.
const extended = { hasCustomFilter: true }

async function main () {
  const client = await sdk.init(ORGANIZATION, API_KEY, ACCESS_TOKEN)
  const read = {}
  await lists(client, read)
  await metadata(client, read)
  await profiles(client, read)
  await units(client, read)
  await services(client, read)
  console.log(JSON.stringify(read))
}

async function lists (client, read) {
  const list = async (call, parameters) => (await client[call](parameters)).body.content
  read.profiles = await list('getAllProfiles', extended)
  read.productProfiles = await list('getAllProfiles')
  read.byEmail = await list('getAllProfiles', { ...extended, filters: ['byEmail'], email: EMAIL })
  read.byAudience = await list('getAllProfiles', { ...extended, filters: ['byStaticAudience'], audience: AUDIENCE })
  read.received = await list('getAllProfiles', { ...extended, filters: ['hasReceivedDelivery'], delivery: DELIVERY })
  read.opened = await list('getAllProfiles', { ...extended, filters: ['hasOpenedDelivery'], delivery: DELIVERY })
  read.clicked = await list('getAllProfiles', { ...extended, filters: ['hasClickedDelivery'], delivery: DELIVERY })
  read.sorted = await list('getAllProfiles', { ...extended, order: 'lastName', lineCount: 1 })
  read.units = await list('getAllOrgUnits', { lineCount: 2 })
  read.services = await list('getAllServices', extended)
  read.productServices = await list('getAllServices')
  const period = { filters: ['byPlanning'], startDate: '2026-03-01', endDate: '2026-03-31' }
  read.byPlanning = await list('getAllServices', { ...extended, ...period })
  read.byTarget = await list('getAllServices', { ...extended, filters: ['byTargetResource'], targetResource: 'profile' })
  read.byText = await list('getAllServices', { ...extended, filters: ['byText'], text: 'Con' })
}

async function metadata (client, read) {
  read.described = {}
  for (const name of ['profile', 'service', 'history']) {
    read.described[name] = (await client.getMetadataForResource(name)).body
  }
  read.resources = (await client.getCustomResources()).body
}

async function profiles (client, read) {
  read.profile = (await client.getProfileWithOrgUnit(PROFILE)).body
  read.response = (await client.updateProfileOrgUnit(PROFILE, UNIT)).body
  read.moved = (await client.getProfileWithOrgUnit(PROFILE)).body
  read.missing = await client.getProfileWithOrgUnit('@nobody').catch(error => error.message)

  const created = await client.createProfile({ email: 'ines.castell@example.com', firstName: 'Ines' })
  const updated = await client.updateProfile(created.body.PKey, { lastName: 'Castell' })
  read.statuses = [created.status, updated.status]
  read.created = (await client.getProfile(created.body.PKey)).body
  const placed = await client.createCustomResource('profile', { email: 'ruben.vos@example.com', orgUnit: { PKey: UNIT } })
  read.placed = placed.body
  await client.updateCustomResource('profile', created.body.PKey, { orgUnit: { PKey: UNIT } })
  read.deleted = (await client.createProfile({})).body
  await client.deleteCustomResource('profile', read.deleted.PKey)
}

async function units (client, read) {
  await client.updateOrgUnit(UNIT, { label: 'Harbour Brand' })
  read.renamed = (await client.getAllOrgUnits()).body.content
}

async function services (client, read) {
  const created = await client.createService({ label: 'Harbour News', messageType: 'sms' })
  await client.updateCustomResource('service', created.body.PKey, { desc: 'What is new' })
  read.service = (await client.getService(created.body.PKey)).body
  const [news] = read.byText
  const response = await client.postDataToUrl(news.subscriptions.href, { subscriber: { PKey: PROFILE } })
  read.subscription = await response.json()
  const subscribers = { ...extended, filters: ['subscribers'], service: news.PKey }
  read.subscribers = (await client.getAllProfiles(subscribers)).body.content
  await client.deleteCustomResource('service', OBSOLETE)
  read.gone = await client.getService(OBSOLETE).catch(error => error.message)
}

main()
