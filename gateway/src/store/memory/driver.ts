// The reference driver: tables in memory and an undo log. What it does, every other driver must do.

import type { Driver, LedgerAttempt } from "../driver.js";
import { memoryChain } from "./chain.js";
import { applyChange } from "./effects.js";
import { applyEvent } from "./events.js";
import { memoryGaps } from "./gaps.js";
import { memoryHolders } from "./holders.js";
import { memoryKeyUse } from "./key-use.js";
import { ledgerOf } from "./ledger.js";
import { booksOf } from "./ledger-books.js";
import { loadBatch } from "./load.js";
import { memoryReads } from "./read.js";
import { memorySettlement } from "./settlement.js";
import { createTables } from "./tables.js";
import { memoryTerminals } from "./terminals.js";

/** Makes an empty memory driver. It is as durable as the process. */
export function memoryDriver(): Driver {
  const tables = createTables();
  const { undo } = tables;

  function asAWhole(work: () => void): void {
    const before = undo.length;
    try {
      work();
    } catch (error) {
      undo.undoTo(before);
      throw error;
    }
  }

  /** A transaction of its own: what is open or lost afterwards takes nothing of it back. */
  function alone(work: () => void): void {
    asAWhole(work);
    undo.forget();
  }

  const settlement = memorySettlement(tables);
  const ledger = () => {
    const rows = {
      programmes: tables.programmes.values(),
      attempts: tables.attempts.values(),
      reversals: tables.reversals.values(),
      operations: tables.operations.rows(),
      holds: tables.holds.values(),
      entries: tables.entries.rows(),
      grants: tables.accounts
        .values()
        .flatMap(({ id: accountId }) =>
          (tables.grants.get(accountId) ?? []).map((grant) => ({ ...grant, accountId })),
        ),
      cards: tables.cards.values(),
      suspensions: tables.accounts
        .values()
        .flatMap(({ id: accountId }) =>
          (tables.suspensions.get(accountId) ?? []).map((it) => ({ ...it, accountId })),
        ),
      events: tables.events.rows(),
    };
    return ledgerOf(rows, booksOf(settlement, rows));
  };

  return {
    ...memoryReads(tables),
    attemptsPage({ fromMs, toMs, after, max }) {
      const from = after ?? 0;
      const rows = ledger()
        .attempts()
        .slice(from, from + max);
      const isIn = ({ attempt: { decidedAtMs } }: LedgerAttempt) =>
        fromMs <= decidedAtMs && decidedAtMs < toMs;
      return { rows: rows.filter(isIn), next: rows.length < max ? null : from + max };
    },
    lastInstantMs() {
      const last = [
        tables.attempts.values().at(-1)?.decidedAtMs,
        tables.reversals.values().at(-1)?.atMs,
        tables.operations.rows().at(-1)?.atMs,
        tables.events.rows().at(-1)?.atMs,
      ].filter((atMs) => atMs !== undefined);
      return last.length === 0 ? null : Math.max(...last);
    },
    settlement,
    chain: memoryChain(tables),
    terminals: memoryTerminals(tables),
    holders: memoryHolders(tables),
    keyUse: memoryKeyUse(tables),
    gaps: memoryGaps(tables),
    move: () => null,
    begin: () => undo.forget(),
    apply: (change) => asAWhole(() => applyChange(tables, change)),
    applyEvent: (event, writes) => asAWhole(() => applyEvent(tables, event, writes)),
    sync: () => undo.forget(),
    rollback: () => undo.undoTo(0),
    load: (batch) => alone(() => loadBatch(tables, batch)),
    keepProgramme: (programme) => alone(() => tables.programmes.put(programme.hash, programme)),
    events: ({ subject }) =>
      tables.events.rows().filter((row) => subject === null || row.subject === subject),
    reports: () => tables.reports.values(),
    ledger,
    close() {},
  };
}
