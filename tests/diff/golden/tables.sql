-- ##### tables/a model comes [7]

-- CreateTable
CREATE TABLE "B" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "B_name_key" ON "B"("name");

-- CreateIndex
CREATE INDEX "B_at_idx" ON "B"("at" DESC);

-- ### and back

-- DropTable
DROP TABLE "B";

-- ##### tables/two models come, one refers to the other [7]

-- CreateTable
CREATE TABLE "Post" (
    "id" INTEGER NOT NULL,
    "userId" INTEGER NOT NULL,

    CONSTRAINT "Post_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "User" (
    "id" INTEGER NOT NULL,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "Post" ADD CONSTRAINT "Post_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "Post" DROP CONSTRAINT "Post_userId_fkey";

-- DropTable
DROP TABLE "Post";

-- DropTable
DROP TABLE "User";

-- ##### tables/a mapped name changes [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AlterTable
ALTER TABLE "B" DROP COLUMN "aId",
ADD COLUMN     "account_id" INTEGER NOT NULL;

-- DropTable
DROP TABLE "A";

-- CreateTable
CREATE TABLE "accounts" (
    "id" INTEGER NOT NULL,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_account_id_fkey";

-- AlterTable
ALTER TABLE "B" DROP COLUMN "account_id",
ADD COLUMN     "aId" INTEGER NOT NULL;

-- DropTable
DROP TABLE "accounts";

-- CreateTable
CREATE TABLE "A" (
    "id" INTEGER NOT NULL,

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### tables/a model is mapped to what it was called [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### tables/models change places [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "y" INTEGER;

-- AlterTable
ALTER TABLE "B" ADD COLUMN     "x" INTEGER;

-- ### and back

-- AlterTable
ALTER TABLE "B" DROP COLUMN "x";

-- AlterTable
ALTER TABLE "A" DROP COLUMN "y";

-- ##### tables/a table with quotes and blanks [7]

-- AlterTable
ALTER TABLE "my table" ADD COLUMN     "größe" INTEGER,
ALTER COLUMN "the number" SET DATA TYPE TEXT;

-- ### and back

-- AlterTable
ALTER TABLE "my table" DROP COLUMN "größe",
DROP COLUMN "the number",
ADD COLUMN     "the number" INTEGER NOT NULL;

-- ##### tables/a model becomes a view [7]

-- DropTable
DROP TABLE "A";

-- ### and back

-- CreateTable
CREATE TABLE "A" (
    "id" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- ##### tables/a model is ignored [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### tables/tables in a ring [7]

-- DropForeignKey
ALTER TABLE "A" DROP CONSTRAINT "A_bId_fkey";

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- DropTable
DROP TABLE "A";

-- DropTable
DROP TABLE "B";

-- CreateTable
CREATE TABLE "C" (
    "id" INTEGER NOT NULL,

    CONSTRAINT "C_pkey" PRIMARY KEY ("id")
);

-- ### and back

-- DropTable
DROP TABLE "C";

-- CreateTable
CREATE TABLE "A" (
    "id" INTEGER NOT NULL,
    "bId" INTEGER,

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "B" (
    "id" INTEGER NOT NULL,
    "aId" INTEGER,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "A" ADD CONSTRAINT "A_bId_fkey" FOREIGN KEY ("bId") REFERENCES "B"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE SET NULL ON UPDATE CASCADE;

