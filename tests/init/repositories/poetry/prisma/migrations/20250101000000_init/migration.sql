CREATE TABLE "Product" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "price" DECIMAL(12,2) NOT NULL,
    CONSTRAINT "Product_pkey" PRIMARY KEY ("id")
);
