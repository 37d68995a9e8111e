// What somebody changes of the books of reimbursement in the file of a stopped gateway is found: lines, payments, files.

import { describe, expect, it } from "vitest";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { type VerifyReport, verifyLedger } from "../../gateway/src/store/verify.js";
import { VERIFY_OPTIONS } from "../support/ledger.js";
import { codeOf } from "../support/shop.js";
import { tamperCopy } from "../support/tamper.js";
import { tempFiles } from "../support/temp-folder.js";
import { FIRST, openBooks, paid, returned, SECOND } from "./store/settlement-books.js";

const newFile = tempFiles();
let made: Promise<string> | null = null;

/**
 * Two weeks. In the first, partner-1 sells for 20 €, gives 5 € and 4 € of it back, takes a sale of 7 € back, captures
 * 6 € of 8 €, sells two seats by tariff, equipment for 30 € that waits for papers, and records a visit; it is paid.
 * Partner-2 sells for 9 €, whose payment comes back and is made again in the second week, with a sale of 1 €. In the
 * third week partner-1 gives 3 € back and sells for 50 €, of which the books have not heard yet.
 */
async function makeOriginal(): Promise<string> {
  const original = newFile();
  const shop = await openBooks(() => sqliteDriver(original));
  const done = async (
    answer: Parameters<typeof codeOf>[0] | Promise<Parameters<typeof codeOf>[0]>,
  ) => expect(codeOf(await answer)).not.toMatch(/NOTHING|OVER|TOO_LATE|DECLINED/);
  const sale = await shop.sell("SPECTACLE", 2_000);
  for (const amountCents of [500, 400]) {
    shop.clock.advance(1);
    await done(shop.refund(sale, { amountCents }));
  }
  await done(shop.reverse(await shop.sell("SPECTACLE", 700)));
  await done(
    shop.capture(await shop.sell("SPECTACLE", 800, { capture: false }), { amountCents: 600 }),
  );
  await shop.sell("CINEMA", 2);
  await shop.sell("EQUIPEMENT", 3_000);
  await shop.sell("MUSEE", 1);
  await shop.sell("SPECTACLE", 900, { terminal: 1 });
  await shop.settle(FIRST);
  await shop.books.recordStatus([
    paid(FIRST.lastDay, "partner-1"),
    returned(FIRST.lastDay, "partner-2"),
  ]);
  await shop.sell("SPECTACLE", 100, { terminal: 1 });
  await shop.settle(SECOND);
  await done(shop.refund(sale, { amountCents: 300 }));
  await shop.accrue();
  await shop.sell("SPECTACLE", 5_000);
  await shop.store.close();
  return original;
}

async function reportAfter(sql: string): Promise<VerifyReport> {
  // In the first test, which ends the shop.
  made ??= makeOriginal();
  const original = await made;
  const path = newFile();
  tamperCopy({ original, copy: path }, `PRAGMA ignore_check_constraints = ON; ${sql}`);
  const driver = sqliteDriver(path);
  try {
    return await verifyLedger(driver.ledger(), VERIFY_OPTIONS);
  } finally {
    await driver.close();
  }
}

const PAID_LINE = "kind = 'sale' AND units = 2000";
const HELD_LINE = "avantage = 'EQUIPEMENT'";
const OPEN_LINE = "units = -300";
const TWICE = `INSERT INTO settlement_lines (kind, terminal_id, sale_id, refund_id, partner_id, avantage, unit, units,
    taken_at_ms, at_ms, amount_cents, held_for_papers, school_year, state, holds)
  SELECT kind, terminal_id, sale_id, refund_id, partner_id, avantage, unit, units,
    taken_at_ms, at_ms, amount_cents, held_for_papers, school_year, 'RELEASED', '[]' FROM settlement_lines`;
/** Lets an index that the file's thief would have in the way go. */
const WITHOUT_INDEXES = "DROP INDEX a_sale_is_one_line; DROP INDEX a_reversal_is_one_line;";
const ACCOUNT = "FR7630006000011234567890189";
const OTHER_ACCOUNT = "DE89370400440532013000";
const inFile = (from: string, to: string) =>
  `UPDATE settlements SET file = CAST(replace(CAST(file AS TEXT), '${from}', '${to}') AS BLOB)`;

