// A real Prisma client behind a pipe: a request a line on stdin, an answer a line on stdout.
//
//     node ask.cjs <folder of the generated client> <database URL>
//     {"model": "post", "call": "findMany", "with": {…}}  →  {"result": …} or {"error": "…"}
//
// JSON has no word for some of its values: {"$": "Date" | "Decimal" | "BigInt" | "Bytes", "v": text} stands for them,
// {"$": "JsonNull" | "DbNull" | "AnyNull"} for Prisma's words for null.
const { createInterface } = require("node:readline")
const { PrismaPg } = require("@prisma/adapter-pg")

const [folder, connectionString] = process.argv.slice(2)
const { PrismaClient, Prisma } = require(folder)

function packed(value) {
  if (value instanceof Date) return { $: "Date", v: value.toISOString() }
  if (typeof value === "bigint") return { $: "BigInt", v: value.toString() }
  if (Prisma.Decimal.isDecimal(value)) return { $: "Decimal", v: value.toFixed() }
  if (value instanceof Uint8Array) return { $: "Bytes", v: Buffer.from(value).toString("hex") }
  if (Array.isArray(value)) return value.map(packed)
  if (value === null || typeof value !== "object") return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, packed(each)]))
}

const words = {
  Date: (v) => new Date(v),
  BigInt: (v) => BigInt(v),
  Decimal: (v) => new Prisma.Decimal(v),
  Bytes: (v) => new Uint8Array(Buffer.from(v, "hex")),
  JsonNull: () => Prisma.JsonNull,
  DbNull: () => Prisma.DbNull,
  AnyNull: () => Prisma.AnyNull,
}

function unpacked(value) {
  if (Array.isArray(value)) return value.map(unpacked)
  if (value === null || typeof value !== "object") return value
  if ("$" in value) return words[value.$](value.v)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unpacked(each)]))
}

async function main() {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString }) })
  for await (const line of createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line)
    let answer
    try {
      answer = { result: packed(await prisma[asked.model][asked.call](unpacked(asked.with))) }
    } catch (error) {
      answer = { error: String(error.message) }
    }
    process.stdout.write(JSON.stringify(answer) + "\n")
  }
  await prisma.$disconnect()
}

main()
