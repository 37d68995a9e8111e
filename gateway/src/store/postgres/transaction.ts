// The one transaction of a gateway: where its statements run, how it is committed, and what is left of it when it fails.

import { randomUUID } from "node:crypto";
import type { PoolClient, QueryConfig, QueryResult } from "pg";
import { assert } from "../../core/assert.js";
import {
  type Company,
  ConnectionLostError,
  SpoiledError,
  TransactionLostError,
} from "../driver.js";
import { LedgerFailedError, LedgerWentBackError } from "../failures.js";
import { together } from "../sql/together.js";
import { SHARE_WORK, TAKE_TIME, WORK_ALONE } from "./advisory.js";
import { heardWithin } from "./answered-within.js";
import {
  commit,
  TOKEN_KEPT_DAYS,
  type TokenWritten,
  WRITE_TOKEN,
  wasMade,
} from "./commit-tokens.js";
import { ANSWER_GRACE_MS, type Connections, FIRST_ANSWER_MS, send } from "./connection.js";
import { meaningOf } from "./failures.js";
import type { PostgresSettings } from "./options.js";
import { NO_STANDBY } from "./server-state.js";

/** The most tokens of its own that a gateway still has to remove; a start removes what was left over. */
const SPENT_TOKENS_MAX = 16;

const BEGIN = { text: "BEGIN" };
const SAVEPOINT = "SAVEPOINT whole";
const FORGET_SAVEPOINT = "RELEASE SAVEPOINT whole";
const BACK_TO_SAVEPOINT = "ROLLBACK TO SAVEPOINT whole";

/** So old a token of its own may be gone: a start of another gateway removes what was left over. */
const TOKEN_SURE_MS = (TOKEN_KEPT_DAYS - 1) * 24 * 3_600_000;

interface SpentToken {
  readonly token: string;
  /** By the clock that never steps. */
  readonly atMs: number;
}

interface Open {
  readonly client: PoolClient;
  readonly token: string;
  readonly company: Company;
  /** Whether a savepoint stands before the last work. */
  isSaved: boolean;
  /** Whether that is under way, so that a statement that fails is taken back with it. */
  isInWhole: boolean;
  /** Whether a statement failed beside any work: the server takes no more of this transaction. */
  isAborted: boolean;
}

export interface Transaction {
  /** @throws TransactionLostError where none can be begun. */
  begin(company?: Company): Promise<void>;
  /** @throws TransactionLostError where nothing was stored; SyncFailedError where that is not to be found out. */
  sync(): Promise<void>;
  /** Gives up what is open, if anything is. */
  rollback(): Promise<void>;
  isOpen(): boolean;
  /** How long a `sync` that is under way has taken until now, in milliseconds; zero where none is. */
  commitWaitsMs(): number;
  /** Runs a statement in the open transaction; by itself where none is. */
  query(query: QueryConfig, isWrite: boolean): Promise<QueryResult>;
  /** Does work as a whole or not at all; in a transaction of its own, in this company, where none is open. */
  whole(work: () => Promise<void>, company?: Company): Promise<void>;
  /**
   * Does work before the next statement or when it is waited for, whichever is first: without waiting for it, and without a
   * savepoint, so that what fails in it fails all that is open.
   */
  later(work: () => Promise<void>): void;
  /** Waits for such work. @throws SpoiledError where some of it met a bug; what else it failed with. */
  settle(): Promise<void>;
  /** Whether this was said before in the open transaction: of what is locked until its end. */
  isKnown(what: string): boolean;
}

/**
 * Builds the transaction of a gateway: one at a time.
 *
 * @param connections its own; one is enough.
 * @param looks where statements run that belong to none.
 */
