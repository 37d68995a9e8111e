// How a gateway uses its PostgreSQL: where it is, how many connections it takes, and how long it waits for anything.

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, as libpq has it. */
  readonly url: string;
  /** The most connections for sales and lookups; what reads the whole ledger has two more, and the watch of the database one. At least {@link POOL_MIN}. */
  readonly poolMax?: number;
  /** The longest that one statement of a sale may run. A sale has four seconds altogether. */
  readonly statementTimeoutMs?: number;
  /** The longest that one statement may run of work that is alone: a settlement, a bulk load. */
  readonly aloneTimeoutMs?: number;
  /** The longest that a statement may wait for what another transaction holds. */
  readonly lockTimeoutMs?: number;
  /** After how long the server ends a transaction whose gateway is silent, and lets go of what it held. */
  readonly idleTransactionTimeoutMs?: number;
  /** The longest that a connection may take to be made, or to become free. */
  readonly connectTimeoutMs?: number;
  /** How long the outcome of a commit is looked for whose answer was lost; past it the process must end. */
  readonly doubtTimeoutMs?: number;
  /** What the server shows of who is connected. */
  readonly applicationName?: string;
  /** Refuse a server that answers a commit before a standby has it. */
  readonly requiresStandby?: boolean;
  /** Takes a server with fsync=off, which loses acknowledged sales when its machine goes down: for tests alone. */
  readonly allowsLossOfSalesInTests?: boolean;
}

export type PostgresSettings = Required<PostgresOptions>;

/**
 * One for the open transaction, one for what is read between two, one that watches for the chain, and two for looks: where
 * one hangs, the other answers.
 */
export const POOL_MIN = 5;

export const POOL_DEFAULT = 8;

/** A page of verification may scan a whole table for rows that are not there. */
export const READ_TIMEOUT_MS = 3_600_000;

const DEFAULTS = {
  poolMax: POOL_DEFAULT,
  statementTimeoutMs: 5_000,
  aloneTimeoutMs: 120_000,
  lockTimeoutMs: 4_000,
  idleTransactionTimeoutMs: 5_000,
  connectTimeoutMs: 4_000,
  // A failover of Patroni takes half of it.
  doubtTimeoutMs: 60_000,
  applicationName: "pass-tpe",
  requiresStandby: false,
  allowsLossOfSalesInTests: false,
};

/** The options with what they leave out. */
export function settingsOf(options: PostgresOptions): PostgresSettings {
  const settings = { ...DEFAULTS, ...options };
  return { ...settings, poolMax: Math.max(settings.poolMax, POOL_MIN) };
}
