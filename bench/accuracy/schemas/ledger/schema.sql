-- A finance back office: skewed clients, skewed enums, dates that follow the ids.
CREATE TYPE invoice_status AS ENUM ('draft', 'sent', 'paid', 'overdue', 'void');
CREATE TYPE tx_kind AS ENUM ('charge', 'refund', 'fee', 'payout', 'adjustment');

CREATE TABLE clients (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    country char(2) NOT NULL,
    tier text NOT NULL,
    is_active boolean NOT NULL,
    parent_id bigint REFERENCES clients,
    created_at timestamptz NOT NULL
);
CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    client_id bigint NOT NULL REFERENCES clients,
    currency char(3) NOT NULL,
    balance_cents bigint NOT NULL,
    opened_on date NOT NULL,
    closed_on date
);
CREATE TABLE invoices (
    id bigint PRIMARY KEY,
    client_id bigint NOT NULL REFERENCES clients,
    number text NOT NULL UNIQUE,
    status invoice_status NOT NULL,
    currency char(3) NOT NULL,
    total_cents bigint NOT NULL,
    issued_at timestamptz NOT NULL,
    due_on date NOT NULL,
    paid_at timestamptz,
    note text
);
CREATE TABLE invoice_lines (
    invoice_id bigint NOT NULL REFERENCES invoices,
    line_no integer NOT NULL,
    sku text NOT NULL,
    quantity integer NOT NULL,
    unit_cents bigint NOT NULL,
    description text,
    PRIMARY KEY (invoice_id, line_no)
);
CREATE TABLE payments (
    id bigint PRIMARY KEY,
    invoice_id bigint NOT NULL REFERENCES invoices,
    account_id bigint NOT NULL REFERENCES accounts,
    amount_cents bigint NOT NULL,
    method text NOT NULL,
    received_at timestamptz NOT NULL,
    reference text
);
CREATE TABLE transactions (
    id bigint PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES accounts,
    kind tx_kind NOT NULL,
    amount_cents bigint NOT NULL,
    booked_at timestamptz NOT NULL,
    invoice_id bigint REFERENCES invoices,
    memo text
);
