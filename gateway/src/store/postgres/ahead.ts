// Reads together what the commands of a batch are about to read one by one: a way to the server and back costs more than what it brings.

import { assert } from "../../core/assert.js";
import type { Effect } from "../../core/decision.js";
import type { Ahead, CaseQuery, CaseRows, Change, Driver, StoredAttempt } from "../driver.js";
import { caseOf } from "./case.js";
import type { CaseCard } from "./case-card.js";
import type { ReadCaseCards } from "./case-cards.js";
import { type LockCases, nameOf } from "./case-locks.js";
import type { Placed, ReadPlaced } from "./places.js";
import type { RunQuery } from "./sql.js";
import type { Transaction } from "./transaction.js";

// One by one, by their index, as no join of the two does: how large the table is by now, no plan knows.
const STORED = `SELECT a.terminal_id, a.id FROM unnest($1::text[], $2::text[]) AS p (terminal_id, id)
  CROSS JOIN LATERAL (SELECT terminal_id, id FROM attempts WHERE terminal_id = p.terminal_id AND id = p.id LIMIT 1) a`;

interface AheadParts {
  readonly run: RunQuery;
  readonly transaction: Pick<Transaction, "later" | "settle">;
  readonly lock: LockCases;
  readonly readCards: ReadCaseCards;
  readonly readPlaced: ReadPlaced;
}

/**
 * Puts a driver's reads and its `apply` behind what was read ahead: whatever a change of this transaction may have
 * touched is read anew.
 */
export function prepareAhead(
  { run, transaction, lock, readCards, readPlaced }: AheadParts,
  behind: Pick<Driver, "findAttempt" | "readCase"> & {
    readonly changes: (changes: readonly Change[]) => Promise<void>;
    readonly applyWhole: (change: Change) => Promise<void>;
  },
) {
  /** Whether the open transaction looks ahead. */
  let isAhead = false;
  let absent = new Set<string>();
  let placed = new Map<string, Placed>();
  let cards = new Map<string, CaseCard | null>();
  /** What was applied and is not sent yet. */
  let unwritten: Change[] = [];

  async function readAbsent(batch: readonly Ahead[]): Promise<Set<string>> {
    const values = [batch.map(({ terminalId }) => terminalId), batch.map(({ id }) => id)];
    const { rows } = await run({ name: "stored-attempts", text: STORED, values }, false);
    const stored = new Set(rows.map((row) => attemptKey(row.terminal_id, row.id)));
    const keys = batch.map(({ terminalId, id }) => attemptKey(terminalId, id));
    return new Set(keys.filter((key) => !stored.has(key)));
  }

  async function read(batch: readonly Ahead[]): Promise<void> {
    isAhead = true;
    if (batch.length === 0) return;
    const known = batch.filter(isForeseen);
    const [found, locked] = await Promise.all([readAbsent(batch), lock(known)]);
    const terminalIds = [...new Set(known.map(({ terminalId }) => terminalId))];
    const [at, read] = await Promise.all([readPlaced(terminalIds), readCards(known)]);
    absent = found;
    placed = new Map(at);
    for (const [index, query] of known.entries()) {
      const card = read[index] ?? null;
      // One that came to its account after that was locked is not known to stand still.
      if (card === null || locked.has(card.accountId)) cards.set(cardKey(query), card);
    }
  }

  function forget(): void {
    isAhead = false;
    absent = new Set();
    placed = new Map();
    cards = new Map();
  }

  function forgetTouched({ terminalId, attemptId, accountId, effects }: Change): void {
    absent.delete(attemptKey(terminalId, attemptId));
    for (const [key, card] of cards) if (card?.accountId === accountId) cards.delete(key);
    for (const effect of effects) if (isOfTerminal(effect)) placed.delete(effect.terminalId);
  }

  return {
    ahead: {
      read,
      async settle(): Promise<void> {
        await transaction.settle();
        assert(unwritten.length === 0, "what was applied is sent before it is committed");
      },
    },
    /** To be called before anything is written but by `apply`. */
    forget,
    /** To be called when a transaction begins: whatever became of the one before. */
    begin(): void {
      forget();
      unwritten = [];
    },

    async findAttempt(terminalId: string, id: string): Promise<StoredAttempt | null> {
      if (absent.has(attemptKey(terminalId, id))) return null;
      return behind.findAttempt(terminalId, id);
    },

    async readCase(query: CaseQuery): Promise<CaseRows | null> {
      const at = placed.get(query.terminalId);
      const card = isForeseen(query) ? cards.get(cardKey(query)) : undefined;
      if (at === undefined || card === undefined) return behind.readCase(query);
      return caseOf(at, card, { proof: null, appCodeUsed: false });
    },

    async apply(change: Change): Promise<void> {
      if (!isAhead) return behind.applyWhole(change);
      forgetTouched(change);
      unwritten.push(change);
      // Together with what follows, unless something is read in between.
      if (unwritten.length === 1) transaction.later(() => behind.changes(unwritten.splice(0)));
    },
  };
}

/** What is used once is read when it is used. */
function isForeseen({ locator, appCodeKey }: CaseQuery): boolean {
  return locator?.by !== "proof" && appCodeKey === null;
}

type OfTerminal = Extract<Effect, { type: "advanceKsn" }>;

const isOfTerminal = (effect: Effect): effect is OfTerminal => effect.type === "advanceKsn";

const attemptKey = (terminalId: string, id: string): string => `${terminalId} ${id}`;

/** A card's case is not the same at every terminal: it was seen at some of them. */
function cardKey({ terminalId, locator }: CaseQuery): string {
  if (locator === null) return terminalId;
  return `${terminalId} ${locator.by} ${Buffer.from(nameOf(locator)).toString("hex")}`;
}
