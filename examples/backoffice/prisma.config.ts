import { defineConfig, env } from "prisma/config";

export default defineConfig({
  schema: "prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: env("DATABASE_URL") },
  // The job queue's own, made by its migration: no drift, and nothing that `migrate dev` would drop.
  experimental: { externalTables: true },
  tables: {
    external: [
      "public.procrastinate_events",
      "public.procrastinate_jobs",
      "public.procrastinate_periodic_defers",
      "public.procrastinate_workers",
    ],
  },
  enums: {
    external: ["public.procrastinate_job_event_type", "public.procrastinate_job_status"],
  },
});
