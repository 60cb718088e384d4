CREATE TABLE "Order" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "mailed" BOOLEAN NOT NULL DEFAULT false,
    CONSTRAINT "Order_pkey" PRIMARY KEY ("id")
);
