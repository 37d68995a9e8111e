// What gateways count together for their limits: each call is one statement by itself, which holds nothing when it is over.
//
// No transaction of sales waits for it, and none can be in a circle with it: a statement locks several rows in the order of their keys
// alone, and what removes rows leaves those that are locked.

import type { QueryConfig } from "pg";
import type { SharedLimits } from "../../core/shared-limits.js";
import { answeredWithin } from "./answered-within.js";
import { type Connections, FIRST_ANSWER_MS } from "./connection.js";
import { readTwice } from "./gather.js";

/** How often what counts no more is removed. */
const SWEEP_EVERY_MS = 60_000;

/**
 * Says of each bucket what `createBuckets` would, where it is asked so many times. A clock that went back leaves no bucket
 * emptier than empty.
 */
const TAKE_TURNS = `INSERT INTO limit_buckets AS b (key, full_at_ms, passed)
  SELECT key, $3::float8 + turns * $5::float8, turns
  FROM (SELECT w.key COLLATE "C" AS key, least(w.turns, $4::bigint) AS turns
    FROM unnest($1::text[], $2::bigint[]) AS w (key, turns)) AS wanted
  ORDER BY key
  ON CONFLICT (key) DO UPDATE SET (full_at_ms, passed) = (
    SELECT from_ms + turns * $5, turns FROM (
      SELECT from_ms,
        greatest(0, least(excluded.passed, 1 + floor(($3 + ($4 - 1) * $5 - from_ms) / $5)::bigint)) AS turns
      FROM (SELECT least(greatest(b.full_at_ms, $3), $3 + $4 * $5) AS from_ms) AS begun) AS there)
  RETURNING key, full_at_ms, passed`;

const NOTED_OF = `SELECT p.at,
    (SELECT count(*) FROM limit_notes n WHERE n.alarm = $3 AND n.terminal_id = p.terminal_id AND n.at_ms > $4) AS noted
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS p (terminal_id, id, at)
    LEFT JOIN LATERAL (SELECT id FROM attempts WHERE terminal_id = p.terminal_id AND id = p.id LIMIT 1) a ON true
  WHERE a.id IS NULL`;

const NOTE = `INSERT INTO limit_notes AS n (alarm, terminal_id, thing, at_ms) VALUES ($1, $2, $3, $4)
  ON CONFLICT (alarm, terminal_id, thing) DO UPDATE SET at_ms = excluded.at_ms WHERE n.at_ms <= $5`;
const COUNT_NOTED =
  "SELECT count(*) AS noted FROM limit_notes WHERE alarm = $1 AND terminal_id = $2 AND at_ms > $3";

const SWEEP_BUCKETS = `DELETE FROM limit_buckets WHERE key IN (
  SELECT key FROM limit_buckets WHERE full_at_ms <= $1 FOR UPDATE SKIP LOCKED)`;
const SWEEP_NOTES = `DELETE FROM limit_notes WHERE (alarm, terminal_id, thing) IN (
  SELECT alarm, terminal_id, thing FROM limit_notes WHERE at_ms <= $1 FOR UPDATE SKIP LOCKED)`;

interface LimitsParts {
  /** Whatever sales wait for. */
  readonly counts: Pick<Connections, "query">;
  /** For what nobody waits for. */
  readonly looks: Pick<Connections, "query">;
}

/** Prepares the counts. A connection that has gone silent holds a batch for no longer than one on which it begins. */
export function prepareLimits({ counts, looks }: LimitsParts): SharedLimits {
  const sweepBuckets = createSweep(looks, SWEEP_BUCKETS);
  const sweepNotes = createSweep(looks, SWEEP_NOTES);

  const ask = async (name: string, text: string, values: QueryConfig["values"]) =>
    (await counts.query(answeredWithin(FIRST_ANSWER_MS, { name, text, ...(values && { values }) })))
      .rows;

  return {
    async takeTurns(wanted, { burst, intervalMs }, nowMs) {
      const [keys, turns] = [wanted.map(({ key }) => key), wanted.map((one) => one.turns)];
      const values = [keys, turns, nowMs, burst, intervalMs];
      const rows = await ask("take-turns", TAKE_TURNS, values);
      // A second behind the others' clocks a bucket is still theirs.
      sweepBuckets(nowMs, nowMs - SWEEP_EVERY_MS);
      const taken = new Map(rows.map((row) => [row.key, row]));
      return keys.map((key) => {
        const { passed, full_at_ms: fullAtMs } = taken.get(key);
        return { passed, fullAtMs };
      });
    },

    async notedOf(presented, { alarm, sinceMs }) {
      const [terminals, ids] = [
        presented.map(({ terminalId }) => terminalId),
        presented.map(({ id }) => id),
      ];
      const values = [terminals, ids, alarm, sinceMs];
      const rows = await readTwice(() => ask("noted-of", NOTED_OF, values));
      const noted = new Map(rows.map((row) => [row.at, row.noted]));
      return presented.map((_, index) => noted.get(index + 1) ?? null);
    },

    async note({ alarm, terminalId, thing }, { nowMs, sinceMs }) {
      await ask("note", NOTE, [alarm, terminalId, thing, nowMs, sinceMs]);
      sweepNotes(nowMs, sinceMs - SWEEP_EVERY_MS);
      // By a later statement: of two gateways at least the second sees both.
      const [row] = await ask("count-noted", COUNT_NOTED, [alarm, terminalId, sinceMs]);
      return row.noted;
    },
  };
}

/** Removes what is older than an instant, once in a while. Nobody waits for it, and where it fails it comes again. */
function createSweep(looks: Pick<Connections, "query">, text: string) {
  let sweptAtMs = Number.NEGATIVE_INFINITY;
  return (nowMs: number, untilMs: number): void => {
    if (nowMs - sweptAtMs < SWEEP_EVERY_MS) return;
    sweptAtMs = nowMs;
    looks.query({ text, values: [untilMs] }).catch(() => {});
  };
}