const LINES: readonly (readonly [string, string, RegExp])[] = [
  [
    "an amount that is ten times as much",
    `UPDATE settlement_lines SET amount_cents = 20000 WHERE ${PAID_LINE}`,
    /attempt terminal-0 \S+: line \d+, sale: amountCents is 20000, and 2000 is due/,
  ],
  [
    "a price by tariff",
    "UPDATE settlement_lines SET amount_cents = 2 * amount_cents WHERE avantage = 'CINEMA'",
    /line \d+, sale: amountCents is \d+, and \d+ is due/,
  ],
  [
    "what a refund takes back",
    "UPDATE settlement_lines SET amount_cents = -1 WHERE units = -500",
    /line \d+, refund \S+: amountCents is -1, and -500 is due/,
  ],
  [
    "units that were never moved",
    `UPDATE settlement_lines SET units = 9999, amount_cents = 9999 WHERE ${PAID_LINE}`,
    /units is 9999, and 2000 is due/,
  ],
  [
    "what a capture took",
    "UPDATE settlement_lines SET units = 800, amount_cents = 800 WHERE units = 600",
    /units is 800, and 600 is due/,
  ],
  [
    "whose sale it was",
    `UPDATE settlement_lines SET partner_id = 'partner-2' WHERE ${OPEN_LINE}`,
    /partnerId is partner-2, and partner-1 is due/,
  ],
  [
    "when it moved",
    `UPDATE settlement_lines SET at_ms = at_ms + 1 WHERE ${OPEN_LINE}`,
    /atMs is \d+, and \d+ is due/,
  ],
  [
    "that papers hold it",
    `UPDATE settlement_lines SET held_for_papers = 0 WHERE ${HELD_LINE}`,
    /heldForPapers is false, and true is due/,
  ],
  [
    "the year whose papers hold it",
    `UPDATE settlement_lines SET school_year = '2021/2022' WHERE ${HELD_LINE}`,
    /schoolYear is 2021\/2022, and 2022\/2023 is due/,
  ],
  [
    "a second line of a sale",
    `${WITHOUT_INDEXES} ${TWICE} WHERE ${PAID_LINE}`,
    /line \d+, sale: no movement of the sale is left for it/,
  ],
  [
    "a second line of a refund",
    `${TWICE} WHERE units = -500`,
    /line \d+, refund \S+: no movement of the sale is left for it/,
  ],
  [
    "a line of nobody's sale",
    `${TWICE} WHERE ${PAID_LINE}; UPDATE settlement_lines SET sale_id = 'nobody' WHERE no = last_insert_rowid()`.replace(
      TWICE,
      `${WITHOUT_INDEXES} ${TWICE}`,
    ),
    /line \d+ of terminal-0 nobody belongs to no sale/,
  ],
  [
    "a line for a visit that nobody is paid for",
    `${TWICE} WHERE avantage = 'CINEMA'; UPDATE settlement_lines SET avantage = 'MUSEE', units = 1,
       sale_id = (SELECT id FROM attempts WHERE avantage = 'MUSEE'),
       at_ms = (SELECT decided_at_ms FROM attempts WHERE avantage = 'MUSEE') WHERE no = last_insert_rowid()`.replace(
      TWICE,
      `${WITHOUT_INDEXES} ${TWICE}`,
    ),
    /line \d+, sale: nothing is due for it/,
  ],
  [
    "a refund that is forgotten",
    `DELETE FROM settlement_lines WHERE ${OPEN_LINE}`,
    /refund \S+: -300 cents are due for it, and it has no line/,
  ],
  [
    "a sale that is forgotten",
    `DELETE FROM settlement_lines WHERE ${HELD_LINE}`,
    /sale: 3000 cents are due for it, and it has no line/,
  ],
  [
    "a sale that is left out of what is accrued",
    "UPDATE accrued SET attempts_seq = (SELECT max(seq) FROM attempts)",
    /sale: 5000 cents are due for it, and it has no line/,
  ],
  [
    "movements that are to be accrued again",
    "UPDATE accrued SET operations_seq = 0",
    /line \d+, refund \S+: it is there before its movement's turn/,
  ],
  [
    "a paid line that is open again",
    `UPDATE settlement_lines SET state = 'RELEASED', settlement = NULL WHERE ${PAID_LINE}`,
    /payment 2023-03-19 partner-1: it was made of line \d+, which is RELEASED in no payment/,
  ],
  [
    "a held line that is called paid",
    `UPDATE settlement_lines SET state = 'PAID', holds = '[]', settlement = '2023-03-19' WHERE ${HELD_LINE}`,
    /line \d+, sale: it is in the payment of 2023-03-19, which was not made of it/,
  ],
  [
    "a held line in a payment",
    `UPDATE settlement_lines SET state = 'HELD', holds = '["DECLARATION_MISSING"]' WHERE ${PAID_LINE}`,
    /line \d+, sale: it is HELD, and in a payment/,
  ],
  [
    "a hold without a reason",
    `UPDATE settlement_lines SET holds = '[]' WHERE ${HELD_LINE}`,
    /line \d+, sale: it is HELD, and nothing holds it/,
  ],
  [
    "a line that comes back from no payment",
    `UPDATE settlement_lines SET state = 'REJECTED' WHERE ${OPEN_LINE}`,
    /line \d+, refund \S+: it came back, and was in no payment/,
  ],
];

