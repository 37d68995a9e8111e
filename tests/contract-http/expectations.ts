// What every answer of a gateway looks like: a decision, or a problem document.

import { DecisionSchema, ProblemSchema } from "@pass-tpe/protocol";
import { expect } from "vitest";
import type { RawAnswer } from "./client.js";

/** A decision is 200 and JSON, with lines that fit their displays. */
export function expectDecision({ status, contentType, body }: RawAnswer): unknown {
  expect([status, body]).toEqual([200, expect.anything()]);
  expect(contentType).toMatch(/^application\/json/);
  const { display, display20 } = DecisionSchema.parse(body);
  for (const line of display) expect(line.length).toBeLessThanOrEqual(32);
  for (const line of display20) expect(line.length).toBeLessThanOrEqual(20);
  return body;
}

/** A problem document carries its status, and what a till shows. */
export function expectProblem(answer: RawAnswer, expected: { status: number; code: string }) {
  expect(answer).toMatchObject({ status: expected.status, body: expected });
  expect(answer.contentType).toMatch(/^application\/problem\+json/);
  const problem = ProblemSchema.parse(answer.body);
  expect(problem.type).toBe(`urn:pass-tpe:problem:${expected.code}`);
  expect(problem.detail).not.toBe("");
  return problem;
}
