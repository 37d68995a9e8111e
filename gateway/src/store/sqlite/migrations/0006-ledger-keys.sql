-- Under which keys this ledger is written, so that another's keys or older ones are told from its own. No key is here.

CREATE TABLE ledger_keys (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  -- Made with the index key; says nothing of it.
  check_value BLOB NOT NULL CHECK (length(check_value) = 32),
  -- JSON: the numbers of the versions of each kind, as they were last seen.
  versions TEXT NOT NULL
) STRICT;
