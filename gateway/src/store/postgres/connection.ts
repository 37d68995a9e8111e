// The connections to one PostgreSQL: a bounded pool, each made ready before its first use.

import {
  type ClientBase,
  Pool,
  type PoolClient,
  type QueryConfig,
  type QueryResult,
  type QueryResultRow,
} from "pg";
import { heardWithin } from "./answered-within.js";
import { columnTypes } from "./column-types.js";
import { isOutdated, meaningOf } from "./failures.js";
import type { PostgresSettings } from "./options.js";
import { prepareSession } from "./session.js";

/** What the server itself should have ended by then: past it, the network holds the answer back. */
export const ANSWER_GRACE_MS = 5_000;

/**
 * How long the answer to a statement is waited for that does nothing, and waits for nobody. A connection whose other end has
 * gone without a word is noticed by it while a sale still has the time to be made on another.
 */
export const FIRST_ANSWER_MS = 1_000;

/** Unused for so long, a connection is asked before it is believed: firewalls forget them, and machines go away. */
const BELIEVED_FOR_MS = 1_000;

/** How long a connection may be silent before the other side is asked whether it is there. */
const KEEPALIVE_AFTER_MS = 15_000;

/** For pg: a server whose machine is gone is noticed even while it is waited for without a limit. */
export const KEEPALIVE = { keepAlive: true, keepAliveInitialDelayMillis: KEEPALIVE_AFTER_MS };

export interface Connections {
  /**
   * A connection for whoever gives it back: `release()`, or `release(true)` where it must not be used again.
   *
   * @throws DatabaseSetupError where the server must not be used; TransactionLostError where there is none.
   */
  take(): Promise<PoolClient>;
  /** Runs one statement by itself. @throws as `take`, and what {@link meaningOf} makes of a failure. */
  query(query: QueryConfig): Promise<QueryResult>;
  /** Reads by statements that all see the same instant. @throws as `query`, and what the work throws. */
  atOneInstant<T>(read: (query: RunRead) => Promise<T>): Promise<T>;
  /** Waits for those that are taken. */
  close(): Promise<void>;
}

type RunRead = (query: QueryConfig) => Promise<QueryResult>;

const ARE_YOU_THERE = { text: "SELECT 1" };
const BEGIN_READING = { text: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" };

/** Connections that hold back what is sent in this turn. */
const holding = new WeakSet<ClientBase>();

/**
 * Sends a statement, in one packet with whatever else is sent on its connection in the same turn of the process: a packet
 * costs more than a statement.
 */
export function send<Row extends QueryResultRow>(
  client: PoolClient,
  query: QueryConfig | string,
): Promise<QueryResult<Row>> {
  if (!holding.has(client)) {
    const { stream } = client.connection;
    holding.add(client);
    stream.cork();
    process.nextTick(() => {
      holding.delete(client);
      stream.uncork();
    });
  }
  return client.query<Row>(query);
}

interface ConnectionsOptions {
  readonly settings: PostgresSettings;
  readonly max: number;
  readonly statementTimeoutMs: number;
  /** Whether what is asked on them reads whole tables; otherwise it finds rows by their indexes. */
  readonly readsWhole?: boolean;
  /** Whether they stand while nobody asks for one. */
  readonly isKept?: boolean;
  /** Settles once the database may be used: nobody gets a connection before. */
  readonly ready: () => Promise<void>;
}

/** Opens the connections to a database: none of them before it is asked for. */
export function createConnections(options: ConnectionsOptions): Connections {
  const { settings, max, statementTimeoutMs, readsWhole = false, isKept = false, ready } = options;
  const pool = new Pool({
    connectionString: settings.url,
    max,
    ...(isKept ? { idleTimeoutMillis: 0 } : {}),
    application_name: settings.applicationName,
    connectionTimeoutMillis: settings.connectTimeoutMs,
    query_timeout: statementTimeoutMs + ANSWER_GRACE_MS,
    ...KEEPALIVE,
    pipeline: true,
    types: columnTypes,
    onConnect: (client) => prepareSession(client, { settings, statementTimeoutMs, readsWhole }),
  });
  // Whoever uses a connection that breaks is told by the statement that fails. Idle ones leave the pool by themselves.
  pool.on("connect", (client) => void client.on("error", () => {}));
  pool.on("error", () => {});

  /** How often all that stood were found to be of no use: older than a migration, or gone silent. */
  let clearances = 0;
  const madeAfter = new WeakMap<ClientBase, number>();
  const leftAtMs = new WeakMap<ClientBase, number>();
  pool.on("connect", (client) => void madeAfter.set(client, clearances));
  pool.on("release", (_error, client) => void leftAtMs.set(client, performance.now()));

  async function take(): Promise<PoolClient> {
    await ready();
    for (;;) {
      const client = await connect();
      if (madeAfter.get(client) === clearances && (await isThere(client))) return client;
      client.release(true);
    }
  }

  /** Where one is silent that nobody has used for a while, so may be the others. */
  async function isThere(client: PoolClient): Promise<boolean> {
    const leftMs = leftAtMs.get(client);
    if (leftMs === undefined || performance.now() - leftMs < BELIEVED_FOR_MS) return true;
    try {
      await heardWithin(FIRST_ANSWER_MS, client.query(ARE_YOU_THERE));
      return true;
    } catch {
      if (madeAfter.get(client) === clearances) clearances += 1;
      return false;
    }
  }

  async function connect(): Promise<PoolClient> {
    try {
      return await pool.connect();
    } catch (error) {
      throw meaningOf(error);
    }
  }

  async function runOnce(query: QueryConfig): Promise<QueryResult> {
    const client = await take();
    try {
      const result = await client.query(query);
      client.release();
      return result;
    } catch (error) {
      client.release(true);
      throw noted(error);
    }
  }

  function noted(error: unknown): unknown {
    if (isOutdated(error)) clearances += 1;
    return error;
  }

  return {
    take,

    async query(query) {
      try {
        // Refused before it ran: it runs on one that knows the schema of now.
        return await runOnce(query).catch((error) => {
          if (isOutdated(error)) return runOnce(query);
          throw error;
        });
      } catch (error) {
        throw meaningOf(error);
      }
    },

    async atOneInstant(read) {
      const client = await take();
      const meant = async <T>(asked: Promise<T>) => {
        try {
          return await asked;
        } catch (error) {
          throw meaningOf(noted(error));
        }
      };
      try {
        await meant(heardWithin(FIRST_ANSWER_MS, client.query(BEGIN_READING)));
        const result = await read((query) => meant(client.query(query)));
        await meant(client.query("COMMIT"));
        client.release();
        return result;
      } catch (error) {
        client.release(true);
        throw error;
      }
    },

    close: () => pool.end(),
  };
}
