// Adobe's own library for Campaign Standard: what it reads before and after a change of its own.
const sdk = require('@adobe/aio-lib-campaign-standard')

const { ORGANIZATION, API_KEY, ACCESS_TOKEN, PROFILE, UNIT, SERVICE } = process.env

async function main () {
  const client = await sdk.init(ORGANIZATION, API_KEY, ACCESS_TOKEN)
  const read = { units: (await client.getAllOrgUnits({ lineCount: 2 })).body }
  read.profile = (await client.getProfileWithOrgUnit(PROFILE)).body
  read.answer = (await client.updateProfileOrgUnit(PROFILE, UNIT)).body
  read.moved = (await client.getProfileWithOrgUnit(PROFILE)).body
  read.missing = await client.getProfileWithOrgUnit('@nobody').catch(error => error.message)
  await services(client, read)
  console.log(JSON.stringify(read))
}

// The library has services as it has every other resource below profileAndServicesExt.
async function services (client, read) {
  const found = { filters: ['byText'], text: 'Con' }
  read.services = (await client.getAllProfileAndServicesExt('service', found)).body
  const list = read.services.content[0].subscriptions.href
  const answer = await client.postDataToUrl(list, { subscriber: { PKey: PROFILE } })
  read.subscription = await answer.json()
  await client.deleteCustomResource('service', SERVICE)
  read.gone = await client.deleteCustomResource('service', SERVICE).catch(error => error.message)
}

main()
