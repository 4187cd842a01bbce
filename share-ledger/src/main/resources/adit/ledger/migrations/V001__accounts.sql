-- A payee: an address in canonical spelling, or an account name. Never renamed, never removed.
CREATE TABLE account (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name <> '')
);
