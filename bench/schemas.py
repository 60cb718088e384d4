"""Schemas of any size for the benchmark: what real ones have, in the proportions that they have it."""

from __future__ import annotations

_HEAD = """\
datasource db {
  provider = "postgresql"
}

generator client {
  provider = "prisma-client"
  output   = "../generated"
}

"""
_ENUM = """\
enum Status%d {
  OPEN
  IN_PROGRESS @map("in_progress")
  CLOSED

  @@map("status_%d")
}

"""
# A model of 24 lines with a relation to the one before it and to one that has no other, documents, comments, native
# types, defaults, indexes and names of its own in the database.
_MODEL = """\
/// What account %(n)d has ordered.
/// Kept for ten years.
model Order%(n)d {
  id          BigInt      @id @default(autoincrement())
  reference   String      @unique @db.VarChar(40) // as printed
  title       String?
  amount      Decimal     @default(0) @db.Decimal(12, 2)
  status      Status%(e)d @default(OPEN)
  tags        String[]    @default([])
  data        Json?       @db.JsonB
  // when
  createdAt   DateTime    @default(now()) @map("created_at") @db.Timestamptz(3)
  updatedAt   DateTime    @updatedAt @map("updated_at") @db.Timestamptz(3)
  parentId    BigInt?     @map("parent_id")
  parent      Order%(p)d? @relation("parent_of_%(n)d", fields: [parentId], references: [id], onDelete: SetNull)
  children    Order%(c)d[] @relation("parent_of_%(c)d")
  approvedBy  String      @default(dbgenerated("gen_random_uuid()")) @map("approved_by") @db.Uuid

  @@unique([title, status])
  @@index([status, createdAt(sort: Desc)], map: "order_%(n)d_status_created_idx")
  @@index([parentId])
  @@map("order_%(n)d")
}

"""
_LINES = _MODEL.count("\n")


def schema(lines: int) -> str:
    """A valid schema of about `lines` lines; a circle of models, so that every relation has both of its sides."""
    count = max(2, (lines - _HEAD.count("\n")) // (_LINES + 1))
    parts = [_HEAD]
    for n in range(count):
        if n % 8 == 0:
            parts.append(_ENUM % (n, n))
        parts.append(_MODEL % {"n": n, "e": n - n % 8, "p": (n - 1) % count, "c": (n + 1) % count})
    return "".join(parts)


def loose(text: str) -> str:
    """The same schema as people type it: nothing stands below anything."""
    lines = [" " + " ".join(line.split()) if line.startswith("  ") else line for line in text.split("\n")]
    return "\n".join(lines)
