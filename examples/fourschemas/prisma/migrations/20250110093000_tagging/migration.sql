CREATE TABLE "tagging"."tag" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "tag_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "tagging"."invoice_tag" (
    "invoice_id" INTEGER NOT NULL,
    "tag_id" INTEGER NOT NULL,

    CONSTRAINT "invoice_tag_pkey" PRIMARY KEY ("invoice_id","tag_id")
);

CREATE UNIQUE INDEX "tag_name_key" ON "tagging"."tag"("name");
CREATE INDEX "invoice_tag_tag_idx" ON "tagging"."invoice_tag"("tag_id", "invoice_id");

ALTER TABLE "tagging"."invoice_tag" ADD CONSTRAINT "invoice_tag_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "financial"."invoice"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "tagging"."invoice_tag" ADD CONSTRAINT "invoice_tag_tag_id_fkey" FOREIGN KEY ("tag_id") REFERENCES "tagging"."tag"("id") ON DELETE CASCADE ON UPDATE CASCADE;
