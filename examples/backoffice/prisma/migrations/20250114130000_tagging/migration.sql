CREATE TYPE "tagging"."RecordKind" AS ENUM ('CLIENT', 'ACCOUNT', 'INVOICE', 'TRANSACTION', 'ORDER');

CREATE TABLE "tagging"."tags" (
    "id" UUID NOT NULL,
    "name" VARCHAR(60) NOT NULL,
    "color" VARCHAR(7) NOT NULL DEFAULT '#888888',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tags_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "tagging"."taggings" (
    "record_kind" "tagging"."RecordKind" NOT NULL,
    "record_id" UUID NOT NULL,
    "tag_id" UUID NOT NULL,
    "tagged_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "taggings_pkey" PRIMARY KEY ("record_kind","record_id","tag_id")
);

CREATE UNIQUE INDEX "tags_name_key" ON "tagging"."tags"("name");

CREATE INDEX "tags_created_at_idx" ON "tagging"."tags"("created_at", "id");

CREATE INDEX "taggings_tag_id_tagged_at_idx" ON "tagging"."taggings"("tag_id", "tagged_at", "record_kind", "record_id");

CREATE INDEX "taggings_tag_id_record_kind_tagged_at_idx" ON "tagging"."taggings"("tag_id", "record_kind", "tagged_at", "record_id");

ALTER TABLE "tagging"."taggings" ADD CONSTRAINT "taggings_tag_id_fkey" FOREIGN KEY ("tag_id") REFERENCES "tagging"."tags"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "tagging"."tags" ADD CONSTRAINT "tags_color_check" CHECK ("color" ~ '^#[0-9a-f]{6}$');
