// Adobe's own library for Campaign Standard: what it reads before and after a change of its own.
const sdk = require('@adobe/aio-lib-campaign-standard')

const { ORGANIZATION, API_KEY, ACCESS_TOKEN, PROFILE, UNIT } = process.env

async function main () {
  const client = await sdk.init(ORGANIZATION, API_KEY, ACCESS_TOKEN)
  const read = { units: (await client.getAllOrgUnits({ lineCount: 2 })).body }
  read.profile = (await client.getProfileWithOrgUnit(PROFILE)).body
  read.answer = (await client.updateProfileOrgUnit(PROFILE, UNIT)).body
  read.moved = (await client.getProfileWithOrgUnit(PROFILE)).body
  read.missing = await client.getProfileWithOrgUnit('@nobody').catch(error => error.message)
  console.log(JSON.stringify(read))
}

main()
