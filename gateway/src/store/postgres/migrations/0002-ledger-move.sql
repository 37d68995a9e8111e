-- Where a ledger has moved to, or comes from: see docs/decisions/0042-a-ledger-moves-whole.md.

-- There while it must not be served: `left` for good, `arriving` until the one that it was copied from has left.
CREATE TABLE ledger_move (
  only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('arriving', 'left')),
  -- Of the one copy that both are ends of.
  id TEXT COLLATE "C" NOT NULL,
  -- The other one of the two, without any secret.
  place TEXT COLLATE "C" NOT NULL,
  at_ms BIGINT NOT NULL
);

CREATE FUNCTION refuse_what_has_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this ledger has moved to %', (SELECT place FROM ledger_move)
    USING ERRCODE = 'read_only_sql_transaction';
END $$;

-- Every transaction of a gateway writes a token first. What leaves turns this on, for gateways that were not stopped; until
-- then it costs nothing.
CREATE TRIGGER what_has_left_is_never_changed BEFORE INSERT ON commit_tokens
FOR EACH STATEMENT EXECUTE FUNCTION refuse_what_has_left();
ALTER TABLE commit_tokens DISABLE TRIGGER what_has_left_is_never_changed;
