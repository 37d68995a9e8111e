// Decides every stored attempt again from what it was decided from, and names each that comes out otherwise.

import { RULES } from "../core/decide.js";
import type { Programme } from "../core/programme.js";
import type { AttemptRow, Ledger, LedgerAttempt } from "./driver.js";
import { createFindings } from "./findings.js";
import { readKeptProgrammes } from "./kept-programmes.js";
import { type Again, attemptDifferences, decideAgain, isWording } from "./replay-attempt.js";
import { operationDifferences } from "./replay-operation.js";
import { reversalDifferences } from "./replay-reversal.js";
import { nameOfAttempt } from "./row-names.js";

export interface ReplayReport {
  readonly attempts: number;
  /** Decided and answered again, whatever came out: code, state, answer, effects and entries are compared. */
  readonly decidedAgain: number;
  /** Reversed before they ever came: there is nothing to decide. */
  readonly tombstones: number;
  /** Reversals answered again from what their attempts took, those of tombstones too. */
  readonly reversalsAgain: number;
  /** Captures and refunds decided and answered again. */
  readonly operationsAgain: number;
  /** Under rules or a programme that this program does not know. */
  readonly notDecidedAgain: number;
  /** Which rules and programmes those are, each with how many attempts. */
  readonly unknown: readonly string[];
  /** What came out otherwise, in words that name the row. The last line counts what is not listed. */
  readonly differences: readonly string[];
  /** Rows whose texts this version would word otherwise, with nothing decided otherwise; or whose texts were changed. */
  readonly reworded: readonly string[];
}

type Programmes = ReadonlyMap<string, Programme>;

/** Decides a ledger's attempts again, each under its own rules version and the programme that was kept with it. */
export async function replayLedger(
  ledger: Ledger,
  readProgramme: (json: string) => Programme,
): Promise<ReplayReport> {
  const { read: programmes } = await readKeptProgrammes(ledger, readProgramme);
  const differences = createFindings();
  const reworded = createFindings();
  const unknown = new Map<string, number>();
  let [attempts, decidedAgain, tombstones, reversalsAgain, operationsAgain] = [0, 0, 0, 0, 0];
  for await (const row of ledger.attempts()) {
    attempts += 1;
    const { attempt, reversal } = row;
    const missing = missingFor(attempt, programmes);
    if (missing === null && reversal) reversalsAgain += 1;
    if (missing === null) operationsAgain += row.refunds.length + (row.capture ? 1 : 0);
    if (attempt.kind === "tombstone") tombstones += 1;
    else if (missing === null) decidedAgain += 1;
    else unknown.set(missing, (unknown.get(missing) ?? 0) + 1);
    for (const difference of missing === null ? differencesOf(row, programmes) : []) {
      const list = isWording(difference) ? reworded : differences;
      list.add(`${nameOfAttempt(attempt)}: ${difference}`);
    }
  }
  return {
    attempts,
    decidedAgain,
    tombstones,
    reversalsAgain,
    operationsAgain,
    notDecidedAgain: attempts - decidedAgain - tombstones,
    unknown: [...unknown].map(([what, count]) => `${what} is not known: ${count} attempts`),
    differences: differences.list(),
    reworded: reworded.list(),
  };
}

/** What this program lacks to decide an attempt again. */
function missingFor(attempt: AttemptRow, programmes: Programmes): string | null {
  const { rulesVersion, programmeHash } = attempt;
  if (!RULES.has(rulesVersion)) return `rules version ${rulesVersion}`;
  return programmes.has(programmeHash) ? null : `programme ${programmeHash}`;
}

function differencesOf(row: LedgerAttempt, programmes: Programmes): readonly string[] {
  const { attempt, reversal } = row;
  const programme = programmes.get(attempt.programmeHash);
  const isTombstone = attempt.kind === "tombstone";
  const again = programme && !isTombstone ? decideAgain(attempt, programme) : null;
  const decided = isTombstone ? tombstoneDifferences(row) : ofDecision(row, again);
  const found = [...decided, ...ofOperations(row, programmes)];
  // Without its input nobody knows of what unit the sale was: that is said already.
  if (reversal === null || (again === null && !isTombstone)) return found;
  const input = again?.input ?? null;
  return [...found, ...reversalDifferences({ ...row, reversal }, input, [...programmes.values()])];
}

/** Each under the programme of its own day. */
function ofOperations(row: LedgerAttempt, programmes: Programmes): readonly string[] {
  const { capture, refunds } = row;
  return [...(capture ? [capture] : []), ...refunds].flatMap((operation) => {
    const programme = programmes.get(operation.programmeHash);
    return programme
      ? operationDifferences(row, operation, programme)
      : [`the programme of its ${operation.kind} is not known`];
  });
}

function ofDecision(row: LedgerAttempt, again: Again | null): readonly string[] {
  return again ? attemptDifferences(row, again) : ["its stored input cannot be decided"];
}

/** A tombstone has seen no request: there is its reversal, and nothing to decide or to answer. */
function tombstoneDifferences({ attempt, reversal }: LedgerAttempt): readonly string[] {
  const { state, input, answer, effectsDigest } = attempt;
  return [
    ...(state === "reversed" && reversal
      ? []
      : [`it is a tombstone, ${state}, without a reversal`]),
    ...((input ?? answer ?? effectsDigest) ? ["it is a tombstone, and was decided"] : []),
  ];
}
