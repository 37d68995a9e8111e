// Turns what a gateway's driver holds into the plain ledger that the checker of days judges.

import type { Driver, LedgerAttempt, Rows } from "@pass-tpe/gateway";
import type { LedgerFacts, SaleRef } from "./checker/facts.js";

type AttemptFact = LedgerFacts["attempts"][number];
type AttemptRow = LedgerAttempt["attempt"];
type ReversalRow = NonNullable<LedgerAttempt["reversal"]>;
type OperationRow = NonNullable<LedgerAttempt["capture"]>;

/** Who saw rows when they were written: a ledger tells the order of its attempts and of its entries, and no more. */
export interface LedgerWitness {
  /** How many attempts had been stored before it; null where it is not known. */
  reversalPlace(row: Pick<ReversalRow, "terminalId" | "id">): number | null;
  operationPlace(
    row: Pick<OperationRow, "kind" | "id" | "terminalId" | "attemptId">,
  ): number | null;
  /** The true instant of an attempt's decision, Unix milliseconds. */
  decidedAtMs(row: Pick<AttemptRow, "terminalId" | "id">): number | null;
}

/**
 * Reads a whole ledger, in the order of its making. Nothing may write meanwhile.
 *
 * @param options.atMs when everything had come to rest, Unix milliseconds.
 * @param options.witness tells what the ledger does not.
 */
export async function ledgerFacts(options: {
  readonly driver: Driver;
  readonly atMs: number;
  readonly witness?: LedgerWitness;
}): Promise<LedgerFacts> {
  const { driver, atMs, witness } = options;
  const ledger = driver.ledger();
  const stored = await listOf(ledger.attempts());
  const grants = await listOf(ledger.grants());
  const avantageOf = new Map(grants.map((one) => [`${one.accountId} ${one.id}`, one.avantage]));
  const entries = await listOf(ledger.entries());
  const strays = await listOf(ledger.strayReversals());
  const strayOperations = await listOf(ledger.strayOperations());
  return {
    atMs,
    attempts: stored.filter(isDecided).map(({ attempt }) => attemptFact(attempt, witness)),
    reversals: [...reversalsOf(stored), ...strays.map((row) => ({ row, afterAttempts: null }))].map(
      ({ row, afterAttempts }) => ({
        sale: refOf(row),
        reason: row.reason,
        afterAttempts: witness?.reversalPlace(row) ?? afterAttempts,
      }),
    ),
    operations: [...stored.flatMap(operationsOf), ...strayOperations].map((row) => ({
      kind: row.kind,
      sale: { terminal: row.terminalId, id: row.attemptId },
      id: row.id,
      units: row.units,
      atMs: row.atMs,
      afterAttempts: witness?.operationPlace(row) ?? null,
    })),
    entries: entries.map(({ accountId, grantId, units, ...row }) => ({
      sale: { terminal: row.terminalId, id: row.attemptId },
      account: accountId,
      avantage: avantageOf.get(`${accountId} ${grantId}`) ?? `of no grant: ${grantId}`,
      units,
    })),
    grants: grants.map(({ accountId, avantage, amount, spent }) => ({
      account: accountId,
      avantage,
      amount,
      spent,
    })),
    holds: (await listOf(ledger.holds())).map(({ terminalId, attemptId, units, expiresAtMs }) => ({
      sale: { terminal: terminalId, id: attemptId },
      units,
      expiresAtMs,
    })),
    cards: (await listOf(ledger.cards())).map(({ id, messageCounter, pinFailures }) => ({
      card: id,
      messageCounter,
      pinFailures,
    })),
  };
}

async function listOf<T>(rows: Rows<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

/** A tombstone is a reversal that came first: nothing was decided under its id. */
const isDecided = ({ attempt }: LedgerAttempt) => attempt.kind !== "tombstone";

const refOf = ({ terminalId: terminal, id }: { terminalId: string; id: string }): SaleRef => ({
  terminal,
  id,
});

/** What was answered, as it was sent: the public code, which terminals and tills have seen. */
function attemptFact(attempt: AttemptRow, witness: LedgerWitness | undefined): AttemptFact {
  const seenAtMs = witness?.decidedAtMs(attempt) ?? null;
  const said = fieldsOf(attempt.answer);
  const approved = said["outcome"] === "approved";
  return {
    sale: refOf(attempt),
    kind: attempt.kind === "inquiry" ? "inquiry" : "sale",
    approved,
    code: String(said["code"]),
    units: approved ? Number(said["amountCents"] ?? said["quantity"] ?? 0) : 0,
    holds: typeof said["holdExpiresAtMs"] === "number",
    decidedAtMs: attempt.decidedAtMs,
    ...(seenAtMs === null ? {} : { seenAtMs }),
  };
}

function fieldsOf(answer: string | null): Readonly<Record<string, unknown>> {
  const said: unknown = JSON.parse(answer ?? "{}");
  return Object(said);
}

const operationsOf = ({ capture, refunds }: LedgerAttempt) => [
  ...(capture === null ? [] : [capture]),
  ...refunds,
];

/**
 * All reversals of attempts. A tombstone stands where it was made; of any other reversal the ledger tells no place among
 * attempts but by its entries, which the checker has.
 */
function reversalsOf(
  stored: readonly LedgerAttempt[],
): readonly { readonly row: ReversalRow; readonly afterAttempts: number | null }[] {
  let decided = 0;
  const facts: { row: ReversalRow; afterAttempts: number | null }[] = [];
  for (const one of stored) {
    const { reversal } = one;
    if (reversal !== null) {
      facts.push({ row: reversal, afterAttempts: isDecided(one) ? null : decided });
    }
    if (isDecided(one)) decided += 1;
  }
  return facts;
}
