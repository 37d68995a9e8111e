// The responses of an operation: its 200, and one entry for each status on which it answers with a problem.

import { PROBLEM_CONTENT_TYPE, type Problem } from "../messages/problem.js";
import { publicRetryOf, renderOutcome } from "../outcomes/index.js";
import { componentName, refTo } from "./components.js";
import type { Example } from "./example.js";
import { EXAMPLES } from "./examples.js";
import type { Operation } from "./operations.js";
import type { ProblemCase } from "./problem-cases.js";

/** How long the example problems ask to wait. */
const EXAMPLE_RETRY_AFTER_MS = 1_000;

/** The `responses` object, by status. */
export function responsesOf({ answer, answerMeans, problems }: Operation): Record<string, object> {
  const byStatus = new Map<number, ProblemCase[]>();
  for (const one of problems) {
    byStatus.set(one.status, [...(byStatus.get(one.status) ?? []), one]);
  }
  const refusals = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, cases]) => [status, problemResponse(cases)] as const);
  return {
    200: { description: answerMeans, content: { "application/json": contentOf(answer) } },
    ...Object.fromEntries(refusals),
  };
}

/** A body's schema with its examples. */
export function contentOf(schema: Operation["answer"]): object {
  const name = componentName(schema);
  const examples = EXAMPLES[name];
  return { schema: refTo(name), ...(examples === undefined ? {} : { examples }) };
}

function problemResponse(cases: readonly ProblemCase[]): object {
  const examples = cases.map((one) => [one.code, exampleOf(one)] as const);
  return {
    description: cases.map(({ code, when }) => `\`${code}\`: ${when}`).join("\n\n"),
    content: {
      [PROBLEM_CONTENT_TYPE]: {
        schema: refTo("Problem"),
        examples: Object.fromEntries(examples),
      },
    },
  };
}

function exampleOf({ status, code, when }: ProblemCase): Example<Problem> {
  const retry = publicRetryOf(code, {});
  const waits = retry === "SAMEKEY" || retry === "LATER";
  const value: Problem = {
    type: `urn:pass-tpe:problem:${code}`,
    title: code,
    status,
    detail: when,
    code,
    retry,
    ...(waits ? { retryAfterMs: EXAMPLE_RETRY_AFTER_MS } : {}),
    ...renderOutcome(code, {}),
  };
  return { summary: when, value };
}
