-- What gateways count together for their limits: see docs/decisions/0044-limits-that-gateways-share.md.

-- Nothing here is of the ledger. Unlogged: it costs no write-ahead log, and a crash or a failover forgets it, as a restart of
-- one gateway forgets what that counted.
CREATE UNLOGGED TABLE limit_buckets (
  key TEXT COLLATE "C" PRIMARY KEY,
  -- It alone says how full the bucket is.
  full_at_ms DOUBLE PRECISION NOT NULL,
  -- Of the turns that were wanted last: how the statement that took them is told.
  passed BIGINT NOT NULL
) WITH (fillfactor = 50);

CREATE UNLOGGED TABLE limit_notes (
  alarm TEXT COLLATE "C" NOT NULL,
  terminal_id TEXT COLLATE "C" NOT NULL,
  thing TEXT COLLATE "C" NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (alarm, terminal_id, thing)
);
