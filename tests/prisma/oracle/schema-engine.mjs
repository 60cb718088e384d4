// The executable that Prisma's CLI starts, with the WASM engine behind it: the same command line, the same JSON-RPC on
// standard input and output. PRISMA_SCHEMA_ENGINE_BINARY=<this folder>/schema-engine prisma migrate deploy
import fs from 'node:fs'
import readline from 'node:readline'
import pg from 'pg'
import { config, load, open } from './engine.mjs'

const options = { datamodels: [], words: [] }
for (let at = 2; at < process.argv.length; at++) {
  const word = process.argv[at]
  if (word === '--datamodels' || word === '-d') options.datamodels.push(process.argv[++at])
  else if (word === '--datasource') options.url = JSON.parse(process.argv[++at]).url
  else if (word.startsWith('--') && word !== '--version') at++
  else options.words.push(word)
}
const log = (level, fields) =>
  process.stderr.write(JSON.stringify({ timestamp: new Date().toISOString(), level, fields, target: 'schema_engine::logger' }) + '\n')

async function once(settings, sql) {
  const client = new pg.Client(settings)
  await client.connect()
  try { if (sql) await client.query(sql) } finally { await client.end() }
}

// As the native engine: the database from a connection to `postgres`, then the schema, both before any lock.
async function createDatabase() {
  const { pg: settings, schema, database } = config(options.url)
  await once(config(options.url, 'postgres').pg, `CREATE DATABASE "${database}"`).catch(error => {
    if (error.code !== '42P04') throw error
  })
  await once(settings, `CREATE SCHEMA IF NOT EXISTS "${schema ?? 'public'}"`)
  return { databaseName: database }
}

if (options.words[0] === '--version') {
  console.log('schema-engine-cli wasm')
  process.exit(0)
}
if (options.words[0] === 'cli') {
  log('INFO', { message: 'Starting' }) // the CLI drops the first line
  const database = config(options.url).database
  try {
    if (options.words[1] === 'create-database') await createDatabase()
    else await once(config(options.url).pg)
    log('INFO', { message: 'done' })
    process.exit(0)
  } catch (error) {
    const missing = error.code === '3D000'
    const message = missing ? `Database \`${database}\` does not exist` : error.message
    log('ERROR', { is_panic: false, error_code: missing ? 'P1003' : 'P1001', message, backtrace: null })
    process.exit(1)
  }
}

let opened
async function call(method, params) {
  if (method === 'createDatabase') return createDatabase()
  const files = options.datamodels.map(file => [file, fs.readFileSync(file, 'utf8')])
  opened ??= await open(await load('7'), options.url, files.length ? files : undefined)
  if (method === 'getDatabaseVersion') return opened.engine.version(null)
  const result = (await opened.engine[method](params)) ?? null
  if (method !== 'diff' || result.stdout == null) return result
  // The native engine has the CLI print its diff.
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id: 1e9, method: 'print', params: { content: result.stdout } }) + '\n')
  return { ...result, stdout: null }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  if (!method) continue
  const answer = await call(method, params).then(
    result => ({ result }),
    error => {
      const message = error?.message ?? String(error)
      const data = { is_panic: false, message, error_code: error?.code ?? message.match(/P\d{4}/)?.[0], meta: error?.meta }
      return { error: { code: 4466, message: 'An error happened. Check the data field for details.', data } }
    },
  )
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\n')
}
await opened?.close()
process.exit(0)
