// Sees what a store makes durable: in which order, and when, which a ledger tells of its attempts alone.

import type { Driver } from "@pass-tpe/gateway/parts";
import type { LedgerWitness } from "../../ledger-facts.js";

type Change = Parameters<Driver["apply"]>[0];

export type Witness = LedgerWitness;

/** A driver that is looked at, and who looks. @param nowMs the true time, Unix milliseconds. */
export function witnessed(
  inner: Driver,
  nowMs: () => number,
): { readonly driver: Driver; readonly witness: Witness } {
  const places = new Map<string, number>();
  const instants = new Map<string, number>();
  let attempts = 0;
  let open: { readonly change: Change; readonly atMs: number }[] = [];

  function keep({ change, atMs }: (typeof open)[number]): void {
    const { terminalId, attemptId, reversal, operation, attempt } = change;
    const sale = `${terminalId} ${attemptId}`;
    // The first word stands, whatever is written for it later.
    const reversalKey = `reversal ${sale}`;
    if (reversal !== null && !places.has(reversalKey)) places.set(reversalKey, attempts);
    if (operation !== null) places.set(`${operation.kind} ${operation.id} ${sale}`, attempts);
    if (attempt === null || attempt.kind === "tombstone") return;
    attempts += 1;
    instants.set(`${attempt.terminalId} ${attempt.id}`, atMs);
  }

  const members: Partial<Driver> = {
    async apply(change) {
      open.push({ change, atMs: nowMs() });
      await inner.apply(change);
    },
    async sync() {
      await inner.sync();
      for (const one of open.splice(0)) keep(one);
    },
    async rollback() {
      open = [];
      await inner.rollback();
    },
  };
  const driver = new Proxy(inner, {
    get: (target, name: keyof Driver) => members[name] ?? target[name],
  });
  const witness: Witness = {
    reversalPlace: ({ terminalId, id }) => places.get(`reversal ${terminalId} ${id}`) ?? null,
    operationPlace: ({ kind, id, terminalId, attemptId }) =>
      places.get(`${kind} ${id} ${terminalId} ${attemptId}`) ?? null,
    decidedAtMs: ({ terminalId, id }) => instants.get(`${terminalId} ${id}`) ?? null,
  };
  return { driver, witness };
}
