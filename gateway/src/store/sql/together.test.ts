// Of several writes that fail the gravest failure is told, and the rest are waited for.

import { expect, it } from "vitest";
import { BugError } from "../../core/assert.js";
import { TransactionLostError } from "../driver.js";
import { LedgerDamagedError } from "../failures.js";
import { together } from "./together.js";

const bug = new BugError("stale");
const lost = new TransactionLostError("full");
const damaged = new LedgerDamagedError("damaged");

it.each([
  [[bug, lost, damaged], damaged],
  [[bug, lost], lost],
  [[bug, new BugError("later")], bug],
])("of %s the gravest", async (reasons, told) => {
  const sent = reasons.map((reason) => Promise.reject(reason));
  await expect(together([1, ...sent])).rejects.toBe(told);
});

it("nothing, where none fails", async () => {
  await expect(together([1, Promise.resolve()])).resolves.toBeUndefined();
});
