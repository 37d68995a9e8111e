// Asks the store for a decision, and tells what is none as a problem.

import { AttemptIdSchema } from "@pass-tpe/protocol";
import type { After, Command } from "../../core/ports.js";
import { afterTimeout } from "../after.js";
import { decisionIn, RETRY_AFTER_MS } from "../decision-problem.js";
import { ProblemError } from "../problem-error.js";
import type { Reply, RouteContext } from "./route.js";

/** How an operation tells that it knows no such sale, and that its id stands for something else. */
export interface Words {
  readonly notFound: string;
  readonly conflict: string;
}

const OF_A_SALE: Words = {
  notFound: "This terminal has sent no authorization with this id.",
  conflict: "This id stands for another request. Make a new id for a new sale.",
};

/** The id of the path. @throws ProblemError FORMAT_ERROR when it has not the form of one. */
export function parseId(id: string): string {
  const parsed = AttemptIdSchema.safeParse(id);
  if (parsed.success) return parsed.data;
  throw new ProblemError({
    code: "FORMAT_ERROR",
    detail: "The id in the path is not a UUID version 7 in lower case.",
  });
}

/** A sale that is not there. */
export function notFound(detail: string = OF_A_SALE.notFound): ProblemError {
  return new ProblemError({ code: "ORIGINAL_NOT_FOUND", detail });
}

/**
 * Asks the store and waits until the deadline for its one durable answer. A rejection means that durability is in
 * doubt; it goes up, and the connection is cut without an answer, because any answer could be a lie.
 */
export async function decided(
  { store, after = afterTimeout }: RouteContext,
  input: {
    readonly command: Command;
    /** For the log. */
    readonly id: string;
    readonly deadlineMs: number;
    readonly words?: Words;
  },
): Promise<Reply> {
  const { words = OF_A_SALE } = input;
  const answer = await withinMs(store.execute(input.command), input.deadlineMs, after);
  if (answer.type === "late") {
    throw new ProblemError({
      code: "IN_PROGRESS",
      detail: "This id is still being decided. Send the same request again.",
      retryAfterMs: RETRY_AFTER_MS,
    });
  }
  const { conflict } = words;
  const decision = decisionIn(answer, { notFound: () => notFound(words.notFound), conflict });
  const { code, replayed, timings } = decision;
  return { body: decision.answer, id: input.id, code, replayed, timings };
}

async function withinMs<T>(
  work: Promise<T>,
  ms: number,
  after: After,
): Promise<T | { readonly type: "late" }> {
  let callOff = () => {};
  const late = new Promise<{ readonly type: "late" }>((resolve) => {
    callOff = after(ms, () => resolve({ type: "late" }));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    callOff();
  }
}
