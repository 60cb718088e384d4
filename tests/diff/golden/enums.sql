-- ##### enums/an enum comes [7]

-- CreateEnum
CREATE TYPE "E" AS ENUM ('X', 'Y');

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "e" "E" NOT NULL DEFAULT 'X';

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "e";

-- DropEnum
DROP TYPE "E";

-- ##### enums/a value comes [7]

-- AlterEnum
ALTER TYPE "E" ADD VALUE 'Y';

-- ### and back

-- AlterEnum
BEGIN;
CREATE TYPE "E_new" AS ENUM ('X');
ALTER TABLE "A" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "e" TYPE "E_new" USING ("e"::text::"E_new");
ALTER TYPE "E" RENAME TO "E_old";
ALTER TYPE "E_new" RENAME TO "E";
DROP TYPE "E_old";
ALTER TABLE "A" ALTER COLUMN "e" SET DEFAULT 'X';
COMMIT;

-- ##### enums/several values come [7]

-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "E" ADD VALUE 'W';
ALTER TYPE "E" ADD VALUE 'Y';
ALTER TYPE "E" ADD VALUE 'Z';

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "e" SET DEFAULT 'Z';

-- ### and back

-- AlterEnum
BEGIN;
CREATE TYPE "E_new" AS ENUM ('X');
ALTER TABLE "A" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "e" TYPE "E_new" USING ("e"::text::"E_new");
ALTER TYPE "E" RENAME TO "E_old";
ALTER TYPE "E_new" RENAME TO "E";
DROP TYPE "E_old";
ALTER TABLE "A" ALTER COLUMN "e" SET DEFAULT 'X';
COMMIT;

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "e" SET DEFAULT 'X';

-- ##### enums/values change places [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### enums/a value is renamed in the client [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### enums/one value comes, one goes [7]

-- AlterEnum
BEGIN;
CREATE TYPE "E_new" AS ENUM ('X', 'Z');
ALTER TABLE "A" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "g" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "e" TYPE "E_new" USING ("e"::text::"E_new");
ALTER TABLE "A" ALTER COLUMN "f" TYPE "E_new" USING ("f"::text::"E_new");
ALTER TABLE "A" ALTER COLUMN "g" TYPE "E_new"[] USING ("g"::text::"E_new"[]);
ALTER TABLE "A" ALTER COLUMN "h" TYPE "E_new"[] USING ("h"::text::"E_new"[]);
ALTER TYPE "E" RENAME TO "E_old";
ALTER TYPE "E_new" RENAME TO "E";
DROP TYPE "E_old";
ALTER TABLE "A" ALTER COLUMN "e" SET DEFAULT 'X';
ALTER TABLE "A" ALTER COLUMN "g" SET DEFAULT ARRAY['X', 'Z']::"E"[];
COMMIT;

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "g" SET DEFAULT ARRAY['X', 'Z']::"E"[];

-- ### and back

-- AlterEnum
BEGIN;
CREATE TYPE "E_new" AS ENUM ('X', 'Y');
ALTER TABLE "A" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "g" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "e" TYPE "E_new" USING ("e"::text::"E_new");
ALTER TABLE "A" ALTER COLUMN "f" TYPE "E_new" USING ("f"::text::"E_new");
ALTER TABLE "A" ALTER COLUMN "g" TYPE "E_new"[] USING ("g"::text::"E_new"[]);
ALTER TABLE "A" ALTER COLUMN "h" TYPE "E_new"[] USING ("h"::text::"E_new"[]);
ALTER TYPE "E" RENAME TO "E_old";
ALTER TYPE "E_new" RENAME TO "E";
DROP TYPE "E_old";
ALTER TABLE "A" ALTER COLUMN "e" SET DEFAULT 'X';
ALTER TABLE "A" ALTER COLUMN "g" SET DEFAULT ARRAY['X', 'Y']::"E"[];
COMMIT;

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "g" SET DEFAULT ARRAY['X', 'Y']::"E"[];

-- ##### enums/a value goes, its default goes [7]

