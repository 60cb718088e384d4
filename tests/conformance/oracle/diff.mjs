// node diff.mjs FOLDER VERSION     Prisma's engine of that folder (see tests/prisma/oracle) as a maker of diffs
//
// A request a line on stdin: {"from", "to", "url"?}; from and to are null for an empty database, [[path, content], …]
// for a schema, or {"live": [[path, content], …]}: the database of `url`, with the schemas of that datasource.
// {"verb": "create" | "evaluate", "url", "to", "history": [[name, script], …]}: the next migration's text, or what it
// may cost; all of the history has been applied. {"verb": "push", "url", "to", "force"?, "external"?: {tables, enums}}: what
// schemaPush says.
// An answer a line on stdout: {"result"} or {"error"}. Without `url` it connects to no database.
import readline from 'node:readline'
import path from 'node:path'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [, , folder, version] = process.argv
const { FILTERS, load, open } = await import(pathToFileURL(path.join(folder, 'engine.mjs')))
const require = createRequire(path.join(folder, 'engine.mjs'))
const { bindMigrationAwareSqlAdapterFactory } = require('@prisma/driver-adapter-utils')
const Engine = await load(version)

// The engine asks for a version before it does anything.
const VERSION = {
  columnNames: ['exists', 'version', 'numeric_version'], columnTypes: [5, 7, 0], rows: [[true, 'PostgreSQL 16.4', 160004]],
}
const refuse = async () => { throw new Error('there is no database here') }
const nobody = {
  provider: 'postgres', adapterName: 'nobody',
  queryRaw: async query => (/version\(\)/.test(query.sql) ? VERSION : refuse()),
  executeRaw: async () => 0, executeScript: refuse, startTransaction: refuse, dispose: async () => {},
  getConnectionInfo: () => ({ supportsRelationJoins: true }),
}
const offline = { provider: 'postgres', adapterName: 'nobody', connect: async () => nobody, connectToShadowDb: refuse }

async function opened(url, files) {
  if (url) return open(Engine, url, files)
  const engine = await Engine.new({}, () => {}, bindMigrationAwareSqlAdapterFactory(offline))
  return { engine, close: async () => { try { engine.free() } catch { /* it freed itself in a failed call */ } } }
}

const shaped = files => files.map(([path, content]) => ({ path, content }))
function target(given) {
  if (!given) return { tag: 'empty' }
  if (given.live) return { tag: 'schemaDatasource', files: shaped(given.live), configDir: '.' }
  return { tag: 'schemaDatamodel', files: shaped(given) }
}

function listed(history) {
  return {
    baseDir: '.', shadowDbInitScript: '', lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    migrationDirectories: history.map(([name, script]) => (
      { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: script } } }
    )),
  }
}

// The engine takes the schema of the history from its cache, which this fills: without preview features, alas.
const replay = (engine, migrationsList) => engine.devDiagnostic({ migrationsList, filters: FILTERS })

const VERBS = {
  diff: async (engine, { from, to }) =>
    (await engine.diff({ from: target(from), to: target(to), script: true, exitCode: null, filters: FILTERS })).stdout,
  create: async (engine, { to, history }) => {
    const migrationsList = listed(history)
    await replay(engine, migrationsList)
    const asked = { draft: false, migrationName: 'next', migrationsList, schema: { files: shaped(to) }, filters: FILTERS }
    return (await engine.createMigration(asked)).migrationScript
  },
  evaluate: async (engine, { to, history }) => {
    const migrationsList = listed(history)
    await replay(engine, migrationsList)
    return await engine.evaluateDataLoss({ migrationsList, schema: { files: shaped(to) }, filters: FILTERS })
  },
  push: (engine, { to, force, external }) =>
    engine.schemaPush({
      force: !!force, schema: { files: shaped(to) },
      filters: external ? { externalTables: external.tables, externalEnums: external.enums } : FILTERS,
    }),
}

async function answer(asked) {
  const { verb = 'diff', from, to, url } = asked
  const { engine, close } = await opened(url, from?.live ?? to?.live ?? to)
  try {
    return { result: await VERBS[verb](engine, asked) }
  } catch (error) {
    return { error: error?.message ?? String(error) }
  } finally {
    await close()
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const said = await answer(JSON.parse(line)).catch(error => ({ error: String(error?.message ?? error) }))
  process.stdout.write(JSON.stringify(said) + '\n')
}
process.exit(0)
