// The connections of one gateway, by what they are for, so that nothing waits for what has more time than it.

import { type Connections, createConnections } from "./connection.js";
import { type PostgresSettings, READ_TIMEOUT_MS } from "./options.js";

/** One for what a turn reads together, one that watches for the chain. */
const TURNS_MAX = 2;

/** One for what a batch asks of the limits, one for what is noted of the batch before it. */
const COUNTS_MAX = 2;

/** Connections for what reads the whole ledger. */
const READERS_MAX = 2;

/** What asks the database for its time waits for no longer than that time is worth. */
const WATCH_TIMEOUT_MS = 2_000;

export interface Pools {
  /** The one connection of the open transaction, which waits for no look and no reading. It is kept while nothing is sold. */
  readonly writer: Connections;
  /** For what is read between two commits: whatever waits for the next commit waits for it. */
  readonly turns: Connections;
  /** For looks that wait for nobody. */
  readonly looks: Connections;
  /** For what gateways count together. Beside {@link PostgresSettings.poolMax}: sales wait for it, and so for no look. */
  readonly counts: Connections;
  /** For what may read for an hour. Beside {@link PostgresSettings.poolMax}. */
  readonly readers: Connections;
  /** For what asks how the database is. Beside it as well: it waits for nothing else. */
  readonly watch: Connections;
  close(): Promise<void>;
}

/** Opens none of them before it is asked for. @param ready settles once the database may be used. */
export function createPools(settings: PostgresSettings, ready: () => Promise<void>): Pools {
  const { poolMax, statementTimeoutMs } = settings;
  const quick = { settings, statementTimeoutMs, ready };
  const writer = createConnections({ ...quick, max: 1, isKept: true });
  const turns = createConnections({ ...quick, max: TURNS_MAX });
  const looks = createConnections({ ...quick, max: poolMax - TURNS_MAX - 1 });
  const counts = createConnections({ ...quick, max: COUNTS_MAX });
  const readers = createConnections({
    // What is read may be thought about for a while.
    settings: { ...settings, idleTransactionTimeoutMs: READ_TIMEOUT_MS },
    max: READERS_MAX,
    readsWhole: true,
    statementTimeoutMs: READ_TIMEOUT_MS,
    ready,
  });
  const watch = createConnections({ ...quick, max: 1, statementTimeoutMs: WATCH_TIMEOUT_MS });
  const all = { writer, turns, looks, counts, readers, watch };
  return {
    ...all,
    async close() {
      await Promise.all(Object.values(all).map((connections) => connections.close()));
    },
  };
}
