import type { Decision, Problem, PublicCode } from "@pass-tpe/protocol";
import { renderOutcome } from "@pass-tpe/protocol";
import { describe, expect, it } from "vitest";
import type { Exchange } from "./exchange.js";
import { decideRetry, leavesDoubt, TRIES_MAX, TRY_NEEDS_MS, type TryState } from "./retry.js";

const notSent: Exchange<Decision> = { kind: "notSent", reason: "ECONNREFUSED" };
const noAnswer: Exchange<Decision> = { kind: "noAnswer", reason: "ECONNRESET" };

function answered(fields: Partial<Decision>): Exchange<Decision> {
  const lines: [string, string] = ["", ""];
  const body: Decision = {
    id: "0190163d-8694-739b-aea5-966c26f8ad91",
    outcome: "declined",
    code: "BALANCE_EXHAUSTED",
    iso39: "51",
    display: lines,
    display20: lines,
    message: "",
    retry: "NO",
    decidedAtMs: 1,
    ...fields,
  };
  return { kind: "answer", body };
}

function approvedAs(iso39: string): Exchange<Decision> {
  return answered({ outcome: "approved", code: "APPROVED", iso39, retry: "NONE" });
}

/** A problem whose code this version does not know. */
function newer(status: number, retry: string): Exchange<Decision> {
  const known = refused(status, "FORMAT_ERROR");
  if (known.kind !== "problem") throw new Error("not a problem");
  return { ...known, problem: { ...known.problem, code: "NEW", retry } };
}

function refused(status: number, code: PublicCode, retryAfterMs?: number): Exchange<Decision> {
  const problem: Problem = {
    type: `urn:pass-tpe:problem:${code}`,
    title: code,
    status,
    detail: "",
    code,
    retry: "NO",
    ...renderOutcome(code, {}),
  };
  const later = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { kind: "problem", status, problem, ...later };
}

/** A first try with nearly all the time left. */
function decide(result: Exchange<Decision>, fields: Partial<TryState> = {}) {
  const inDoubt = fields.inDoubt === true || leavesDoubt(result);
  const usual = { attemptsMade: 1, elapsedMs: 10, deadlineMs: 5_000 };
  return decideRetry({ ...usual, ...fields, result, inDoubt });
}

const TIME_UP = { elapsedMs: 4_990 };

describe("with time left", () => {
  it.each<[string, Exchange<Decision>, string]>([
    ["an approval", approvedAs("00"), "return"],
    ["a partial approval", approvedAs("10"), "return"],
    ["a decline", answered({}), "return"],
    ["a decline of a code newer than this version", answered({ code: "NEW_RULE" }), "return"],
    ["a decline that is not stored", answered({ code: "SYSTEM_ERROR" }), "repeat"],
    ["a newer code that is not stored", answered({ code: "NEW", retry: "SAMEKEY" }), "repeat"],
    ["a newer code that is still in progress", answered({ code: "NEW", iso39: "09" }), "repeat"],
    ["an approval that its field 39 denies", approvedAs("51"), "repeat"],
    ["a newer problem that asks for the same id", newer(409, "SAMEKEY"), "repeat"],
    ["a newer technical decline", answered({ code: "NEW", iso39: "91" }), "return"],
    ["a newer problem", newer(409, "NO"), "return"],
    ["no answer", noAnswer, "repeat"],
    ["nothing sent", notSent, "repeat"],
    ["still being decided", refused(409, "IN_PROGRESS"), "repeat"],
    ["too many requests", refused(429, "RATE_LIMITED"), "repeat"],
    ["maintenance", refused(503, "MAINTENANCE"), "repeat"],
    ["a server that failed", refused(500, "SYSTEM_ERROR"), "repeat"],
    ["a malformed request", refused(400, "FORMAT_ERROR"), "return"],
    ["a terminal that is not known", refused(401, "TERMINAL_AUTH_FAILED"), "return"],
    ["a terminal that is not authorised", refused(403, "TERMINAL_NOT_AUTHORISED"), "return"],
    ["an id that another body has used", refused(409, "DUPLICATE_CONFLICT"), "return"],
  ])("%s", (_case, result, action) => {
    expect(decide(result)).toMatchObject({ action, reason: expect.stringMatching(/^[A-Z].*\.$/) });
  });

  it("waits as long as the gateway asks", () => {
    expect(decide(refused(429, "RATE_LIMITED", 700))).toMatchObject({ afterMs: 700 });
  });

  it("does not wait longer than there is time: the refusal stands", () => {
    expect(decide(refused(503, "MAINTENANCE", 60_000))).toMatchObject({ action: "return" });
  });

  it("waits longer from try to try, and never more than a second", () => {
    const waits = [1, 2, 3, 7].map((attemptsMade) => decide(noAnswer, { attemptsMade }));
    expect(waits).toMatchObject([50, 100, 200, 1_000].map((afterMs) => ({ afterMs })));
  });

  it("makes a limited number of tries", () => {
    expect(decide(noAnswer, { attemptsMade: TRIES_MAX })).toMatchObject({ action: "unknown" });
  });

  it("begins no try that the gateway could not decide in time", () => {
    const elapsedMs = 5_000 - 50 - TRY_NEEDS_MS;
    expect(decide(noAnswer, { elapsedMs }).action).toBe("repeat");
    expect(decide(noAnswer, { elapsedMs: elapsedMs + 1 }).action).toBe("unknown");
  });
});

