// What is told of sales waits for a commit, which may be refused a turn; the next to ask has one of its own.

import { expect, it } from "vitest";
import { codeOf, openShop } from "../../../tests/support/shop.js";
import { memoryDriver } from "./memory/driver.js";
import { READS_WAITING_MAX } from "./waiting.js";
import { StoreBusyError } from "./writer.js";

/** As one whose server may show what no standby has yet. */
const DATABASE = { state: () => Promise.reject(new Error("not asked")), commitWaitsMs: () => 0 };

it("a crowd that leaves no room for the commit is told to come again, and whoever comes after it is answered", async () => {
  const driver = memoryDriver();
  let onLook = () => {};
  const shop = await openShop({
    ...driver,
    database: DATABASE,
    findAttempt(terminalId, id) {
      onLook();
      return driver.findAttempt(terminalId, id);
    },
  });
  const sale = shop.request();
  expect(codeOf(await shop.authorize(sale))).toBe("APPROVED");
  const status = () => shop.store.status(shop.terminal().id, sale.id);
  const crowd: Promise<unknown>[] = [];
  const come = (count: number) => {
    for (let index = 0; index < count; index += 1) crowd.push(status().catch((error) => error));
  };
  // As soon as some are looked for, so many come that the line is full again.
  onLook = () => {
    onLook = () => {};
    come(READS_WAITING_MAX);
  };
  come(READS_WAITING_MAX);
  const answers = await Promise.all(crowd);
  expect(answers.some((answer) => answer instanceof StoreBusyError)).toBe(true);
  expect(await status()).toMatchObject({ state: "approved" });
});