export function createTransaction(
  connections: Connections,
  looks: Pick<Connections, "query">,
  settings: Pick<PostgresSettings, "doubtTimeoutMs" | "aloneTimeoutMs" | "requiresStandby">,
): Transaction {
  let open: Open | null = null;
  let isBeginning = false;
  const { aloneTimeoutMs } = settings;
  const aloneAnswer = { query_timeout: aloneTimeoutMs + ANSWER_GRACE_MS };
  const takeTime = { ...TAKE_TIME, values: [String(aloneTimeoutMs)] };
  /** Why the last one was lost, until it is given up or another begun: what believes to be in it writes nothing beside it. */
  let lost: TransactionLostError | null = null;
  let known = new Set<string>();
  let syncingSinceMs: number | null = null;
  /** Work that is not begun yet, and work that is not waited for yet. */
  let deferred: (() => Promise<void>)[] = [];
  let unsettled: Promise<void>[] = [];
  /** Of transactions that are over. */
  let spent: SpentToken[] = [];

  async function begin(company: Company = "others"): Promise<void> {
    assert(open === null && !isBeginning, "a gateway has one transaction at a time");
    isBeginning = true;
    try {
      open = await beginWith(await connections.take(), company);
      lost = null;
      known = new Set();
    } finally {
      isBeginning = false;
    }
  }

  async function beginWith(client: PoolClient, company: Company): Promise<Open> {
    const token = randomUUID();
    const values = [token, spent.map((it) => it.token)];
    let removed: number;
    try {
      // Together: one way to the server and back.
      const begun = [
        heardWithin(FIRST_ANSWER_MS, send(client, BEGIN)),
        ...(company === "alone"
          ? [send(client, WORK_ALONE), send(client, takeTime)]
          : [send(client, SHARE_WORK)]),
      ];
      const writing = send<TokenWritten>(client, { ...WRITE_TOKEN, values });
      await Promise.all([...begun, writing]);
      const [written] = (await writing).rows;
      assertReplicated(written);
      removed = Number(written?.removed);
    } catch (error) {
      const meaning = meaningOf(error);
      await takeBack(client, meaning);
      throw meaning;
    }
    if (!areStillThere(removed, spent)) {
      await takeBack(client);
      throw new LedgerWentBackError(WENT_BACK);
    }
    return { client, token, company, isSaved: false, isInWhole: false, isAborted: false };
  }

  /** The server's settings may have changed since the connection was made. */
  function assertReplicated(written: TokenWritten | undefined): void {
    if (!settings.requiresStandby || written?.standbys !== "") return;
    throw new TransactionLostError(`nothing of this was stored: PostgreSQL ${NO_STANDBY}`);
  }

  async function sync(): Promise<void> {
    if (lost) throw lost;
    const isSettled = deferred.length === 0 && unsettled.length === 0;
    assert(isSettled, "what was sent is settled before it is committed");
    assert(open, "a transaction is open");
    const { client, token } = open;
    open = null;
    syncingSinceMs = performance.now();
    try {
      await commitOrLookUp(client, token);
    } finally {
      syncingSinceMs = null;
    }
  }

  async function commitOrLookUp(client: PoolClient, token: string): Promise<void> {
    const outcome = await commit(client).catch(() => "unknown" as const);
    client.release(outcome === "unknown");
    if (outcome === "made") spent = [spentNow(token)];
    else if (outcome === "lost")
      throw new TransactionLostError("nothing of this was stored: PostgreSQL had given it up");
    else await lookUp(token);
  }

  async function lookUp(token: string): Promise<void> {
    const isMade = await wasMade(token, { connections, timeoutMs: settings.doubtTimeoutMs });
    spent = (isMade ? [] : spent).concat(spentNow(token)).slice(-SPENT_TOKENS_MAX);
    if (!isMade)
      throw new ConnectionLostError("nothing of this was stored: its commit never was made");
  }

  async function rollback(): Promise<void> {
    lost = null;
    deferred = [];
    unsettled = [];
    if (open === null) return;
    const { client } = open;
    open = null;
    await takeBack(client);
  }

  async function query(asked: QueryConfig, isWrite: boolean): Promise<QueryResult> {
    if (open === null) {
      if (isWrite && lost !== null) throw lost;
      return looks.query(asked);
    }
    sendDeferred();
    const within = open;
    const { client, company } = within;
    try {
      return await send(client, company === "alone" ? { ...asked, ...aloneAnswer } : asked);
    } catch (error) {
      const meaning = meaningOf(error, company === "alone");
      if (meaning instanceof TransactionLostError) await lose(client, meaning);
      else if (!within.isInWhole) within.isAborted = true;
      throw meaning;
    }
  }

  async function lose(client: PoolClient, why: TransactionLostError): Promise<void> {
    // Statements that were sent together fail together: one of them gives it up.
    if (open?.client !== client) return;
    open = null;
    lost = why;
    await takeBack(client, why);
  }

  function later(work: () => Promise<void>): void {
    assert(open !== null || lost !== null, "what is not waited for is in an open transaction");
    deferred.push(work);
  }

  /** What it sends goes before what is sent next. */
  function sendDeferred(): void {
    for (const work of deferred.splice(0)) {
      const done = work();
      // It is told where it is waited for.
      done.catch(() => {});
      unsettled.push(done);
    }
  }

  async function settle(): Promise<void> {
    sendDeferred();
    if (unsettled.length === 0) return;
    try {
      await together(unsettled);
    } catch (cause) {
      if (cause instanceof TransactionLostError || cause instanceof LedgerFailedError) throw cause;
      throw new SpoiledError("nothing of this was stored: a change that was sent met a bug", {
        cause,
      });
    } finally {
      unsettled = [];
    }
  }

  async function whole(work: () => Promise<void>, company?: Company): Promise<void> {
    await settle();
    if (open) await wholeWithin(open, work);
    else if (lost) throw lost;
    else await wholeByItself(work, company);
  }

  async function wholeByItself(work: () => Promise<void>, company?: Company): Promise<void> {
    await begin(company);
    try {
      await work();
    } catch (error) {
      await rollback();
      throw error;
    }
    await sync();
  }

  async function wholeWithin(within: Open, work: () => Promise<void>): Promise<void> {
    // The savepoint of now would fail, and what it is for would go back to the one before.
    if (within.isAborted) throw await gaveUp(within.client);
    const text = within.isSaved ? `${FORGET_SAVEPOINT}; ${SAVEPOINT}` : SAVEPOINT;
    within.isSaved = true;
    within.isInWhole = true;
    // Nobody waits for the answer: what follows on the same connection fails where it does.
    query({ text }, true).catch(() => {});
    try {
      await work();
    } catch (error) {
      if (open === within) await query({ text: BACK_TO_SAVEPOINT }, true);
      throw error;
    } finally {
      within.isInWhole = false;
    }
  }

  async function gaveUp(client: PoolClient): Promise<TransactionLostError> {
    const why = new TransactionLostError(
      "nothing of this was stored: a statement before it had failed",
    );
    await lose(client, why);
    return why;
  }

  return {
    begin,
    sync,
    rollback,
    query,
    whole,
    later,
    settle,
    isOpen: () => open !== null,
    commitWaitsMs: () => (syncingSinceMs === null ? 0 : performance.now() - syncingSinceMs),
    isKnown(what) {
      const wasKnown = known.has(what);
      known.add(what);
      return wasKnown;
    },
  };
}

const spentNow = (token: string): SpentToken => ({ token, atMs: performance.now() });

/**
 * Whether all of these tokens were there, each of which was durable when its transaction was over: where one is gone, what was
 * committed with it, and answered, is gone too.
 */
function areStillThere(found: number, spent: readonly SpentToken[]): boolean {
  const sureFromMs = performance.now() - TOKEN_SURE_MS;
  return found >= spent.filter(({ atMs }) => atMs > sureFromMs).length;
}

const WENT_BACK =
  "the database has lost what this gateway committed: an earlier state was restored under it, or a standby took over that had not got it";

/** A connection that cannot be used any more is left to the server, which takes back what was open on it. */
async function takeBack(client: PoolClient, why?: unknown): Promise<void> {
  if (why instanceof ConnectionLostError) {
    client.release(true);
    return;
  }
  const isBack = await client.query("ROLLBACK").then(
    () => true,
    () => false,
  );
  client.release(!isBack);
}
