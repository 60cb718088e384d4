// `pgready wait --verify parity -- node services/statements/dist/src/server.js`: it reads, and writes nothing.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { PrismaPg } from "@prisma/adapter-pg"
import { PrismaClient } from "../generated/client.js"
import { MOST, statement, UnknownCursor } from "./statement.js"

const connectionString = process.env["DATABASE_URL"]
if (!connectionString) {
  console.error("DATABASE_URL is not set: see the README for what each service needs")
  process.exit(2)
}
const prisma = new PrismaClient({
  adapter: new PrismaPg({ connectionString, max: Number(process.env["POOL_SIZE"] ?? 5) }),
  log: process.env["LOG_QUERIES"] ? ["query"] : [], // contracts.sql has them; no values are in them
})
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function send(response: ServerResponse, status: number, body: unknown, type = "application/json"): void {
  response.writeHead(status, { "Content-Type": type }).end(JSON.stringify(body))
}

/** RFC 9457, as the other services of the platform answer. */
function problem(response: ServerResponse, status: number, code: string, title: string, detail: string): void {
  const type = `urn:backoffice:problem:${code.replaceAll("_", "-")}`
  send(response, status, { type, title, status, code, detail }, "application/problem+json")
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!URL.canParse(request.url ?? "", "http://localhost")) {
    return problem(response, 400, "bad_request", "Bad Request", "That is no address.")
  }
  const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost")
  if (request.method !== "GET") {
    return problem(response, 405, "method_not_allowed", "Method Not Allowed", "Statements can only be read.")
  }
  if (pathname === "/livez") return send(response, 200, { live: true })
  if (pathname === "/readyz") return ready(response)
  const client = /^\/statements\/([^/]+)$/.exec(pathname)?.[1]
  if (client === undefined) return problem(response, 404, "not_found", "Not Found", "There is no such page.")
  const limit = searchParams.get("limit") ?? "20"
  const after = searchParams.get("after")
  if (!/^[1-9]\d{0,2}$/.test(limit) || Number(limit) > MOST) {
    return problem(response, 422, "invalid_request", "Unprocessable Content", `limit is a number from 1 to ${MOST}.`)
  }
  if (!UUID.test(client) || (after !== null && !UUID.test(after))) {
    return problem(response, 422, "invalid_request", "Unprocessable Content", "Ids are UUIDs in lower case.")
  }
  try {
    const found = await statement(prisma, client, Number(limit), after)
    if (found === null) return problem(response, 404, "not_found", "Not Found", "There is no such client.")
    send(response, 200, found)
  } catch (error) {
    if (!(error instanceof UnknownCursor)) throw error
    problem(response, 422, "invalid_cursor", "Unprocessable Content", "`after` is no invoice of this client.")
  }
}

/** Ready: what it reads can be read now. What else has to be there was seen to by `pgready wait`. */
async function ready(response: ServerResponse): Promise<void> {
  try {
    await prisma.$queryRaw`SELECT FROM financial.clients LIMIT 1`
    send(response, 200, { ready: true })
  } catch {
    send(response, 503, { ready: false })
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : "unknown trouble")
    problem(response, 503, "unavailable", "Service Unavailable", "The database did not answer as it should.")
  })
})

/** Requests that began are answered. */
function stop(): void {
  server.close(() => void prisma.$disconnect())
  server.closeIdleConnections()
}

process.once("SIGTERM", stop)
process.once("SIGINT", stop)
const port = Number(process.env["PORT"] ?? 8003)
const host = process.env["HOST"] ?? "127.0.0.1"
server.listen(port, host, () => console.log(`statements: listening on http://${host}:${port}`))
