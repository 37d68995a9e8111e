// Takes events line by line as they arrive and answers each in order; neither file nor answers are ever whole in memory.

import type { Agent } from "../../core/loading/event.js";
import { ProblemError } from "../problem-error.js";
import type { Line } from "./lines.js";
import { type EventAnswer, eventAnswer } from "./outcome.js";
import type { OperatorsBackend, Submission } from "./ports.js";

/**
 * The most events that are submitted together: while one commit of the store is written, the next one fills. Sales are
 * taken before them.
 */
const EVENTS_TOGETHER_MAX = 128;

/** How often, and after how long, a line that met a full queue is submitted again. */
const TRIES_MAX = 50;
const TRY_AGAIN_MS = 100;

/** One line's answer, as it is sent. */
export type LineAnswer = { readonly line: number } & (
  | Omit<EventAnswer, "replayed">
  | { readonly id?: string; readonly code: string; readonly detail: string }
);

export interface BatchCounts {
  lines: number;
  applied: number;
  unchanged: number;
  rejected: number;
}

/**
 * Submits lines in their order and yields their answers in the same.
 *
 * @param input.isAllowed looked at again for every group: a revoked agent's load ends.
 * @param input.counts counted up as answers are made, for whoever logs the end.
 * @throws ProblemError when the store takes nothing more, or lost a commit; the lines before have been answered.
 */
export async function* answerLines(input: {
  readonly agent: Agent;
  readonly groups: AsyncIterable<readonly Line[]>;
  readonly backend: Pick<OperatorsBackend, "submit">;
  readonly refuseRevoked: () => Promise<unknown>;
  readonly onBug: (error: unknown, line: number) => void;
  readonly counts: BatchCounts;
}): AsyncGenerator<readonly LineAnswer[]> {
  for await (const group of input.groups) {
    for (let from = 0; from < group.length; from += EVENTS_TOGETHER_MAX) {
      await input.refuseRevoked();
      const lines = group.slice(from, from + EVENTS_TOGETHER_MAX);
      yield* submitLines({ ...input, lines });
    }
  }
}

type Outcome = Submission | { readonly type: "unreadable"; readonly fault: string };

/**
 * All are submitted in one turn, so that the first that meets a full queue is followed by none that does not: from it
 * on they are submitted again, and the order stays the file's. A lost commit ends the load: the store has taken none of
 * this agent's lines after it, and the sender goes on at the first that has no answer.
 */
async function* submitLines(
  input: Omit<Parameters<typeof answerLines>[0], "groups"> & { readonly lines: readonly Line[] },
): AsyncGenerator<readonly LineAnswer[]> {
  let waiting = input.lines;
  for (let tries = 1; waiting.length > 0; tries += 1) {
    const outcomes = await Promise.all(
      waiting.map(
        async (line): Promise<Outcome> =>
          "fault" in line
            ? { type: "unreadable", fault: line.fault }
            : input.backend.submit(input.agent, line.json),
      ),
    );
    const stop = outcomes.findIndex(isNotTaken);
    const done = stop === -1 ? outcomes.length : stop;
    if (done > 0) {
      const answers = outcomes
        .slice(0, done)
        .map((outcome, index) => lineAnswer(input, waiting[index]?.number ?? 0, outcome));
      for (const answer of answers) count(input.counts, answer);
      yield answers;
      tries = 1;
    }
    const stopped = outcomes[done];
    waiting = waiting.slice(done);
    if (waiting.length === 0) return;
    if (stopped?.type === "answered" && stopped.answer.type === "unavailable") eventAnswer(stopped);
    if (tries === TRIES_MAX) {
      throw new ProblemError({ code: "RATE_LIMITED", detail: "The store takes nothing more." });
    }
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
  }
}

/** Nothing of it is stored, and the same line may come again. */
function isNotTaken(outcome: Outcome): boolean {
  if (outcome.type !== "answered") return false;
  return outcome.answer.type === "overloaded" || outcome.answer.type === "unavailable";
}

function lineAnswer(
  { onBug }: { readonly onBug: (error: unknown, line: number) => void },
  line: number,
  outcome: Outcome,
): LineAnswer {
  if (outcome.type === "unreadable") {
    return { line, code: "FORMAT_ERROR", detail: `The line ${outcome.fault}.` };
  }
  const known = outcome.id === null ? {} : { id: outcome.id };
  try {
    const { replayed: _replayed, ...answer } = eventAnswer(outcome);
    return { line, ...answer };
  } catch (error) {
    if (error instanceof ProblemError) {
      const { code, detail, errors = [] } = error.options;
      const places = errors.map(({ pointer, detail }) => `${pointer || "/"} ${detail}`);
      return { line, ...known, code, detail: [detail, ...places].join(" ") };
    }
    onBug(error, line);
    return {
      line,
      ...known,
      code: "SYSTEM_ERROR",
      detail: "The gateway met a bug; nothing of this event was stored. Operator: see the log.",
    };
  }
}

function count(counts: BatchCounts, answer: LineAnswer): void {
  counts.lines += 1;
  if ("code" in answer) counts.rejected += 1;
  else counts[answer.outcome] += 1;
}
