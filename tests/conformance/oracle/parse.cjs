// node parse.cjs       requests as JSON, a line each on stdin; an answer a line on stdout
//
// A request: {"engine": "6" | "7", "verbs": ["lint", "format", "datamodel", "config"], "schemas": [[[path, text], …], …]}.
// The answer: for each schema {verb: result}, or {verb: {"failed": words}} where the parser said no. A parser that
// panicked is loaded anew, since its memory is not to be trusted after that.
const readline = require('node:readline')

const FORMATTING = JSON.stringify({
  textDocument: { uri: 'file:/dev/null' },
  options: { tabSize: 2, insertSpaces: true },
})
const VERBS = {
  lint: (parser, files) => parser.lint(JSON.stringify(files)),
  format: (parser, files) => parser.format(JSON.stringify(files), FORMATTING),
  datamodel: (parser, files) => parser.get_datamodel(JSON.stringify({ prismaSchema: files, noColor: true })),
  config: (parser, files) =>
    parser.get_config(
      JSON.stringify({ prismaSchema: files, datasourceOverrides: {}, ignoreEnvVarErrors: true, env: {}, noColor: true }),
    ),
}

function load(engine) {
  const name = require.resolve(`parser-${engine}`)
  delete require.cache[name]
  return require(name)
}

const loaded = {}
/** The answer as JSON text. */
function ask(engine, verb, files) {
  loaded[engine] ??= load(engine)
  try {
    return VERBS[verb](loaded[engine], files)
  } catch (error) {
    const words = String(error?.message ?? error)
    try {
      return JSON.stringify({ failed: JSON.parse(words).message ?? words })
    } catch {
      delete loaded[engine]
      return JSON.stringify({ failed: words })
    }
  }
}

readline.createInterface({ input: process.stdin }).on('line', line => {
  const { engine, verbs, schemas } = JSON.parse(line)
  // The parsers answer in JSON. It is passed on unread: numbers that JavaScript cannot hold stay what they are.
  const answer = files => `{${verbs.map(verb => `"${verb}":${ask(engine, verb, files).replaceAll('\n', '')}`).join(',')}}`
  process.stdout.write(`[${schemas.map(answer).join(',')}]\n`)
})
