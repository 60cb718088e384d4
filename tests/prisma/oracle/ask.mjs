// node ask.mjs VERSION serve         requests as JSON, a line each on stdin; an answer a line on stdout
// node ask.mjs VERSION '{"verb": …}' one request
//
// A request: {"verb", "url", "dir"?, "name"?, "schema"?: text, "files"?: JSON of [[path, text], …] in its place,
// "force"?, "namespaces"?: names with commas, "from"?, "to"?: sides of a diff}. An answer: {"result"} or {"error", "code"}.
import readline from 'node:readline'
import { FILTERS, folder, load, open } from './engine.mjs'

// A side of a diff: "empty", "migrations:DIR" (the engine makes and drops a shadow database of its own), "schema", of the
// request's text or files, or "database", that of the request's URL.
const side = (name, asked) => {
  if (name.startsWith('migrations:')) return { tag: 'migrations', ...folder(name.slice('migrations:'.length)) }
  const files = () => filesOf(asked).map(([path, content]) => ({ path, content }))
  if (name === 'schema') return { tag: 'schemaDatamodel', files: files() }
  if (name === 'database') return { tag: 'schemaDatasource', files: files(), configDir: '.' }
  return { tag: name }
}

// What the migrations make has to be in the engine's memory: these two make no shadow database of their own.
const warm = async (engine, { dir }) => {
  await engine.devDiagnostic({ migrationsList: folder(dir), filters: FILTERS })
  const from = { tag: 'migrations', ...folder(dir) }
  from.lockfile.content ??= 'provider = "postgresql"'
  await engine.diff({ from, to: { tag: 'empty' }, script: true, exitCode: null, filters: FILTERS, shadowDatabaseUrl: null })
}
const ahead = asked => ({
  migrationsList: folder(asked.dir), filters: FILTERS,
  schema: { files: filesOf(asked).map(([path, content]) => ({ path, content })) },
})

const VERBS = {
  diff: (engine, asked) =>
    engine.diff({
      from: side(asked.from, asked), to: side(asked.to, asked), script: true, exitCode: true, filters: FILTERS,
      shadowDatabaseUrl: null,
    }),
  apply: (engine, { dir }) => engine.applyMigrations({ migrationsList: folder(dir), filters: FILTERS }),
  diagnose: (engine, { dir }) =>
    engine.diagnoseMigrationHistory({ migrationsList: folder(dir), optInToShadowDatabase: false, filters: FILTERS }),
  dev: (engine, { dir }) => engine.devDiagnostic({ migrationsList: folder(dir), filters: FILTERS }),
  create: async (engine, asked) => (
    await warm(engine, asked),
    engine.createMigration({ ...ahead(asked), draft: !!asked.draft, migrationName: asked.name ?? '' })
  ),
  evaluate: async (engine, asked) => (await warm(engine, asked), engine.evaluateDataLoss(ahead(asked))),
  applied: (engine, { dir, name }) => engine.markMigrationApplied({ migrationName: name, migrationsList: folder(dir) }),
  rolledBack: (engine, { name }) => engine.markMigrationRolledBack({ migrationName: name }),
  introspect: (engine, asked) =>
    engine.introspect({
      schema: { files: filesOf(asked).map(([path, content]) => ({ path, content })) },
      baseDirectoryPath: '',
      force: !!asked.force,
      compositeTypeDepth: -1,
      namespaces: asked.namespaces?.split(',') ?? null,
    }),
}

const filesOf = ({ files, schema }) => (files ? JSON.parse(files) : schema ? [['schema.prisma', schema]] : undefined)

const [, , version, request] = process.argv
const Engine = await load(version)

async function answer(asked) {
  const { engine, close } = await open(Engine, asked.url, filesOf(asked))
  try {
    return { result: (await VERBS[asked.verb](engine, asked)) ?? null }
  } catch (error) {
    const message = error?.message ?? String(error)
    return { error: message, code: error?.code ?? message.match(/P\d{4}/)?.[0] ?? null }
  } finally {
    await close()
  }
}

const lines = request === 'serve' ? readline.createInterface({ input: process.stdin }) : [request]
for await (const line of lines) {
  const said = await answer(JSON.parse(line)).catch(error => ({ error: String(error?.message ?? error), code: null }))
  process.stdout.write(JSON.stringify(said) + '\n')
}
process.exit(0)
