// Prism on what the generated clients of small documents have sent: of each document a server that refuses what it
// doesn't describe.
const fs = require('fs')
const http = require('http')
const path = require('path')
const { getHttpOperationsFromSpec } = require('@stoplight/prism-http')
const { createServer } = require('@stoplight/prism-http-server')

// Folders with `NAME/document.yaml` and `NAME.jsonl`.
const [documents, sent] = process.argv.slice(2)
const quiet = () => {}
const logger = { info: quiet, success: quiet, warn: quiet, error: quiet, debug: quiet, fatal: quiet, trace: quiet }
logger.child = () => logger

function send (port, { method, target, headers, body }) {
  const kept = {}
  for (const [name, value] of headers) {
    if (!['host', 'content-length', 'transfer-encoding', 'connection'].includes(name)) {
      kept[name] = name in kept ? [].concat(kept[name], value) : value
    }
  }
  return new Promise((resolve, reject) => {
    const request = http.request({ port, method, path: target, headers: kept, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk) => { text += chunk })
      response.on('end', () => resolve({ headers: response.headers, text }))
    })
    request.on('error', reject)
    request.end(body)
  })
}

async function judge (name, judged) {
  const operations = await getHttpOperationsFromSpec(path.join(documents, name, 'document.yaml'))
  const config = { mock: { dynamic: false }, validateRequest: true, validateResponse: false, checkSecurity: true, errors: false, isProxy: false }
  const server = createServer(operations, { components: { logger }, config, cors: false, errors: false })
  const address = await server.listen(0, '127.0.0.1')
  const port = new URL(address).port
  const lines = fs.readFileSync(path.join(sent, `${name}.jsonl`), 'utf8').trim().split('\n')
  for (const line of lines) {
    const request = JSON.parse(line)
    const { headers, text } = await send(port, request)
    const isProblem = (headers['content-type'] || '').includes('problem+json')
    const said = isProblem ? JSON.parse(text) : null
    // A type that it can't write it finds out about after it has judged the request.
    const problem = said && !said.title.startsWith('Cannot find serializer') ? said : null
    // An error of the document's own may be the response to a request that isn't what it says.
    const violations = JSON.parse(headers['sl-violations'] || '[]')
    const violation = violations.find(({ location }) => location[0] === 'request')
    judged.push({ construct: name, request, problem: problem || violation || null })
  }
  await server.close()
}

async function main () {
  const judged = []
  for (const file of fs.readdirSync(sent).sort()) {
    await judge(path.basename(file, '.jsonl'), judged)
  }
  console.log(JSON.stringify(judged))
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
