// What somebody changes of holds, captures and refunds in the file of a stopped gateway is found, and the sale is named.

import { beforeAll, describe, expect, it } from "vitest";
import { replayLedger } from "../../gateway/src/store/replay.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { verifyLedger } from "../../gateway/src/store/verify.js";
import { VERIFY_OPTIONS } from "../support/ledger.js";
import { readTestProgramme } from "../support/programme.js";
import { codeOf, openShop } from "../support/shop.js";
import { tamperCopy } from "../support/tamper.js";
import { tempFiles } from "../support/temp-folder.js";

const newFile = tempFiles();
let original: string;
let held: string;
let captured: string;
let refunded: string;
let expired: string;

beforeAll(async () => {
  original = newFile();
  const shop = await openShop(sqliteDriver(original), { grants: { SPECTACLE: 10_000 } });
  const sell = async (purchaseCents: number, capture: boolean) => {
    const request = shop.request({ purchaseCents, capture });
    const code = codeOf(await shop.authorize(request));
    expect(code).toBe(capture ? "APPROVED" : "APPROVED_HELD");
    return request.id;
  };
  expired = await sell(100, false);
  shop.clock.advance(30 * 60_000);
  captured = await sell(1_000, false);
  refunded = await sell(2_000, true);
  held = await sell(3_000, false);
  shop.clock.advance(1);
  expect(codeOf(await shop.capture(captured, { amountCents: 700 }))).toBe("CAPTURED");
  for (const amountCents of [500, 400]) {
    shop.clock.advance(1);
    expect(codeOf(await shop.refund(refunded, { amountCents }))).toBe("REFUNDED");
  }
  await shop.store.close();
});

async function proofsAfter(sql: string) {
  const path = newFile();
  tamperCopy({ original, copy: path }, sql);
  const driver = sqliteDriver(path);
  try {
    const { faults } = await verifyLedger(driver.ledger(), VERIFY_OPTIONS);
    const { differences } = await replayLedger(driver.ledger(), readTestProgramme);
    return { faults, differences };
  } finally {
    await driver.close();
  }
}

type Sale = "held" | "captured" | "refunded" | "expired";
const idOf = (sale: Sale) => ({ held, captured, refunded, expired })[sale];

/** What is done to which sale, in SQL; `$` stands for its id. */
const BY_VERIFY: readonly (readonly [string, Sale, string])[] = [
  ["a hold that keeps less", "held", "UPDATE holds SET units = 1 WHERE attempt_id = '$'"],
  [
    "a hold that lasts longer",
    "held",
    "UPDATE holds SET expires_at_ms = expires_at_ms + 1 WHERE attempt_id = '$'",
  ],
  ["a hold that is gone", "held", "DELETE FROM holds WHERE attempt_id = '$'"],
  ["a hold that was taken", "held", "UPDATE attempts SET state = 'approved' WHERE id = '$'"],
  [
    "an expired sale that waits again",
    "expired",
    "UPDATE attempts SET state = 'held' WHERE id = '$'",
  ],
  ["a capture of more", "captured", "UPDATE operations SET units = 900 WHERE attempt_id = '$'"],
  ["a capture that is gone", "captured", "DELETE FROM operations WHERE attempt_id = '$'"],
  [
    "a capture that says another amount",
    "captured",
    "UPDATE operations SET answer = json_set(answer, '$.amountCents', 701) WHERE attempt_id = '$'",
  ],
  [
    "a refund of more",
    "refunded",
    "UPDATE operations SET units = units + 1 WHERE attempt_id = '$' AND units = 400",
  ],
  [
    "a refund that is gone",
    "refunded",
    "DELETE FROM operations WHERE attempt_id = '$' AND units = 400",
  ],
  [
    "a refund at another instant",
    "refunded",
    "UPDATE operations SET at_ms = at_ms + 1 WHERE attempt_id = '$' AND units = 400",
  ],
  [
    "a refund's entry that is smaller, with its grant",
    "refunded",
    "UPDATE entries SET units = -399 WHERE units = -400; UPDATE grants SET spent = spent + 1",
  ],
  [
    "a refund made twice, with its entry and its grant",
    "refunded",
    `INSERT INTO operations (kind, terminal_id, attempt_id, id, asked_by, asked, units, at_ms, programme_hash, input, answer)
       SELECT kind, terminal_id, attempt_id, 'again', asked_by, asked, units, at_ms, programme_hash, input, answer
       FROM operations WHERE attempt_id = '$' AND units = 400;
     INSERT INTO entries (account_id, grant_id, terminal_id, attempt_id, units, at_ms)
       SELECT account_id, grant_id, terminal_id, attempt_id, units, at_ms FROM entries WHERE units = -400;
     UPDATE grants SET spent = spent - 400`,
  ],
];

const BY_REPLAY: readonly (readonly [string, Sale, string])[] = [
  ["a hold of another grant", "held", "UPDATE holds SET grant_id = 'other' WHERE attempt_id = '$'"],
  ["a hold of another account", "held", "UPDATE holds SET account_id = 'x' WHERE attempt_id = '$'"],
  [
    "a capture from another grant",
    "captured",
    "UPDATE entries SET grant_id = 'other' WHERE attempt_id = '$'",
  ],
  [
    "another wish than the refund was decided from",
    "refunded",
    "UPDATE operations SET asked = 401 WHERE attempt_id = '$' AND units = 400",
  ],
  [
    "a capture answered otherwise",
    "captured",
    "UPDATE operations SET answer = json_set(answer, '$.remaining.value', 1) WHERE attempt_id = '$'",
  ],
  [
    "a capture asked for otherwise",
    "captured",
    "UPDATE operations SET input = json_set(input, '$.asked.amountCents', 800) WHERE attempt_id = '$'",
  ],
  [
    "a refund from another sale's file",
    "refunded",
    "UPDATE operations SET input = json_set(input, '$.sale.taken', 1) WHERE attempt_id = '$'",
  ],
  [
    "an input that nobody can read",
    "refunded",
    "UPDATE operations SET input = '{}' WHERE attempt_id = '$'",
  ],
];

/** The first `$` of a path stays: only an id in quotes is put in. */
const withId = (sql: string, sale: Sale) => sql.replaceAll("'$'", `'${idOf(sale)}'`);

describe("after the sale", () => {
  it("a file that nobody touched is sound", async () => {
    expect(await proofsAfter("")).toEqual({ faults: [], differences: [] });
  });

  it.each(BY_VERIFY)("verify finds %s", async (_what, sale, sql) => {
    const { faults } = await proofsAfter(withId(sql, sale));
    expect(faults.join("\n")).toContain(`attempt terminal-0 ${idOf(sale)}: `);
  });

  it.each(BY_REPLAY)("replay finds %s", async (_what, sale, sql) => {
    const { differences } = await proofsAfter(withId(sql, sale));
    expect(differences.join("\n")).toContain(`attempt terminal-0 ${idOf(sale)}: `);
  });

  it("verify finds a hold and a refund that belong to no sale", async () => {
    const { faults } = await proofsAfter(
      `UPDATE holds SET attempt_id = 'nobody'; UPDATE operations SET attempt_id = 'nobody' WHERE units = 400`,
    );
    expect(faults.join("\n")).toMatch(/1 holds belong to no attempt/);
    expect(faults.join("\n")).toMatch(/refund \S+ of terminal-0 nobody belongs to no attempt/);
  });
});