const PAYMENTS: readonly (readonly [string, string, RegExp])[] = [
  [
    "a payment of more",
    "UPDATE payments SET amount_cents = amount_cents + 1 WHERE partner_id = 'partner-1'",
    /payment 2023-03-19 partner-1: it is of \d+ cents, and its lines are of \d+/,
  ],
  [
    "a payment of more lines",
    "UPDATE payments SET lines = lines + 1 WHERE partner_id = 'partner-1'",
    /payment 2023-03-19 partner-1: it counts \d+ lines, and was made of \d+/,
  ],
  [
    "what a payment was made of",
    `DELETE FROM payment_lines WHERE line_no = (SELECT no FROM settlement_lines WHERE ${PAID_LINE})`,
    /payment 2023-03-19 partner-1: it is of \d+ cents, and its lines are of \d+/,
  ],
  [
    "a line that two payments were made of",
    `INSERT INTO payment_lines SELECT '2023-03-26', 'partner-2', no FROM settlement_lines WHERE ${PAID_LINE}`,
    /payment 2023-03-26 partner-2: it was made of line \d+, which is partner-1's/,
  ],
  [
    "a line that was paid already, in a later payment",
    "UPDATE settlement_lines SET settlement = '2023-03-19', state = 'PAID' WHERE units = 900",
    /payment 2023-03-26 partner-2: it was made of line \d+, which is PAID in the payment of 2023-03-19/,
  ],
  [
    "a returned payment that is called paid, so that it is paid twice",
    "UPDATE payments SET state = 'PAID' WHERE settlement = '2023-03-19' AND partner_id = 'partner-2'",
    /payment 2023-03-19 partner-2: it was made of line \d+, which is BATCHED in the payment of 2023-03-26/,
  ],
  [
    "a paid payment that is called returned",
    "UPDATE payments SET state = 'REJECTED' WHERE settlement = '2023-03-19'",
    /payment 2023-03-19 partner-1: it was made of line \d+, which is in it still, and it came back/,
  ],
  [
    "a payment that nobody asked the bank for",
    "UPDATE settlements SET file = NULL, accounts = NULL WHERE last_day = '2023-03-19'",
    /payment 2023-03-19 partner-1: it is PAID, and no bank was asked for it yet/,
  ],
  [
    "a cut-off that was moved",
    "UPDATE settlements SET cutoff_ms = 1 WHERE last_day = '2023-03-19'",
    /payment 2023-03-19 partner-1: it was made of line \d+, which moved after its cut-off/,
  ],
  [
    "a payment that is gone",
    "DELETE FROM payments WHERE settlement = '2023-03-26'",
    /payment 2023-03-26 partner-2 was made of line \d+, and is not there/,
  ],
  [
    "a line of a payment that is gone",
    "DELETE FROM settlement_lines WHERE units = 900",
    /payment 2023-03-26 partner-2: it was made of line \d+, which is gone/,
  ],
  [
    "a settlement that is gone",
    "DELETE FROM settlements WHERE last_day = '2023-03-26'",
    /payment 2023-03-26 partner-2 belongs to no settlement/,
  ],
];

