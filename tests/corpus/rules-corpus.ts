// One line of the corpus of decisions: what it was decided from and what came out; and what came out otherwise since.

import { isDeepStrictEqual } from "node:util";
import type { DecideInput } from "../../gateway/src/core/attempt.js";
import type { Decided, Request } from "../../gateway/src/core/decision.js";
import { parseStoredInput, type StoredInput } from "../../gateway/src/store/stored-input.js";
import type { Corpus, Programmes } from "./corpus-files.js";

export type Decide = (input: DecideInput<Request>) => Decided;

/** What a decision is held to. References to proofs are not kept: empty where there is one. */
const COMPARED = ["code", "figures", "reason", "proofRef", "avantages", "effects"] as const;

export type Outcome = Pick<Decided, (typeof COMPARED)[number]>;

export interface RulesLine extends Outcome {
  /** Hash of the programme. */
  readonly programme: string;
  readonly input: StoredInput;
}

/** Reads a line as it was written by {@link writeRulesLine}. */
export function readRulesLine(text: string): RulesLine {
  const line: RulesLine = JSON.parse(text);
  return { ...line, input: parseStoredInput(JSON.stringify(line.input)) };
}

/** A decision as the corpus keeps it. */
export function outcomeOf({
  code,
  figures,
  reason,
  proofRef,
  avantages,
  effects,
}: Decided): Outcome {
  return JSON.parse(JSON.stringify({ code, figures, reason, proofRef, avantages, effects }));
}

export const writeRulesLine = (line: RulesLine): string => JSON.stringify(line);

/** Each line that is decided otherwise now, by its number, with what came out then and comes out now. */
export function changedDecisions(input: {
  readonly corpus: Corpus;
  readonly programmes: Programmes;
  readonly decide: Decide;
}): readonly string[] {
  const { corpus, programmes, decide } = input;
  return corpus.lines.flatMap((text, index) => {
    const line = readRulesLine(text);
    const at = `${corpus.name}:${index + 1}`;
    const programme = programmes.get(line.programme);
    if (!programme) return [`${at}: its programme ${line.programme} is not in the folder`];
    return differences(line, decideAgain(decide, { ...line.input, programme })).map(
      (difference) => `${at}: ${difference}`,
    );
  });
}

function decideAgain(decide: Decide, input: DecideInput<Request>): Outcome | Error {
  try {
    return outcomeOf(decide(input));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function differences(then: Outcome, now: Outcome | Error): readonly string[] {
  if (now instanceof Error) return [`was ${then.code}, now throws: ${now.message}`];
  if (now.code !== then.code) return [`was ${then.code}, is now ${now.code}`];
  return COMPARED.filter((part) => !isDeepStrictEqual(now[part], then[part])).map(
    (part) =>
      `${then.code} as before, but its ${part} were ${JSON.stringify(then[part])}, are now ${JSON.stringify(now[part])}`,
  );
}
