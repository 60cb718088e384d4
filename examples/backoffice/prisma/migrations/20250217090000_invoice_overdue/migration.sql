-- A new value cannot be used in the transaction that adds it, so its first use is a migration of its own.
ALTER TYPE "financial"."InvoiceStatus" ADD VALUE 'OVERDUE';
