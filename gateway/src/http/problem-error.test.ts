// What a failure is told as, where nothing may be said and where the caller can help itself.

import { expect, test } from "vitest";
import { ClosedError } from "../core/closed-error.js";
import { OvertakenError, TransactionLostError } from "../store/driver.js";
import { StoreBusyError, StoreStoppedError } from "../store/engine.js";
import { DatabaseSetupError } from "../store/setup-error.js";
import { problemFor } from "./problem-error.js";

test("a read that met too many others may come again", () => {
  expect(problemFor(new StoreBusyError("full"))).toMatchObject({
    code: "RATE_LIMITED",
    retryAfterMs: 1_000,
  });
});

test.each([
  new TransactionLostError("nobody listens"),
  new OvertakenError("faster"),
  new DatabaseSetupError("is a standby"),
])("where the store cannot be used just now the same may come again: %s", (error) => {
  expect(problemFor(error)).toMatchObject({ code: "SYSTEM_ERROR", status: 503 });
});

test("of a store that stopped nothing is said", () => {
  expect(problemFor(new StoreStoppedError("doubt"))).toBeNull();
});

test("what is closed for a while says who must act, and when to come again", () => {
  const closed = { detail: "Operator: set the clock.", retryAfterMs: 30_000 };
  expect(problemFor(new ClosedError(closed))).toEqual({ code: "MAINTENANCE", ...closed });
});
