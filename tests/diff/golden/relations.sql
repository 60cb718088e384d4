-- ##### relations/a foreign key comes [7]

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- ##### relations/a foreign key is renamed [7]

-- RenameForeignKey
ALTER TABLE "B" RENAME CONSTRAINT "B_aId_fkey" TO "b_to_a";

-- ### and back

-- RenameForeignKey
ALTER TABLE "B" RENAME CONSTRAINT "b_to_a" TO "B_aId_fkey";

-- ##### relations/its actions change [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

-- ### and back

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- ##### relations/its column becomes required [7]

-- AlterTable
ALTER TABLE "B" ALTER COLUMN "aId" SET NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "B" ALTER COLUMN "aId" DROP NOT NULL;

-- ##### relations/its column gets another type [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ALTER COLUMN "id" SET DATA TYPE BIGINT,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "B" ALTER COLUMN "aId" SET DATA TYPE BIGINT;

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ALTER COLUMN "id" SET DATA TYPE INTEGER,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "B" ALTER COLUMN "aId" SET DATA TYPE INTEGER;

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### relations/it refers to another column [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("n") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### relations/it refers to another table [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "C"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### relations/two columns [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_x_y_fkey";

-- AlterTable
ALTER TABLE "B" ADD COLUMN     "z" INTEGER NOT NULL;

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_z_y_fkey" FOREIGN KEY ("z", "y") REFERENCES "A"("x", "y") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_z_y_fkey";

-- AlterTable
ALTER TABLE "B" DROP COLUMN "z";

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_x_y_fkey" FOREIGN KEY ("x", "y") REFERENCES "A"("x", "y") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### relations/to itself [7]

-- AddForeignKey
ALTER TABLE "A" ADD CONSTRAINT "A_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "A"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "A" DROP CONSTRAINT "A_parentId_fkey";

-- ##### relations/twice the same [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### relations/many to many comes [7]

-- CreateTable
CREATE TABLE "_AToB" (
    "A" INTEGER NOT NULL,
    "B" TEXT NOT NULL,

    CONSTRAINT "_AToB_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE INDEX "_AToB_B_index" ON "_AToB"("B");

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_A_fkey" FOREIGN KEY ("A") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_B_fkey" FOREIGN KEY ("B") REFERENCES "B"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_A_fkey";

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_B_fkey";

-- DropTable
DROP TABLE "_AToB";

-- ##### relations/many to many is renamed [7]

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_A_fkey";

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_B_fkey";

-- DropTable
DROP TABLE "_AToB";

-- CreateTable
CREATE TABLE "_links" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_links_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE INDEX "_links_B_index" ON "_links"("B");

-- AddForeignKey
ALTER TABLE "_links" ADD CONSTRAINT "_links_A_fkey" FOREIGN KEY ("A") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_links" ADD CONSTRAINT "_links_B_fkey" FOREIGN KEY ("B") REFERENCES "B"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "_links" DROP CONSTRAINT "_links_A_fkey";

-- DropForeignKey
ALTER TABLE "_links" DROP CONSTRAINT "_links_B_fkey";

-- DropTable
DROP TABLE "_links";

-- CreateTable
CREATE TABLE "_AToB" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_AToB_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE INDEX "_AToB_B_index" ON "_AToB"("B");

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_A_fkey" FOREIGN KEY ("A") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_B_fkey" FOREIGN KEY ("B") REFERENCES "B"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ##### relations/a key of many to many gets another type [7]

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_A_fkey";

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_B_fkey";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ALTER COLUMN "id" SET DATA TYPE BIGINT,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "B" DROP CONSTRAINT "B_pkey",
ALTER COLUMN "id" SET DATA TYPE TEXT,
ADD CONSTRAINT "B_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_AB_pkey",
ALTER COLUMN "A" SET DATA TYPE BIGINT,
ALTER COLUMN "B" SET DATA TYPE TEXT,
ADD CONSTRAINT "_AToB_AB_pkey" PRIMARY KEY ("A", "B");

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_A_fkey" FOREIGN KEY ("A") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_B_fkey" FOREIGN KEY ("B") REFERENCES "B"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_A_fkey";

-- DropForeignKey
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_B_fkey";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ALTER COLUMN "id" SET DATA TYPE INTEGER,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "B" DROP CONSTRAINT "B_pkey",
DROP COLUMN "id",
ADD COLUMN     "id" INTEGER NOT NULL,
ADD CONSTRAINT "B_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "_AToB" DROP CONSTRAINT "_AToB_AB_pkey",
ALTER COLUMN "A" SET DATA TYPE INTEGER,
DROP COLUMN "B",
ADD COLUMN     "B" INTEGER NOT NULL,
ADD CONSTRAINT "_AToB_AB_pkey" PRIMARY KEY ("A", "B");

-- CreateIndex
CREATE INDEX "_AToB_B_index" ON "_AToB"("B");

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_A_fkey" FOREIGN KEY ("A") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_AToB" ADD CONSTRAINT "_AToB_B_fkey" FOREIGN KEY ("B") REFERENCES "B"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ##### relations/many to many becomes a model [7]

-- AlterTable
ALTER TABLE "_AToB" RENAME CONSTRAINT "_AToB_AB_pkey" TO "_AToB_pkey";

-- RenameIndex
ALTER INDEX "_AToB_B_index" RENAME TO "_AToB_B_idx";

-- ### and back

-- AlterTable
ALTER TABLE "_AToB" RENAME CONSTRAINT "_AToB_pkey" TO "_AToB_AB_pkey";

-- RenameIndex
ALTER INDEX "_AToB_B_idx" RENAME TO "_AToB_B_index";

-- ##### relations/no foreign keys any more [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- DropForeignKey
ALTER TABLE "_AToC" DROP CONSTRAINT "_AToC_A_fkey";

-- DropForeignKey
ALTER TABLE "_AToC" DROP CONSTRAINT "_AToC_B_fkey";

-- CreateIndex
CREATE INDEX "B_aId_idx" ON "B"("aId");

-- ### and back

-- DropIndex
DROP INDEX "B_aId_idx";

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_AToC" ADD CONSTRAINT "_AToC_A_fkey" FOREIGN KEY ("A") REFERENCES "A"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_AToC" ADD CONSTRAINT "_AToC_B_fkey" FOREIGN KEY ("B") REFERENCES "C"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ##### relations/a table that others refer to goes [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- DropTable
DROP TABLE "A";

-- ### and back

-- CreateTable
CREATE TABLE "A" (
    "id" INTEGER NOT NULL,

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