const FILES: readonly (readonly [string, string, RegExp])[] = [
  [
    "another account in the file",
    inFile(ACCOUNT, OTHER_ACCOUNT),
    /payment file of 2023-03-26: payment 2023-03-26 partner-2 goes to another account in it/,
  ],
  [
    "another account in a payment",
    `UPDATE payments SET iban = '${OTHER_ACCOUNT}'`,
    /payment file of 2023-03-19: payment 2023-03-19 partner-1 goes to another account in it/,
  ],
  [
    "another bank in a payment",
    "UPDATE payments SET bic = 'DEUTDEFF'",
    /payment 2023-03-19 partner-1 goes to another account in it/,
  ],
  [
    "another amount in the file",
    inFile('<InstdAmt Ccy="EUR">10.00', '<InstdAmt Ccy="EUR">99.00'),
    /payment file of 2023-03-26: payment 2023-03-26 partner-2 is of 9900 cents in it/,
  ],
  [
    "another currency in the file",
    inFile('Ccy="EUR">10.00', 'Ccy="CHF">10.00'),
    /payment file of 2023-03-26: nobody can read it/,
  ],
  [
    "another payment's reference",
    inFile("PASSREGION-2023-03-19-1<", "PASSREGION-2023-03-19-2<"),
    /payment file of 2023-03-19: transfer 2 of 2023-03-19 is of no payment, or twice/,
  ],
  [
    "another settlement's reference",
    inFile("PASSREGION-2023-03-19-1<", "PASSREGION-2023-03-26-1<"),
    /payment file of 2023-03-19: payment 2023-03-19 partner-1 is not in it/,
  ],
  ["a file that is none", "UPDATE settlements SET file = x'00'", /nobody can read it/],
  [
    "a file that asks for nothing",
    "UPDATE settlements SET file = x''",
    /payment file of 2023-03-19: payment 2023-03-19 partner-1 is not in it/,
  ],
  [
    "the file of another settlement",
    `UPDATE settlements SET file = (SELECT file FROM settlements WHERE last_day = '2023-03-26')`,
    /payment file of 2023-03-19: transfer 1 of 2023-03-26 is of no payment, or twice/,
  ],
];

describe("the books", () => {
  it("are sound where nobody touched them, and are counted", async () => {
    const { faults, lines, payments, settlements } = await reportAfter("");
    expect({ faults, lines, payments, settlements }).toEqual({
      faults: [],
      lines: 11,
      payments: 3,
      settlements: 2,
    });
  });

  it.each(LINES)("verify finds %s", async (_what, sql, fault) => {
    expect((await reportAfter(sql)).faults.join("\n")).toMatch(fault);
  });

  it.each(PAYMENTS)("verify finds %s", async (_what, sql, fault) => {
    expect((await reportAfter(sql)).faults.join("\n")).toMatch(fault);
  });

  it.each(FILES)("verify finds %s", async (_what, sql, fault) => {
    expect((await reportAfter(sql)).faults.join("\n")).toMatch(fault);
  });

  it("one line that was changed is one fault while it is in no payment", async () => {
    const { faults } = await reportAfter(
      `UPDATE settlement_lines SET amount_cents = 1 WHERE ${OPEN_LINE}`,
    );
    expect(faults).toHaveLength(1);
  });

  it("tell nobody's account", async () => {
    const { faults } = await reportAfter(inFile(ACCOUNT, OTHER_ACCOUNT));
    expect(faults).not.toEqual([]);
    expect(faults.join("\n")).not.toMatch(/FR76|DE89/);
  });
});
