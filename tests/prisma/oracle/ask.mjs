// node ask.mjs VERSION serve         requests as JSON, a line each on stdin; an answer a line on stdout
// node ask.mjs VERSION '{"verb": …}' one request
//
// A request: {"verb", "url", "dir"?, "name"?, "schema"?: text, "files"?: JSON of [[path, text], …] in its place,
// "force"?, "namespaces"?: names with commas}. An answer: {"result"} or {"error", "code"}.
import readline from 'node:readline'
import { FILTERS, folder, load, open } from './engine.mjs'

const VERBS = {
  apply: (engine, { dir }) => engine.applyMigrations({ migrationsList: folder(dir), filters: FILTERS }),
  diagnose: (engine, { dir }) =>
    engine.diagnoseMigrationHistory({ migrationsList: folder(dir), optInToShadowDatabase: false, filters: FILTERS }),
  dev: (engine, { dir }) => engine.devDiagnostic({ migrationsList: folder(dir), filters: FILTERS }),
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
