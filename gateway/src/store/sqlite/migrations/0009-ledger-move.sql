-- Where a ledger has moved to, or comes from: see docs/decisions/0042-a-ledger-moves-whole.md.

-- There while it must not be served: `left` for good, `arriving` until the one that it was copied from has left.
CREATE TABLE ledger_move (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  state TEXT NOT NULL CHECK (state = 'arriving' OR state = 'left'),
  -- Of the one copy that both are ends of.
  id TEXT NOT NULL,
  -- The other one of the two, without any secret.
  place TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

-- As in the other engine, where the old name is a word of the language: a copy names columns once.
ALTER TABLE accrued RENAME COLUMN only TO only_row;
