// What a failure is told as, where nothing may be said and where the caller can help itself.

import { expect, test } from "vitest";
import { ClosedError } from "../core/closed-error.js";
import { StoreBusyError, StoreStoppedError } from "../store/engine.js";
import { problemFor } from "./problem-error.js";

test("a read that met too many others may come again", () => {
  expect(problemFor(new StoreBusyError("full"))).toMatchObject({
    code: "RATE_LIMITED",
    retryAfterMs: 1_000,
  });
});

test("of a store that stopped nothing is said", () => {
  expect(problemFor(new StoreStoppedError("doubt"))).toBeNull();
});

test("what is closed for a while says who must act, and when to come again", () => {
  const closed = { detail: "Operator: set the clock.", retryAfterMs: 30_000 };
  expect(problemFor(new ClosedError(closed))).toEqual({ code: "MAINTENANCE", ...closed });
});
