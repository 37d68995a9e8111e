// Decides every stored attempt again from what it was decided from, and names each that comes out otherwise.

import { RULES } from "../core/decide.js";
import type { Decided } from "../core/decision.js";
import type { Programme } from "../core/programme.js";
import type { AttemptRow, Ledger, LedgerAttempt } from "./driver.js";
import { effectsDigest } from "./effects-digest.js";
import { createFindings, type Findings } from "./findings.js";
import { parseStoredInput } from "./stored-input.js";
import { nameOfAttempt, readAnswer } from "./verify.js";

export interface ReplayReport {
  readonly attempts: number;
  /** Decided again, whatever came out. */
  readonly decidedAgain: number;
  /** Reversed before they ever came: there is nothing to decide. */
  readonly tombstones: number;
  /** Under rules or a programme that this program does not know. */
  readonly notDecidedAgain: number;
  /** Which rules and programmes those are, each with how many attempts. */
  readonly unknown: readonly string[];
  /** What came out otherwise, in words that name the row. The last line counts what is not listed. */
  readonly differences: readonly string[];
}

/** Decides a ledger's attempts again, each under its own rules version and the programme that was kept with it. */
export async function replayLedger(
  ledger: Ledger,
  readProgramme: (json: string) => Programme,
): Promise<ReplayReport> {
  const programmes = await readProgrammes(ledger, readProgramme);
  const differences = createFindings();
  const unknown = new Map<string, number>();
  let [attempts, decidedAgain, tombstones] = [0, 0, 0];
  for await (const row of ledger.attempts()) {
    attempts += 1;
    const { attempt } = row;
    const missing = missingFor(attempt, programmes);
    if (attempt.kind === "tombstone") tombstones += 1;
    else if (missing !== null) unknown.set(missing, (unknown.get(missing) ?? 0) + 1);
    else {
      decidedAgain += 1;
      compare({ row, programmes, differences });
    }
  }
  return {
    attempts,
    decidedAgain,
    tombstones,
    notDecidedAgain: attempts - decidedAgain - tombstones,
    unknown: [...unknown].map(([what, count]) => `${what} is not known: ${count} attempts`),
    differences: differences.list(),
  };
}

type Programmes = ReadonlyMap<string, Programme>;

async function readProgrammes(
  ledger: Ledger,
  readProgramme: (json: string) => Programme,
): Promise<Programmes> {
  const read = new Map<string, Programme>();
  for await (const { hash, json } of ledger.programmes()) {
    try {
      const programme = readProgramme(json);
      // Under another hash it is not what was decided under: its decisions are counted as not made again.
      if (programme.hash === hash) read.set(hash, programme);
    } catch {
      // A form that this version does not know any more: its decisions are counted as not made again.
    }
  }
  return read;
}

/** What this program lacks to decide an attempt again. */
function missingFor(attempt: AttemptRow, programmes: Programmes): string | null {
  const { rulesVersion, programmeHash } = attempt;
  if (!RULES.has(rulesVersion)) return `rules version ${rulesVersion}`;
  return programmes.has(programmeHash) ? null : `programme ${programmeHash}`;
}

function compare(input: {
  readonly row: LedgerAttempt;
  readonly programmes: Programmes;
  readonly differences: Findings;
}): void {
  const { row, programmes, differences } = input;
  const again = decideAgain(row.attempt, programmes);
  const found = again ? differencesOf(row, again) : ["its stored input cannot be decided"];
  for (const difference of found) {
    differences.add(`${nameOfAttempt(row.attempt)}: ${difference}`);
  }
}

function decideAgain(attempt: AttemptRow, programmes: Programmes): Decided | null {
  const decide = RULES.get(attempt.rulesVersion);
  const programme = programmes.get(attempt.programmeHash);
  if (!decide || !programme || attempt.input === null) return null;
  try {
    return decide({ ...parseStoredInput(attempt.input), programme });
  } catch {
    // Damaged: what was written was decided once.
    return null;
  }
}

/** The figures of an answer that are a decision's own. */
const FIGURES = ["amountCents", "quantity", "collectCents", "remaining", "available"] as const;

function differencesOf(row: LedgerAttempt, again: Decided): readonly string[] {
  const { attempt } = row;
  const found: string[] = [];
  if (again.code !== attempt.code) found.push(`decided ${attempt.code}, now ${again.code}`);
  if (attempt.kind === "authorization") found.push(...figureDifferences(attempt, again));
  const digest = Buffer.from(effectsDigest(again.effects)).toString("hex");
  const stored = attempt.effectsDigest && Buffer.from(attempt.effectsDigest).toString("hex");
  if (digest !== stored) found.push("its effects are others than were stored");
  const owed = again.effects.flatMap((effect) =>
    effect.type === "post" ? [`${effect.units} from ${effect.grantId}`] : [],
  );
  const taken = row.entries
    .filter(({ units }) => units > 0)
    .map(({ units, grantId }) => `${units} from ${grantId}`);
  if (owed.join() !== taken.join()) {
    found.push(`took ${taken.join() || "nothing"}, decided ${owed.join() || "nothing"}`);
  }
  return found;
}

function figureDifferences(attempt: AttemptRow, again: Decided): readonly string[] {
  const answer: Readonly<Record<string, unknown>> = { ...readAnswer(attempt) };
  return FIGURES.flatMap((name) => {
    const [then, now] = [answer[name], again.figures[name]].map((it) => JSON.stringify(it));
    return then === now ? [] : [`answered ${name} ${then}, now ${now}`];
  });
}
