-- ##### fields/x Int → x Int? [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL;

-- ##### fields/x Int → x Int[] [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER[];

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER NOT NULL;

-- ##### fields/x Int? → x Int[] [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER[];

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER;

-- ##### fields/x String → x String[] [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" TEXT[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ##### fields/x String? → x String[] [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" TEXT[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ##### fields/x String[] → x String [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" TEXT[];

-- ##### fields/x String[] → x String? [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" TEXT[];

-- ##### fields/x Int[] → x String? [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER[];

-- ##### fields/x Int[] → x String @db.VarChar [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DATA TYPE VARCHAR;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER[];

-- ##### fields/x Int[] → x String @db.VarChar(10) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DATA TYPE VARCHAR(10);

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER[];

-- ##### fields/x Int[] → x String @db.Char(10) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DATA TYPE CHAR(10);

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER[];

-- ##### fields/x Int[] → x BigInt[] [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE BIGINT[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE INTEGER[];

-- ##### fields/x Int? → x Int @default(1) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DEFAULT 1;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" DROP DEFAULT;

-- ##### fields/x Int? @default(1) → x Int [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" DROP DEFAULT;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" SET DEFAULT 1;

-- ##### fields/nothing → x Int [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" INTEGER NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x Int? [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" INTEGER;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x Int[] [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" INTEGER[];

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x Int @default(5) [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" INTEGER NOT NULL DEFAULT 5;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x Int @default(autoincrement()) [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" SERIAL NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x BigInt @default(autoincrement()) [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" BIGSERIAL NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x Int @default(autoincrement()) @db.SmallInt [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" SMALLSERIAL NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x String @default(uuid()) [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" TEXT NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x String @default(cuid()) [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" TEXT NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x String @default(nanoid()) [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" TEXT NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x String @default(ulid()) [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" TEXT NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x DateTime @updatedAt [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" TIMESTAMP(3) NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x DateTime @default(now()) [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x String @default(dbgenerated("gen_random_uuid()")) @db.Uuid [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" UUID NOT NULL DEFAULT gen_random_uuid();

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x Int @default(dbgenerated()) [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" INTEGER NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x Unsupported("point")? [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" point;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → x Unsupported("tsvector")[] [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" tsvector[];

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x";

-- ##### fields/nothing → z Int; y Int; x Int [7]

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "x" INTEGER NOT NULL,
ADD COLUMN     "y" INTEGER NOT NULL,
ADD COLUMN     "z" INTEGER NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
DROP COLUMN "y",
DROP COLUMN "z";

-- ##### fields/z Int; y Int; x Int → z String; y Int?; x BigInt [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "z" SET DATA TYPE TEXT,
ALTER COLUMN "y" DROP NOT NULL,
ALTER COLUMN "x" SET DATA TYPE BIGINT;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "z",
ADD COLUMN     "z" INTEGER NOT NULL,
ALTER COLUMN "y" SET NOT NULL,
ALTER COLUMN "x" SET DATA TYPE INTEGER;

-- ##### fields/x Int → x Int @map("y") [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "y" INTEGER NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "y",
ADD COLUMN     "x" INTEGER NOT NULL;

-- ##### fields/x Int → y Int [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "y" INTEGER NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "y",
ADD COLUMN     "x" INTEGER NOT NULL;

-- ##### fields/x Int; y Int → y Int; x Int [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x Int → x Int @default(1) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 1;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;

-- ##### fields/x Int @default(1) → x Int @default(2) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 2;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 1;

-- ##### fields/x Int @default(-1) → x BigInt @default(-1) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE BIGINT;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE INTEGER;

-- ##### fields/x Float @default(1) → x Float @default(1.0) [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x Float @default(1.5) → x Float @default(-1.5) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT -1.5;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 1.5;

-- ##### fields/x Decimal @default(1.50) → x Decimal @default(1.5) [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x Decimal @default(1.50) → x Decimal @default(12345678901234567890.123456789) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 12345678901234567890.123456789;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 1.50;

-- ##### fields/x String @default("a") → x String @default("it's") [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 'it''s';

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 'a';

-- ##### fields/x String @default("") → x String @default("\\ \"q\" \n") [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT '\ "q" 
';

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT '';

-- ##### fields/x String @default("a") → x String @default(dbgenerated("a()")) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT a();

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 'a';

-- ##### fields/x String @default(dbgenerated("a()")) → x String @default(dbgenerated("A()")) [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x String @default(dbgenerated("a()")) → x String @default(dbgenerated("b()")) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT b();

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT a();

-- ##### fields/x String @default(dbgenerated("a()")) → x String @default(dbgenerated()) [7]

-- This is an empty migration.

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT a();

-- ##### fields/x String @default(dbgenerated()) → x String [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;

-- ### and back

-- This is an empty migration.

-- ##### fields/x String @default(uuid()) → x String [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x String @default("a") → x String @default(uuid()) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 'a';

-- ##### fields/x Boolean @default(true) → x Boolean @default(false) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT false;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT true;

-- ##### fields/x DateTime → x DateTime @default(now()) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT CURRENT_TIMESTAMP;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;

-- ##### fields/x DateTime @default(now()) → x DateTime @default("2024-02-29T01:02:03.5+01:00") [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x DateTime → x DateTime @default("2024-02-29T01:02:03.123456Z") [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT '2024-02-29 01:02:03.123456 +00:00';

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;

-- ##### fields/x DateTime @default("2024-02-29T00:00:00Z") → x DateTime @default("2025-02-28T00:00:00Z") [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x DateTime @default(now()) → x DateTime @default(dbgenerated("clock_timestamp()")) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT clock_timestamp();

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT CURRENT_TIMESTAMP;

-- ##### fields/x Json @default("{}") → x Json @default("{ }") [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x Json @default("{}") → x Json @default("[1]") [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT '[1]';

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT '{}';

-- ##### fields/x Json @default("[1]") → x Json @default("[1.0]") [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT '[1.0]';

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT '[1]';

-- ##### fields/x Json @default("{\"a\": 1, \"b\": 2}") → x Json @default("{\"b\": 2, \"a\": 1}") [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x Bytes @default("aGVsbG8=") → x Bytes @default("") [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT '\x';

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT '\x68656c6c6f';

-- ##### fields/x String[] @default(["a"]) → x String[] @default(["a", "it's"]) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY['a', 'it''s']::TEXT[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY['a']::TEXT[];

-- ##### fields/x String[] → x String[] @default([]) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY[]::TEXT[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;

-- ##### fields/x Int[] @default([1, 2]) → x Int[] @default([2, 1]) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY[2, 1]::INTEGER[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY[1, 2]::INTEGER[];

-- ##### fields/x Int[] @default([1, 2]) → x BigInt[] @default([1, 2]) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY[1, 2]::BIGINT[],
ALTER COLUMN "x" SET DATA TYPE BIGINT[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY[1, 2]::INTEGER[],
ALTER COLUMN "x" SET DATA TYPE INTEGER[];

-- ##### fields/x DateTime[] @default(["2024-02-29T01:02:03Z"]) → x DateTime[] @default(["2025-02-28T01:02:03Z"]) [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x DateTime[] @default(["2024-02-29T01:02:03Z"]) → x DateTime[] @default(dbgenerated("a()")) [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x Json[] @default(["{}"]) → x Json[] @default(["{ }"]) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY['{ }']::JSONB[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY['{}']::JSONB[];

-- ##### fields/x Bytes[] @default(["aGVsbG8="]) → x Bytes[] @default(["aGVs"]) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY['\x68656c']::BYTEA[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY['\x68656c6c6f']::BYTEA[];

-- ##### fields/x Float[] @default([1.5, 10]) → x Decimal[] @default([1.5, 10]) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE DECIMAL(65,30)[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE DOUBLE PRECISION[];

-- ##### fields/x Boolean[] @default([true]) → x Boolean[] @default([true, false]) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY[true, false]::BOOLEAN[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY[true]::BOOLEAN[];

-- ##### fields/x Int → x Int @default(autoincrement()) [7]

-- AlterTable
CREATE SEQUENCE a_x_seq;
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT nextval('a_x_seq');
ALTER SEQUENCE a_x_seq OWNED BY "A"."x";

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;
DROP SEQUENCE "A_x_seq";

-- ##### fields/x Int @default(5) → x Int @default(autoincrement()) [7]

-- AlterTable
CREATE SEQUENCE a_x_seq;
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT nextval('a_x_seq');
ALTER SEQUENCE a_x_seq OWNED BY "A"."x";

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 5,
ALTER COLUMN "x" DROP DEFAULT;
DROP SEQUENCE "A_x_seq";

-- ##### fields/x Int @default(autoincrement()) → x BigInt @default(autoincrement()) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE BIGSERIAL;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE SERIAL;

-- ##### fields/x Int @default(autoincrement()) → x String [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT,
ALTER COLUMN "x" SET DATA TYPE TEXT;
DROP SEQUENCE "A_x_seq";

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" SERIAL NOT NULL;

-- ##### fields/x Int @default(autoincrement()) → x BigInt [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT,
ALTER COLUMN "x" SET DATA TYPE BIGINT;
DROP SEQUENCE "A_x_seq";

-- ### and back

-- AlterTable
CREATE SEQUENCE a_x_seq;
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT nextval('a_x_seq'),
ALTER COLUMN "x" SET DATA TYPE SERIAL;
ALTER SEQUENCE a_x_seq OWNED BY "A"."x";

-- ##### fields/x Int; y Int @default(autoincrement()) → x Int @default(autoincrement()); y Int [7]

-- AlterTable
CREATE SEQUENCE a_x_seq;
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT nextval('a_x_seq'),
ALTER COLUMN "y" DROP DEFAULT;
ALTER SEQUENCE a_x_seq OWNED BY "A"."x";

-- ### and back

-- AlterTable
CREATE SEQUENCE a_y_seq;
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT,
ALTER COLUMN "y" SET DEFAULT nextval('a_y_seq');
ALTER SEQUENCE a_y_seq OWNED BY "A"."y";

-- ##### fields/x Int @map("the X") → x Int @map("the X") @default(autoincrement()) [7]

-- AlterTable
CREATE SEQUENCE "a_the x_seq";
ALTER TABLE "A" ALTER COLUMN "the X" SET DEFAULT nextval('"a_the x_seq"');
ALTER SEQUENCE "a_the x_seq" OWNED BY "A"."the X";

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "the X" DROP DEFAULT;
DROP SEQUENCE "A_the X_seq";

-- ##### fields/x Int? → x Int @default(autoincrement()) [7]

-- AlterTable
CREATE SEQUENCE a_x_seq;
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DEFAULT nextval('a_x_seq');
ALTER SEQUENCE a_x_seq OWNED BY "A"."x";

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" DROP DEFAULT;
DROP SEQUENCE "A_x_seq";

-- ##### fields/x Int? → x BigInt @default(7) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DEFAULT 7,
ALTER COLUMN "x" SET DATA TYPE BIGINT;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" DROP DEFAULT,
ALTER COLUMN "x" SET DATA TYPE INTEGER;

-- ##### fields/x String? @db.VarChar(10) @default("a") → x String @db.VarChar(5) @default("b") [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DEFAULT 'b',
ALTER COLUMN "x" SET DATA TYPE VARCHAR(5);

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" SET DEFAULT 'a',
ALTER COLUMN "x" SET DATA TYPE VARCHAR(10);

-- ##### fields/x Int @default(5) → x String @default("5") [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT '5',
ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER NOT NULL DEFAULT 5;

-- ##### fields/x String → x Int [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ##### fields/x String? → x Int [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ##### fields/x String → x Int? [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ##### fields/x String → x Int @default(1) [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER NOT NULL DEFAULT 1;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT,
ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ##### fields/x Unsupported("point") → x Unsupported("circle") [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x Unsupported("point") → x Unsupported("point")? [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL;

-- ##### fields/x Unsupported("point") → x String [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE point;

-- ##### fields/x Unsupported("geometry(Point, 4326)")? → x Unsupported("geometry(Point, 4326)")? @default(dbgenerated("a()")) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT a();

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;

-- ##### fields/x Unsupported("point") → x Unsupported("point")[] [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" point[];

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" point NOT NULL;

-- ##### fields/x Int; y Int → x Int?; y Int? [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "y" DROP NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "y" SET NOT NULL;

-- ##### fields/x Int?; y String? → x Int; y Int [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
DROP COLUMN "y",
ADD COLUMN     "y" INTEGER NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "y" DROP NOT NULL,
ALTER COLUMN "y" SET DATA TYPE TEXT;

-- ##### fields/a Int; b Int; c Int → c Int; d Int; a BigInt [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "b",
ADD COLUMN     "d" INTEGER NOT NULL,
ALTER COLUMN "a" SET DATA TYPE BIGINT;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "d",
ADD COLUMN     "b" INTEGER NOT NULL,
ALTER COLUMN "a" SET DATA TYPE INTEGER;

-- ##### fields/x Int; y Int → x Int @default(1); z Int @default(2) [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "y",
ADD COLUMN     "z" INTEGER NOT NULL DEFAULT 2,
ALTER COLUMN "x" SET DEFAULT 1;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "z",
ADD COLUMN     "y" INTEGER NOT NULL,
ALTER COLUMN "x" DROP DEFAULT;

-- ##### fields/x Int @unique; y Int → x Int; y Int @unique [7]

-- DropIndex
DROP INDEX "A_x_key";

-- CreateIndex
CREATE UNIQUE INDEX "A_y_key" ON "A"("y");

-- ### and back

-- DropIndex
DROP INDEX "A_y_key";

-- CreateIndex
CREATE UNIQUE INDEX "A_x_key" ON "A"("x");

-- ##### fields/x Int @unique → x BigInt @unique [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE BIGINT;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE INTEGER;

-- ##### fields/x Int @unique → x String @unique [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "A_x_key" ON "A"("x");

-- ##### fields/x Int? @unique → x Int @unique [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL;

-- ##### fields/x Int; y Int; @@index([x, y]) → x Int; y String; @@index([x, y]) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "y" SET DATA TYPE TEXT;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "y",
ADD COLUMN     "y" INTEGER NOT NULL;

-- CreateIndex
CREATE INDEX "A_x_y_idx" ON "A"("x", "y");

-- ##### fields/x Int; y Int; @@unique([x, y]) → x Int?; @@unique([x]) [7]

-- DropIndex
DROP INDEX "A_x_y_key";

-- AlterTable
ALTER TABLE "A" DROP COLUMN "y",
ALTER COLUMN "x" DROP NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "A_x_key" ON "A"("x");

-- ### and back

-- DropIndex
DROP INDEX "A_x_key";

-- AlterTable
ALTER TABLE "A" ADD COLUMN     "y" INTEGER NOT NULL,
ALTER COLUMN "x" SET NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "A_x_y_key" ON "A"("x", "y");

-- ##### fields/x Int[] → x Int[] @default([]) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY[]::INTEGER[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;

-- ##### fields/x Int[] @default([]) → x Int[] @default([1]) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY[1]::INTEGER[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY[]::INTEGER[];

-- ##### fields/x String[] @default(["a"]) → x Int[] [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY['a']::TEXT[],
ALTER COLUMN "x" SET DATA TYPE TEXT[];

-- ##### fields/x E[] → x E[] @default([X]) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT ARRAY['X']::"E"[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;

-- ##### fields/x E[] @default([X]) → x String[] [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" TEXT[];

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" "E"[] DEFAULT ARRAY['X']::"E"[];

-- ##### fields/x E[] → x E? [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" SET DATA TYPE "E";

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE "E"[];

-- ##### fields/x E? → x E @default(X) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DEFAULT 'X';

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" DROP DEFAULT;

-- ##### fields/x E @default(X) → x E [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 'X';

-- ##### fields/x E @default(X) → x String @default("X") [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" TEXT NOT NULL DEFAULT 'X';

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" "E" NOT NULL DEFAULT 'X';

-- ##### fields/x String[] → x String[] @db.VarChar(10) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE VARCHAR(10)[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE TEXT[];

-- ##### fields/x String[] @db.VarChar(10) → x String[] @db.VarChar(5) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE VARCHAR(5)[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE VARCHAR(10)[];

-- ##### fields/x Decimal[] @db.Decimal(10, 2) → x Decimal[] @db.Decimal(8, 1) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE DECIMAL(8,1)[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE DECIMAL(10,2)[];

-- ##### fields/x DateTime[] → x DateTime[] @db.Timestamptz(3) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE TIMESTAMPTZ(3)[];

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE TIMESTAMP(3)[];

-- ##### fields/x Json[] → x String[] [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE TEXT[];

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" JSONB[];

-- ##### fields/x String @default(dbgenerated("a()")) → x String @default("a") [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 'a';

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT a();

-- ##### fields/x Int @default(dbgenerated("(1 + 1)")) → x Int @default(2) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 2;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT (1 + 1);

-- ##### fields/x DateTime @default(dbgenerated("a()")) → x DateTime @default(now()) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT CURRENT_TIMESTAMP;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT a();

-- ##### fields/x String? @default(dbgenerated("a()")) → x String @default(dbgenerated("a()")) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL;

-- ##### fields/x E @default(dbgenerated("a()")) → x E @default(X) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 'X';

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT a();

-- ##### fields/x Bytes @default(dbgenerated("a()")) → x Bytes [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT a();

-- ##### fields/x String @default(uuid(7)) → x String @default(cuid(2)) [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x String @default("a") @db.Char(1) → x String @default("a") @db.VarChar [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE VARCHAR;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE CHAR(1);

-- ##### fields/x String @default("10") @db.Bit(2) → x String @default("10") @db.VarBit(4) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE VARBIT(4);

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE BIT(2);

-- ##### fields/x String @default("a") → x String? @default("a") [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL;

-- ##### fields/x Int @default(1) → x String @default("1") [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT '1',
ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" INTEGER NOT NULL DEFAULT 1;

-- ##### fields/x Int @default(1) → x BigInt @default(1) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE BIGINT;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE INTEGER;

-- ##### fields/x BigInt @default(9223372036854775807) → x BigInt @default(-9223372036854775808) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT -9223372036854775808;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 9223372036854775807;

-- ##### fields/x Decimal @default(1) → x Float @default(1) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE DOUBLE PRECISION;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE DECIMAL(65,30);

-- ##### fields/x Decimal @default(0.0000001) → x Decimal @default(-0.0) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 0.0;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 0.0000001;

-- ##### fields/x Float @default(3) → x Int @default(3) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 3,
ALTER COLUMN "x" SET DATA TYPE INTEGER;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 3,
ALTER COLUMN "x" SET DATA TYPE DOUBLE PRECISION;

-- ##### fields/x Boolean? → x Boolean @default(false) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DEFAULT false;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" DROP DEFAULT;

-- ##### fields/x DateTime @default("2024-02-29T00:00:00Z") @db.Date → x DateTime @default(now()) @db.Date [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x DateTime @default(now()) @db.Time(0) → x DateTime @default(now()) @db.Timetz(0) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE TIMETZ(0);

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE TIME(0);

-- ##### fields/x Json @default("{}") → x Json @default("{}") @db.Json [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE JSON;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE JSONB;

-- ##### fields/x Json @default("\"it's\"") → x Json @default("null") [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 'null';

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT '"it''s"';

-- ##### fields/x Bytes @default("") → x Bytes? [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" DROP DEFAULT;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DEFAULT '\x';

-- ##### fields/x String @default("é日😀") → x String @default("e") [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 'e';

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 'é日😀';

-- ##### fields/x String @default("a\tb") → x String @default("a\\tb") [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 'a\tb';

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 'a	b';

-- ##### fields/x Int @default(autoincrement()) → x Int @default(5) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT 5,
ALTER COLUMN "x" DROP DEFAULT;
DROP SEQUENCE "A_x_seq";

-- ### and back

-- AlterTable
CREATE SEQUENCE a_x_seq;
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT nextval('a_x_seq');
ALTER SEQUENCE a_x_seq OWNED BY "A"."x";

-- ##### fields/x Int @default(autoincrement()) → x Int @default(autoincrement()) @unique [7]

-- CreateIndex
CREATE UNIQUE INDEX "A_x_key" ON "A"("x");

-- ### and back

-- DropIndex
DROP INDEX "A_x_key";

-- ##### fields/x Int @default(autoincrement()) @db.SmallInt → x Int @default(autoincrement()) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE SERIAL;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE SMALLSERIAL;

-- ##### fields/x BigInt @default(autoincrement()) → x BigInt? [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL,
ALTER COLUMN "x" DROP DEFAULT;
DROP SEQUENCE "A_x_seq";

-- ### and back

-- AlterTable
CREATE SEQUENCE a_x_seq;
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL,
ALTER COLUMN "x" SET DEFAULT nextval('a_x_seq');
ALTER SEQUENCE a_x_seq OWNED BY "A"."x";

-- ##### fields/x Int @default(autoincrement()) @map("y") → x Int @default(autoincrement()) [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "y",
ADD COLUMN     "x" SERIAL NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "y" SERIAL NOT NULL;

-- ##### fields/x Int @default(autoincrement()); y Int @default(autoincrement()) → x Int; y Int [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT,
ALTER COLUMN "y" DROP DEFAULT;
DROP SEQUENCE "A_x_seq";
DROP SEQUENCE "A_y_seq";

-- ### and back

-- AlterTable
CREATE SEQUENCE a_x_seq;
CREATE SEQUENCE a_y_seq;
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT nextval('a_x_seq'),
ALTER COLUMN "y" SET DEFAULT nextval('a_y_seq');
ALTER SEQUENCE a_x_seq OWNED BY "A"."x";
ALTER SEQUENCE a_y_seq OWNED BY "A"."y";

-- ##### fields/x DateTime @updatedAt → x DateTime? @updatedAt [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET NOT NULL;

-- ##### fields/x DateTime → x DateTime @default(now()) @updatedAt [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT CURRENT_TIMESTAMP;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;

-- ##### fields/x Int @ignore → x BigInt @ignore [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE BIGINT;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE INTEGER;

-- ##### fields/x Unsupported("tsvector")?; @@index([x], type: Gin) → x Unsupported("tsvector")? [7]

-- DropIndex
DROP INDEX "A_x_idx";

-- ### and back

-- CreateIndex
CREATE INDEX "A_x_idx" ON "A" USING GIN ("x");

-- ##### fields/x Unsupported("point")? → x Unsupported("point")? @default(dbgenerated("a()")) [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT a();

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;

-- ##### fields/x String @db.Uuid → x String @default(dbgenerated("gen_random_uuid()")) @db.Uuid [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DEFAULT gen_random_uuid();

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" DROP DEFAULT;

-- ##### fields/x String → x String @default(uuid()) @db.Uuid [7]

-- AlterTable
ALTER TABLE "A" DROP COLUMN "x",
ADD COLUMN     "x" UUID NOT NULL;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ##### fields/x String? @db.Citext → x String? [7]

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE TEXT;

-- ### and back

-- AlterTable
ALTER TABLE "A" ALTER COLUMN "x" SET DATA TYPE CITEXT;

-- ##### fields/x Int → /// words; x Int [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x DateTime → x DateTime @updatedAt [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

-- ##### fields/x Int → x Int @ignore [7]

-- This is an empty migration.

-- ### and back

-- This is an empty migration.

