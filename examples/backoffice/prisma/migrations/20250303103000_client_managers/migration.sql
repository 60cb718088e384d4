CREATE TABLE "financial"."_ClientManagers" (
    "A" UUID NOT NULL,
    "B" UUID NOT NULL,

    CONSTRAINT "_ClientManagers_AB_pkey" PRIMARY KEY ("A","B")
);

CREATE INDEX "_ClientManagers_B_index" ON "financial"."_ClientManagers"("B");

ALTER TABLE "financial"."_ClientManagers" ADD CONSTRAINT "_ClientManagers_A_fkey" FOREIGN KEY ("A") REFERENCES "financial"."clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "financial"."_ClientManagers" ADD CONSTRAINT "_ClientManagers_B_fkey" FOREIGN KEY ("B") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
