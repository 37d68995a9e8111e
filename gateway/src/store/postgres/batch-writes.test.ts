// Holds the writes of a batch to one statement for each table, in the order of the changes, and to finding every row as it was read.

import type { QueryConfig, QueryResult } from "pg";
import { describe, expect, it } from "vitest";
import { BugError } from "../../core/assert.js";
import type { Effect } from "../../core/decision.js";
import type { AttemptRow, Change } from "../driver.js";
import { prepareBatchWrites } from "./batch-writes.js";

const PLACE_HOLD: Effect = { type: "placeHold", grantId: "g", units: 1, expiresAtMs: 9 };

function change(account: number, more: readonly Effect[] = []): Change {
  const [terminalId, attemptId, accountId] = [`t${account}`, `sale-${account}`, `a${account}`];
  const attempt: AttemptRow = {
    terminalId,
    id: attemptId,
    kind: "authorization",
    state: "approved",
    fingerprint: new Uint8Array([1]),
    code: "APPROVED",
    accountId,
    partnerId: "p",
    avantage: "LIVRES",
    decidedAtMs: 5,
    programmeHash: "h",
    rulesVersion: 1,
    input: "{}",
    effectsDigest: new Uint8Array([2]),
    answer: "{}",
  };
  const effects: readonly Effect[] = [
    { type: "advanceCardCounter", cardId: `c${account}`, from: 1, to: 2 },
    { type: "noteTap", cardId: `c${account}`, from: null, to: { day: "2026-01-01", cents: 100 } },
    { type: "post", grantId: "g", units: 100, spentBefore: 0 },
    { type: "markDecided", accountId, from: 4, to: 5 },
    ...more,
  ];
  const at = { atMs: 5, clockMs: 5, reversal: null, operation: null };
  return { terminalId, attemptId, accountId, effects, attempt, ...at };
}

/** Runs changes; says what was sent, in its order. */
async function sent(changes: readonly Change[], found: (rows: number) => number = (rows) => rows) {
  const statements: string[] = [];
  const run = async ({ name, values }: QueryConfig): Promise<QueryResult> => {
    const rows = values?.[0].length;
    statements.push(`${name} ${rows}`);
    return { rowCount: found(rows), rows: [], command: "", oid: 0, fields: [] };
  };
  const alone = async ({ attemptId }: Change) => void statements.push(`alone ${attemptId}`);
  await prepareBatchWrites(run, alone)(changes);
  return statements;
}

const each = (rows: number) =>
  ["cards", "grants", "entries", "accounts", "attempts"].map((table) => `batch-${table} ${rows}`);

describe("the writes of a batch", () => {
  it("are one statement for each table, which takes a card's counter and its taps in one", async () => {
    expect(await sent([change(1), change(2), change(3)])).toEqual(each(3));
  });

  it("are made in their order where two touch the same account", async () => {
    expect(await sent([change(1), change(2), change(1)])).toEqual([...each(2), ...each(1)]);
  });

  it("leave what is more than a plain sale to be written by itself, in its place", async () => {
    const held = change(2, [PLACE_HOLD]);
    expect(await sent([change(1), held, change(3)])).toEqual([
      ...each(1),
      "alone sale-2",
      ...each(1),
    ]);
  });

  it("leave a sale that draws on two grants to be written by itself", async () => {
    const two = change(1, [{ type: "post", grantId: "h", units: 1, spentBefore: 0 }]);
    expect(await sent([two])).toEqual(["alone sale-1"]);
  });

  it("are a bug where a row is not found as it was read", async () => {
    const lessThanAll = sent([change(1), change(2)], (rows) => rows - 1);
    await expect(lessThanAll).rejects.toThrow(BugError);
  });
});
