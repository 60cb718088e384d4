-- ##### keys/another column [7]

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("n");

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- ##### keys/one column becomes two [7]

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id", "n");

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- ##### keys/two columns change places [7]

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("n", "id");

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id", "n");

-- ##### keys/a key is renamed [7]

-- AlterTable
ALTER TABLE "A" RENAME CONSTRAINT "A_pkey" TO "the_key";

-- ### and back

-- AlterTable
ALTER TABLE "A" RENAME CONSTRAINT "the_key" TO "A_pkey";

-- ##### keys/a key is renamed and changed [7]

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ADD CONSTRAINT "the_key" PRIMARY KEY ("id", "n");

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "the_key",
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- ##### keys/the type of a key changes safely [7]

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ALTER COLUMN "id" SET DATA TYPE BIGINT,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ALTER COLUMN "id" SET DATA TYPE INTEGER,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- ##### keys/the type of a key changes beyond casts [7]

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
DROP COLUMN "id",
ADD COLUMN     "id" UUID NOT NULL,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
DROP COLUMN "id",
ADD COLUMN     "id" INTEGER NOT NULL,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- ##### keys/the type of a key changes, and others refer to it [7]

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ALTER COLUMN "id" SET DATA TYPE TEXT,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "B" ALTER COLUMN "aId" SET DATA TYPE TEXT;

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ### and back

-- DropForeignKey
ALTER TABLE "B" DROP CONSTRAINT "B_aId_fkey";

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
DROP COLUMN "id",
ADD COLUMN     "id" INTEGER NOT NULL,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- AlterTable
ALTER TABLE "B" DROP COLUMN "aId",
ADD COLUMN     "aId" INTEGER NOT NULL;

-- AddForeignKey
ALTER TABLE "B" ADD CONSTRAINT "B_aId_fkey" FOREIGN KEY ("aId") REFERENCES "A"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ##### keys/a unique becomes the key [7]

-- AlterTable
ALTER TABLE "A" ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- DropIndex
DROP INDEX "A_id_key";

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey";

-- CreateIndex
CREATE UNIQUE INDEX "A_id_key" ON "A"("id");

-- ##### keys/two uniques, and one becomes the key [7]

-- DropIndex
DROP INDEX "A_c_key";

-- AlterTable
ALTER TABLE "A" ADD CONSTRAINT "A_pkey" PRIMARY KEY ("a", "b");

-- DropIndex
DROP INDEX "A_a_b_key";

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey";

-- CreateIndex
CREATE UNIQUE INDEX "A_c_key" ON "A"("c");

-- CreateIndex
CREATE UNIQUE INDEX "A_a_b_key" ON "A"("a", "b");

-- ##### keys/the same columns unique twice become the key [7]

-- AlterTable
ALTER TABLE "A" ADD CONSTRAINT "A_pkey" PRIMARY KEY ("a", "b");

-- DropIndex
DROP INDEX "two";

-- DropIndex
DROP INDEX "one";

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey";

-- CreateIndex
CREATE UNIQUE INDEX "one" ON "A"("a", "b");

-- CreateIndex
CREATE UNIQUE INDEX "two" ON "A"("a", "b");

-- ##### keys/a unique becomes the key in two tables [7]

-- AlterTable
ALTER TABLE "A" ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- DropIndex
DROP INDEX "A_id_key";

-- AlterTable
ALTER TABLE "B" DROP COLUMN "x",
ADD CONSTRAINT "B_pkey" PRIMARY KEY ("id");

-- DropIndex
DROP INDEX "B_id_key";

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey";

-- AlterTable
ALTER TABLE "B" DROP CONSTRAINT "B_pkey",
ADD COLUMN     "x" INTEGER NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "A_id_key" ON "A"("id");

-- CreateIndex
CREATE UNIQUE INDEX "B_id_key" ON "B"("id");

-- ##### keys/a unique becomes the key with another type [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "id" SET DATA TYPE TEXT,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- DropIndex
DROP INDEX "A_id_key";

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
DROP COLUMN "id",
ADD COLUMN     "id" INTEGER NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "A_id_key" ON "A"("id");

-- ##### keys/a unique becomes the key, its column is made anew [7]

-- DropIndex
DROP INDEX "A_id_key";

-- AlterTable
ALTER TABLE "A" DROP COLUMN "id",
ADD COLUMN     "id" INTEGER NOT NULL,
ADD CONSTRAINT "A_pkey" PRIMARY KEY ("id");

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP CONSTRAINT "A_pkey",
ALTER COLUMN "id" SET DATA TYPE TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "A_id_key" ON "A"("id");

