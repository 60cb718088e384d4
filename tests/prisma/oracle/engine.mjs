// Prisma's schema engine (6.19.3 or 7.10.1, its WASM build from npm) on a connection that behaves as its native one.
//
// The native engine keeps one connection for everything, sends a migration as one simple query and ?schema= as the
// search path at start-up. @prisma/adapter-pg does none of that: it splits scripts at every ";", drops its connection
// (and the advisory lock with it) after an error, and cannot read "char". So it only converts values here.
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import pg from 'pg'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'

const require = createRequire(import.meta.url)
const TEXT = 25
// Types of catalog columns that adapter-pg refuses: "char", regproc, regtype, regclass, regrole
const CATALOG_TYPES = new Map([
  [18, ColumnTypeEnum.Character], [24, ColumnTypeEnum.Text], [2205, ColumnTypeEnum.Text],
  [2206, ColumnTypeEnum.Text], [4096, ColumnTypeEnum.Text],
])
const PRISMA_ONLY = ['schema', 'connection_limit', 'pool_timeout', 'pgbouncer', 'connect_timeout', 'sslaccept']

export async function load(version) {
  const folder = path.dirname(require.resolve(`engine-${version}/schema_engine_bg`))
  const glue = await import(path.join(folder, 'schema_engine_bg.js'))
  const module = new WebAssembly.Module(fs.readFileSync(path.join(folder, 'schema_engine_bg.wasm')))
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return glue.SchemaEngine
}

export function config(url, database) {
  const parsed = new URL(url)
  const schema = parsed.searchParams.get('schema')
  for (const name of PRISMA_ONLY) parsed.searchParams.delete(name)
  if (database) parsed.pathname = `/${database}`
  const found = { connectionString: parsed.toString(), application_name: 'prisma' }
  if (schema) found.options = `-c search_path=${`"${schema.replace(/"/g, '""')}"`.replace(/([\\ ])/g, '\\$1')}`
  return { pg: found, schema, database: decodeURIComponent(parsed.pathname.slice(1)) }
}

// One client that outlives errors, in the shape of a pool.
class Pinned {
  constructor(settings) { this.settings = settings }
  async client() {
    this.opening ??= (async () => {
      const client = new pg.Client(this.settings)
      client.on('error', () => {})
      await client.connect()
      return client
    })()
    return this.opening
  }
  async query(...args) { return (await this.client()).query(...args) }
  async connect() {
    const client = await this.client()
    return { query: (...args) => client.query(...args), release() {}, on() {}, removeListener() {} }
  }
  async end() { if (this.opening) await (await this.opening).end().catch(() => {}) }
}

async function adapter(settings, schema, hooks) {
  const made = await new PrismaPg(settings, schema ? { schema } : undefined).connect()
  const pinned = new Pinned(settings)
  made.client = pinned
  made.release = () => pinned.end()
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf(made))
  made.queryRaw = async query => {
    hooks?.statement?.(query)
    const { fields, rows } = await prototype.performIO.call(made, query)
    const readable = fields.map(f => (CATALOG_TYPES.has(f.dataTypeID) ? { ...f, dataTypeID: TEXT } : f))
    const result = await prototype.queryRaw.call({ performIO: async () => ({ fields: readable, rows }) }, query)
    fields.forEach((f, at) => { if (CATALOG_TYPES.has(f.dataTypeID)) result.columnTypes[at] = CATALOG_TYPES.get(f.dataTypeID) })
    return result
  }
  made.executeScript = async script => {
    try { await pinned.query(script) } catch (error) { made.onError(error) }
  }
  return made
}

// An engine on `url`; `files` are [path, content] of a schema. `close` ends every connection and lets the lock go.
export async function open(Engine, url, files) {
  const opened = []
  const { pg: settings, schema } = config(url)
  const connect = async (where, name) => { const one = await adapter(where, name); opened.push(one); return one }
  const factory = {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(settings, schema),
    async connectToShadowDb() {
      const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`
      const owner = await connect(settings, schema)
      await owner.executeScript(`CREATE DATABASE "${name}"`)
      const shadow = await connect(config(url, name).pg)
      shadow.dispose = async () => {
        await shadow.release()
        await owner.executeScript(`DROP DATABASE IF EXISTS "${name}"`)
        await owner.release()
      }
      return shadow
    },
  }
  const engine = await Engine.new({ datamodels: files }, () => {}, bindMigrationAwareSqlAdapterFactory(factory))
  const close = async () => {
    try { engine.free() } catch { /* it freed itself in a failed call */ }
    for (const one of opened) await one.release()
  }
  return { engine, close }
}

export const FILTERS = { externalTables: [], externalEnums: [] }

// A migrations folder in the shape that the engine wants, listed as Prisma's CLI lists it.
export function folder(directory) {
  const lock = path.join(directory, 'migration_lock.toml')
  const entries = fs.existsSync(directory) ? fs.readdirSync(directory, { withFileTypes: true }) : []
  const read = file => {
    try { return { tag: 'ok', value: fs.readFileSync(file, 'utf8') } } catch (error) { return { tag: 'error', value: error.message } }
  }
  return {
    baseDir: path.resolve(directory),
    lockfile: { path: 'migration_lock.toml', content: fs.existsSync(lock) ? fs.readFileSync(lock, 'utf8') : null },
    shadowDbInitScript: '',
    migrationDirectories: entries
      .filter(entry => entry.isDirectory())
      .map(entry => entry.name)
      .sort((a, b) => a.localeCompare(b))
      .map(name => ({
        path: name,
        migrationFile: { path: 'migration.sql', content: read(path.join(directory, name, 'migration.sql')) },
      })),
  }
}