-- AlterEnum
BEGIN;
CREATE TYPE "E_new" AS ENUM ('Y');
ALTER TABLE "A" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "e" TYPE "E_new" USING ("e"::text::"E_new");
ALTER TYPE "E" RENAME TO "E_old";
ALTER TYPE "E_new" RENAME TO "E";
DROP TYPE "E_old";
COMMIT;

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "e" DROP DEFAULT;

-- ### and back

-- AlterEnum
ALTER TYPE "E" ADD VALUE 'X';

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "e" SET DEFAULT 'X';

-- ##### enums/a value goes, its default changes [7]

-- AlterEnum
BEGIN;
CREATE TYPE "E_new" AS ENUM ('Y');
ALTER TABLE "A" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "B" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "B" ALTER COLUMN "f" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "e" TYPE "E_new" USING ("e"::text::"E_new");
ALTER TABLE "B" ALTER COLUMN "f" TYPE "E_new" USING ("f"::text::"E_new");
ALTER TYPE "E" RENAME TO "E_old";
ALTER TYPE "E_new" RENAME TO "E";
DROP TYPE "E_old";
ALTER TABLE "A" ALTER COLUMN "e" SET DEFAULT 'Y';
ALTER TABLE "B" ALTER COLUMN "f" SET DEFAULT 'Y';
COMMIT;

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "e" SET DEFAULT 'Y';

-- AlterTable
ALTER TABLE "B" DROP COLUMN "e",
ALTER COLUMN "f" SET DEFAULT 'Y';

-- ### and back

-- AlterEnum
ALTER TYPE "E" ADD VALUE 'X';

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "e" SET DEFAULT 'X';

-- AlterTable
ALTER TABLE "B" ADD COLUMN     "e" "E" NOT NULL DEFAULT 'X',
ALTER COLUMN "f" SET DEFAULT 'X';

-- ##### enums/a value goes, and a table with it [7]

-- AlterEnum
BEGIN;
CREATE TYPE "E_new" AS ENUM ('Y');
ALTER TABLE "A" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "B" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "B" ALTER COLUMN "e" TYPE "E_new" USING ("e"::text::"E_new");
ALTER TYPE "E" RENAME TO "E_old";
ALTER TYPE "E_new" RENAME TO "E";
DROP TYPE "E_old";
ALTER TABLE "B" ALTER COLUMN "e" SET DEFAULT 'Y';
COMMIT;

-- AlterTable
ALTER TABLE "B" ALTER COLUMN "e" SET DEFAULT 'Y';

-- DropTable
DROP TABLE "A";

-- ### and back

-- AlterEnum
ALTER TYPE "E" ADD VALUE 'X';

-- AlterTable
ALTER TABLE "B" ALTER COLUMN "e" SET DEFAULT 'X';

-- CreateTable
CREATE TABLE "A" (
    "id" INTEGER NOT NULL,
    "e" "E" NOT NULL DEFAULT 'X',

    CONSTRAINT "A_pkey" PRIMARY KEY ("id")
);

-- ##### enums/a value goes, a column comes [7]

-- AlterEnum
BEGIN;
CREATE TYPE "E_new" AS ENUM ('X');
ALTER TABLE "A" ALTER COLUMN "e" TYPE "E_new" USING ("e"::text::"E_new");
ALTER TABLE "A" ALTER COLUMN "f" TYPE "E_new" USING ("f"::text::"E_new");
ALTER TABLE "B" ALTER COLUMN "e" TYPE "E_new" USING ("e"::text::"E_new");
ALTER TYPE "E" RENAME TO "E_old";
ALTER TYPE "E_new" RENAME TO "E";
DROP TYPE "E_old";
COMMIT;

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "f" "E" NOT NULL DEFAULT 'X';

