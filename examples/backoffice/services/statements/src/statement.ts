// What a client is sent: what it owes in each currency, and its invoices with what was paid, the newest first.
import type { Client, Prisma, PrismaClient } from "../generated/client.js"

export const MOST = 100

export type Line = {
  id: string
  number: string
  status: string
  currency: string
  total: string
  paid: string
  dueOn: string
  createdAt: string
}

export type Statement = {
  client: { id: string; name: string; country: string }
  owes: { currency: string; amount: string }[]
  invoices: Line[]
  next: string | null
}

/** Null: there is no such client. `after` is the id of the last invoice of the page before; one that is not this client's is refused by `UnknownCursor`. */
export async function statement(prisma: PrismaClient, clientId: string, limit: number, after: string | null): Promise<Statement | null> {
  // One snapshot: what a client owes and what it paid belong together.
  return prisma.$transaction(
    async (tx) => {
      const client = await tx.client.findUnique({ where: { id: clientId } })
      return client && (await pageOf(tx, client, limit, after))
    },
    { isolationLevel: "RepeatableRead" },
  )
}

export class UnknownCursor extends Error {}

async function pageOf(tx: Prisma.TransactionClient, client: Client, limit: number, after: string | null): Promise<Statement> {
  const rows = await tx.invoice.findMany({
    where: { clientId: client.id, status: { not: "DRAFT" }, ...(after && (await following(tx, client.id, after))) },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: limit + 1,
  })
  const shown = rows.slice(0, limit)
  const paid = await tx.payment.groupBy({
    by: ["invoiceId"],
    where: { invoiceId: { in: shown.map((row) => row.id) } },
    _sum: { amount: true },
  })
  const paidOf = new Map(paid.map((row) => [row.invoiceId, row._sum.amount]))
  const accounts = await tx.account.findMany({
    where: { clientId: client.id, kind: "RECEIVABLE" },
    orderBy: { currency: "asc" }, // as the unique index has them
    take: MOST,
  })
  const balances = await tx.accountBalance.findMany({
    where: { accountId: { in: accounts.map((account) => account.id) } },
    orderBy: { currency: "asc" },
  })
  return {
    client: { id: client.id, name: client.name, country: client.country },
    owes: balances.map((row) => ({ currency: row.currency, amount: row.balance.toFixed(2) })),
    invoices: shown.map((row) => ({
      id: row.id,
      number: row.number,
      status: row.status,
      currency: row.currency,
      total: row.total.toFixed(2),
      paid: paidOf.get(row.id)?.toFixed(2) ?? "0.00",
      dueOn: row.dueOn.toISOString().slice(0, 10),
      createdAt: row.createdAt.toISOString(),
    })),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  }
}

/** What is older than that invoice. The first condition looks idle: it is what bounds the index scan. */
async function following(tx: Prisma.TransactionClient, clientId: string, after: string): Promise<Prisma.InvoiceWhereInput> {
  const last = await tx.invoice.findUnique({ where: { id: after }, select: { id: true, clientId: true, createdAt: true } })
  if (last?.clientId !== clientId) throw new UnknownCursor()
  return {
    createdAt: { lte: last.createdAt },
    OR: [{ createdAt: { lt: last.createdAt } }, { createdAt: last.createdAt, id: { lt: last.id } }],
  }
}
