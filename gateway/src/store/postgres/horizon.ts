// How far the numbers of rows are final, while several gateways write: below it no row can come any more.
//
// A row has its number before its transaction commits, so a lower one may come to be seen after a higher. But whoever draws
// a number was at work before it drew it, and is until its transaction is over: numbers that were drawn when we looked are
// final as soon as nobody is at work any more who was then. A server that starts again, or another one after a
// failover, may give numbers again that were drawn and never committed: so what is known holds for one connection, and the
// rows are read on that one.

import type { PoolClient, QueryConfig, QueryResult, QueryResultRow } from "pg";
import { TRY_SEALING, WHO_IS_AT_WORK } from "./advisory.js";
import { answeredWithin } from "./answered-within.js";
import { type Connections, send } from "./connection.js";
import { meaningOf } from "./failures.js";

/** Between two commits: whatever is sold meanwhile waits for it, and a till for four seconds. */
const ANSWER_MS = 3_000;

/** By source, a number; zero before the first. */
export type Numbers<Source extends string> = Readonly<Record<Source, number>>;

/** A connection with what is final on its server. */
export interface Watch<Source extends string> {
  /** As far as was seen until now. */
  final(): Numbers<Source>;
  /** Looks again. */
  advance(): Promise<Numbers<Source>>;
  query(query: QueryConfig): Promise<QueryResult>;
  /** Whether this gateway seals; from then on it does as long as the connection lasts. */
  isSealing(): Promise<boolean>;
}

export interface Horizon<Source extends string> {
  /** Reads by what is final. One at a time. @throws as statements do; then all that was seen is forgotten. */
  watch<T>(read: (watch: Watch<Source>) => Promise<T>): Promise<T>;
  /** Lets go of its connection, and of the sealing with it. */
  close(): void;
}

/** What one connection has seen. */
interface Seen<Source extends string> {
  readonly client: PoolClient;
  isSealing: boolean;
  final: Numbers<Source>;
  /** Drawn at some time, and final once none of those is at work who were then. */
  drawn: Numbers<Source>;
  atWork: ReadonlySet<string>;
}

/** Builds the horizon of tables whose `seq` comes from a sequence of their own. */
export function createHorizon<Source extends string>(
  connections: Connections,
  sources: readonly Source[],
): Horizon<Source> {
  const none = Object.fromEntries(sources.map((source) => [source, 0])) as Numbers<Source>;
  const look = prepareLook(sources, none);
  let seen: Seen<Source> | null = null;

  function forget(): void {
    seen?.client.release(true);
    seen = null;
  }

  async function begin(): Promise<Seen<Source>> {
    const client = await connections.take();
    try {
      return { client, isSealing: false, final: none, ...(await look(client)) };
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async function advance(it: Seen<Source>): Promise<Numbers<Source>> {
    const now = await look(it.client);
    const areDone = ![...it.atWork].some((name) => now.atWork.has(name));
    if (now.atWork.size === 0) it.final = now.drawn;
    else if (areDone) it.final = it.drawn;
    if (areDone) Object.assign(it, now);
    return it.final;
  }

  async function isSealing(it: Seen<Source>): Promise<boolean> {
    if (it.isSealing) return true;
    const { rows } = await ask<{ is_ours: 0 | 1 }>(it.client, { text: TRY_SEALING });
    it.isSealing = rows[0]?.is_ours === 1;
    return it.isSealing;
  }

  return {
    async watch(read) {
      try {
        seen ??= await begin();
        const it = seen;
        return await read({
          final: () => it.final,
          advance: () => advance(it),
          query: (query) => ask(it.client, query),
          isSealing: () => isSealing(it),
        });
      } catch (error) {
        forget();
        throw meaningOf(error);
      }
    },
    close: forget,
  };
}

const ask = <Row extends QueryResultRow>(client: PoolClient, query: QueryConfig) =>
  send<Row>(client, answeredWithin(ANSWER_MS, query));

/** Prepares a look at what is drawn, and after it at who is at work: whoever drew any of it is among them, or is done. */
function prepareLook<Source extends string>(sources: readonly Source[], none: Numbers<Source>) {
  const numbers = sources.map(
    (source) =>
      `(SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ${source}_seq_seq) AS ${source}`,
  );
  const drawnSoFar = { name: "drawn-so-far", text: `SELECT ${numbers.join(", ")}` };
  const whoIsAtWork = { name: "who-is-at-work", text: WHO_IS_AT_WORK };
  return async (client: PoolClient): Promise<Pick<Seen<Source>, "drawn" | "atWork">> => {
    const [drawn, atWork] = await Promise.all([
      ask<Numbers<Source>>(client, drawnSoFar),
      ask<{ name: string }>(client, whoIsAtWork),
    ]);
    return { drawn: drawn.rows[0] ?? none, atWork: new Set(atWork.rows.map(({ name }) => name)) };
  };
}