describe("with the time used up and no earlier doubt", () => {
  it.each<[string, Exchange<Decision>, string]>([
    ["no answer", noAnswer, "unknown"],
    ["nothing sent", notSent, "giveUpNotSent"],
    ["still being decided", refused(409, "IN_PROGRESS"), "unknown"],
    ["still being decided, said as a decision", answered({ code: "IN_PROGRESS" }), "unknown"],
    ["too many requests", refused(429, "RATE_LIMITED"), "return"],
    ["maintenance", refused(503, "MAINTENANCE"), "return"],
    ["a server that failed, perhaps after it committed", refused(500, "SYSTEM_ERROR"), "unknown"],
    ["a decline that is not stored", answered({ code: "SYSTEM_ERROR" }), "unknown"],
    ["a newer code that is not stored", answered({ code: "NEW", retry: "SAMEKEY" }), "unknown"],
    ["a newer code that is in progress", answered({ code: "NEW", iso39: "09" }), "unknown"],
    ["a newer code that came too late", answered({ code: "NEW", iso39: "68" }), "unknown"],
    ["a newer technical decline", answered({ code: "NEW", iso39: "91" }), "return"],
    ["an approval that its field 39 denies", approvedAs("51"), "unknown"],
    ["a newer problem that asks for the same id", newer(409, "SAMEKEY"), "unknown"],
    ["a newer problem", newer(409, "NO"), "return"],
  ])("%s", (_case, result, action) => {
    expect(decide(result, TIME_UP).action).toBe(action);
  });
});

describe("after an earlier try that may have been decided", () => {
  it.each<[string, Exchange<Decision>, string]>([
    ["an approval is the stored answer", approvedAs("00"), "return"],
    ["a decline is the stored answer", answered({}), "return"],
    ["nothing sent proves nothing", notSent, "unknown"],
    ["a conflict proves nothing", refused(409, "DUPLICATE_CONFLICT"), "unknown"],
    ["a revoked terminal proves nothing", refused(403, "TERMINAL_NOT_AUTHORISED"), "unknown"],
    ["too many requests prove nothing", refused(429, "RATE_LIMITED"), "unknown"],
    ["a decline that is not stored proves nothing", answered({ code: "SYSTEM_ERROR" }), "unknown"],
    ["a technical decline proves nothing", answered({ code: "NEW", iso39: "96" }), "unknown"],
    ["a known one neither", answered({ code: "MAINTENANCE", iso39: "90" }), "unknown"],
    ["a newer problem proves nothing", newer(409, "NO"), "unknown"],
  ])("%s", (_case, result, action) => {
    expect(decide(result, { ...TIME_UP, inDoubt: true }).action).toBe(action);
  });
});
