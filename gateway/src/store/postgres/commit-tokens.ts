// Finds out whether a commit was made whose answer was lost, or came with a warning: by the token it wrote, never by guessing.

import type { PoolClient } from "pg";
import { SyncFailedError } from "../failures.js";
import type { Connections } from "./connection.js";

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/**
/**
 * Written before anything else of a transaction. What is of no use any more goes with the same statement, which says how much
 * of it was there: all of it was durable. So does the question for whom its commit will wait.
 */
export const WRITE_TOKEN = {
  name: "write-token",
  text: `WITH gone AS (DELETE FROM commit_tokens WHERE token = ANY ($2::uuid[]) RETURNING token)
    INSERT INTO commit_tokens (token, is_void) VALUES ($1::uuid, 0)
    RETURNING (SELECT count(*) FROM gone) AS removed, current_setting('synchronous_standby_names') AS standbys`,
};

export interface TokenWritten {
  /** How many of the tokens that were to go were there. */
  readonly removed: number;
  /** Empty where a commit waits for no standby. */
  readonly standbys: string;
}

/** Until then a token that a gateway left behind stays, whoever starts. */
export const TOKEN_KEPT_DAYS = 7;

/**
 * Waits for a transaction that still holds the token, and then says whose it is. Where nobody's, it is void from now on: a
 * commit that has not been made by then finds it there, and cannot be made. It writes in any case, so that its own
 * commit waits until whatever was committed before it is where it was to be, standbys included.
 */
const SETTLE_TOKEN = {
  name: "settle-token",
  text: `INSERT INTO commit_tokens (token, is_void) VALUES ($1::uuid, 1)
    ON CONFLICT (token) DO UPDATE SET is_void = commit_tokens.is_void RETURNING is_void`,
};

/**
 * Commits what a connection has open.
 *
 * @returns `made`; `lost` where the server says that it has taken the transaction back; `unknown` where the server says
 * anything more than that it is made: it has not been replicated, then.
 * @throws what makes the outcome unknown as well.
 */
export async function commit(client: PoolClient): Promise<"made" | "lost" | "unknown"> {
  let isWarned = false;
  const warned = () => {
    isWarned = true;
  };
  client.on("notice", warned);
  try {
    const { command } = await client.query("COMMIT");
    if (isWarned) return "unknown";
    return command === "COMMIT" ? "made" : "lost";
  } finally {
    client.removeListener("notice", warned);
  }
}

interface DoubtOptions {
  readonly connections: Connections;
  readonly timeoutMs: number;
}

/**
 * Says what became of a commit, and asks again as long as nobody can tell.
 *
 * @returns whether it was made; where it was not, it never will be.
 * @throws SyncFailedError where that was not to be found out in time: the process must end.
 */
export async function wasMade(token: string, options: DoubtOptions): Promise<boolean> {
  const { connections, timeoutMs } = options;
  const givesUpMs = performance.now() + timeoutMs;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      const made = await settle(token, connections);
      if (made !== null) return made;
    } catch (cause) {
      if (performance.now() > givesUpMs) throw inDoubt(timeoutMs, cause);
    }
    if (performance.now() > givesUpMs) throw inDoubt(timeoutMs);
    await pause(waitMs);
  }
}

/** @returns null where this commit is in doubt itself. */
async function settle(token: string, connections: Connections): Promise<boolean | null> {
  const client = await connections.take();
  try {
    await client.query("BEGIN");
    const { rows } = await client.query<{ is_void: number }>({ ...SETTLE_TOKEN, values: [token] });
    const outcome = await commit(client);
    client.release();
    return outcome === "made" ? rows[0]?.is_void === 0 : null;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Several gateways that lost the same server do not come back at the same instant. */
function pause(aboutMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, aboutMs * (0.5 + Math.random())));
}

function inDoubt(timeoutMs: number, cause?: unknown): SyncFailedError {
  return new SyncFailedError(
    `whether a commit was made is not known after ${timeoutMs} ms. Operator: check PostgreSQL and its standbys`,
    { cause },
  );
}