-- CreateTable
CREATE TABLE "B" (
    "id" INTEGER NOT NULL,
    "e" "E" NOT NULL DEFAULT 'X',

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

-- ### and back

-- AlterEnum
ALTER TYPE "E" ADD VALUE 'Y';

-- AlterTable
ALTER TABLE "A" DROP COLUMN "f";

-- DropTable
DROP TABLE "B";

-- ##### enums/a value goes, nullability changes [7]

-- AlterEnum
BEGIN;
CREATE TYPE "E_new" AS ENUM ('X');
ALTER TABLE "A" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "e" TYPE "E_new" USING ("e"::text::"E_new");
ALTER TYPE "E" RENAME TO "E_old";
ALTER TYPE "E_new" RENAME TO "E";
DROP TYPE "E_old";
ALTER TABLE "A" ALTER COLUMN "e" SET DEFAULT 'X';
COMMIT;

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "e" SET NOT NULL;

-- ### and back

-- AlterEnum
ALTER TYPE "E" ADD VALUE 'Y';

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "e" DROP NOT NULL;

-- ##### enums/an enum goes, its column becomes text [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "e",
ADD COLUMN     "e" TEXT NOT NULL DEFAULT 'X';

-- DropEnum
DROP TYPE "E";

-- ### and back

-- CreateEnum
CREATE TYPE "E" AS ENUM ('X');

-- AlterTable
ALTER TABLE "A" DROP COLUMN "e",
ADD COLUMN     "e" "E" NOT NULL DEFAULT 'X';

-- ##### enums/another enum [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "e",
ADD COLUMN     "e" "F" NOT NULL DEFAULT 'X';

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "e",
ADD COLUMN     "e" "E" NOT NULL DEFAULT 'X';

-- ##### enums/an enum gets another name [7]

-- CreateEnum
CREATE TYPE "kinds" AS ENUM ('X');

-- AlterTable
ALTER TABLE "A" DROP COLUMN "e",
ADD COLUMN     "e" "kinds" NOT NULL DEFAULT 'X';

-- DropEnum
DROP TYPE "E";

-- ### and back

-- CreateEnum
CREATE TYPE "E" AS ENUM ('X');

-- AlterTable
ALTER TABLE "A" DROP COLUMN "e",
ADD COLUMN     "e" "E" NOT NULL DEFAULT 'X';

-- DropEnum
DROP TYPE "kinds";

-- ##### enums/a scalar becomes a list [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "e" SET DATA TYPE "E"[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "e" SET NOT NULL,
ALTER COLUMN "e" SET DATA TYPE "E";

-- ##### enums/a table is called as an enum was [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "e";

-- DropEnum
DROP TYPE "E";

-- CreateTable
CREATE TABLE "E" (
    "id" INTEGER NOT NULL,

    CONSTRAINT "E_pkey" PRIMARY KEY ("id")
);

-- ### and back

-- CreateEnum
CREATE TYPE "E" AS ENUM ('X');

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "e" "E" NOT NULL;

-- DropTable
DROP TABLE "E";

-- ##### enums/several enums change [7]

-- AlterEnum
BEGIN;
CREATE TYPE "F_new" AS ENUM ('X', 'Z');
ALTER TABLE "A" ALTER COLUMN "f" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "f" TYPE "F_new" USING ("f"::text::"F_new");
ALTER TYPE "F" RENAME TO "F_old";
ALTER TYPE "F_new" RENAME TO "F";
DROP TYPE "F_old";
ALTER TABLE "A" ALTER COLUMN "f" SET DEFAULT 'X';
COMMIT;

-- AlterEnum
BEGIN;
CREATE TYPE "E_new" AS ENUM ('X');
ALTER TABLE "A" ALTER COLUMN "e" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "e" TYPE "E_new" USING ("e"::text::"E_new");
ALTER TYPE "E" RENAME TO "E_old";
ALTER TYPE "E_new" RENAME TO "E";
DROP TYPE "E_old";
ALTER TABLE "A" ALTER COLUMN "e" SET DEFAULT 'X';
COMMIT;

-- ### and back

-- AlterEnum
ALTER TYPE "E" ADD VALUE 'Y';

-- AlterEnum
BEGIN;
CREATE TYPE "F_new" AS ENUM ('X', 'Y');
ALTER TABLE "A" ALTER COLUMN "f" DROP DEFAULT;
ALTER TABLE "A" ALTER COLUMN "f" TYPE "F_new" USING ("f"::text::"F_new");
ALTER TYPE "F" RENAME TO "F_old";
ALTER TYPE "F_new" RENAME TO "F";
DROP TYPE "F_old";
ALTER TABLE "A" ALTER COLUMN "f" SET DEFAULT 'X';
COMMIT;

