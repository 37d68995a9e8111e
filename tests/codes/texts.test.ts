// Each code, of a result or of an error, says in French and in English what is wrong, who must act, and whether to try again.

import {
  type Actor,
  isRetryable,
  OUTCOMES,
  type OutcomeSpec,
  PUBLIC_CODES,
  PUBLIC_GROUPS,
  publicRetryOf,
  publicSpecOf,
} from "@pass-tpe/protocol";
import { ERROR_CODES, type ErrorCode } from "@pass-tpe/terminal-sdk";
import { describe, expect, test } from "vitest";
import { CODE_MEANINGS, RETRY_MEANINGS } from "../../gateway/protocol/src/openapi/meanings.js";

const ACTORS: Readonly<Record<Actor, true>> = {
  cashier: true,
  beneficiary: true,
  partner: true,
  integrator: true,
  device: true,
  network: true,
  operator: true,
  nobody: true,
};

/** A till's line, upper-case ASCII, with the places that figures are put into. */
const LINE = /^[\x20-\x60]{1,32}$/;
const FIGURE = /\{[^}]*\}/g;
/** A sentence of a person's. */
const SENTENCE = /^[A-ZÀÉ`].{8,}[.!?]$/su;

describe("each public code", () => {
  test.each(PUBLIC_CODES)("%s", (code) => {
    const { lines, lines20, message, actor } = publicSpecOf(code);
    for (const line of [...lines, ...lines20]) expect(line.replace(FIGURE, "0")).toMatch(LINE);
    expect(message.replace(FIGURE, "0")).toMatch(SENTENCE);
    expect(CODE_MEANINGS[code]).toMatch(SENTENCE);
    expect(ACTORS).toHaveProperty(actor);
    const retry = publicRetryOf(code, {});
    expect(RETRY_MEANINGS).toHaveProperty(retry);
    expect(typeof isRetryable(retry)).toBe("boolean");
  });
});

test("each precise code that is hidden has texts of its own for the holder's account, and an actor", () => {
  const hidden: readonly OutcomeSpec[] = OUTCOMES.filter((spec) => "publicCode" in spec);
  expect(hidden.length).toBeGreaterThan(PUBLIC_GROUPS.length);
  for (const { message, actor } of hidden) {
    expect(message.replace(FIGURE, "0")).toMatch(SENTENCE);
    expect(ACTORS).toHaveProperty(actor);
  }
});

describe("each error's code", () => {
  test.each(Object.keys(ERROR_CODES) as ErrorCode[])("%s", (code) => {
    const { actor, retryable, lines } = ERROR_CODES[code];
    expect(lines.fr).toMatch(LINE);
    expect(lines.en).toMatch(LINE);
    expect(lines.fr).not.toBe(lines.en);
    expect(ACTORS).toHaveProperty(actor);
    expect(typeof retryable).toBe("boolean");
  });
});
