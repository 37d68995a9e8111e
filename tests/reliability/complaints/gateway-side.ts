// What users of other gateways and ledgers miss.

import { type Complaint, t } from "./row.js";

const SEEN = "tests/codes/seen.test.ts";
const CODES = "tests/codes/at-the-till.test.ts";
const AFTER_SALE = "tests/codes/after-sale-at-the-till.test.ts";
const IDEMPOTENCY = "tests/contract/store/idempotency.ts";

export const GATEWAY_SIDE: readonly Complaint[] = [
  {
    id: "G-1",
    complaint: "A request that is sent twice is decided twice.",
    here: "The same id gets the stored answer, for ever.",
    tests: [
      t(
        IDEMPOTENCY,
        "sent again gets the same answer, though card, partner and window have changed",
      ),
    ],
  },
  {
    id: "G-2",
    complaint: "A hold that is over is free only after a job has run.",
    here: "It ends at its very instant, seen on read.",
    tests: [
      t(
        "tests/contract/store/holds.ts",
        "expires at its very instant: seen on read, and free for another sale",
      ),
      t(AFTER_SALE, "that nobody captured is over, and the till is told"),
    ],
  },
  {
    id: "G-3",
    complaint: "A reversal that overtakes its sale is lost, and the sale stands.",
    here: "It leaves a tombstone: the sale is refused for ever.",
    tests: [
      t(
        "tests/contract/store/reversals.ts",
        "that comes before its sale refuses it for ever, and gives nothing back",
      ),
    ],
  },
  {
    id: "G-4",
    complaint: "A balance that is too small is a flat refusal.",
    here: "What is left is taken and the rest told, or the amount that would do is named.",
    tests: [
      t(
        CODES,
        "cover a part; once used up, another avantage is offered and paid without a second tap",
      ),
      t(
        CODES,
        "say how much there is to a till that wants all or nothing, which then asks for that much",
      ),
    ],
  },
  {
    id: "G-5",
    complaint: "More is refunded than was captured.",
    here: "Parts add up to what was taken, whoever asks.",
    tests: [
      t(
        AFTER_SALE,
        "is made in parts, never above what was taken, and its repeat gives nothing more",
      ),
      t(
        "tests/contract/concurrency-after-sale.test.ts",
        "fifty refunds of a tenth each give back the whole, and no more",
      ),
    ],
  },
  {
    id: "G-6",
    complaint: "Who may buy what, and when, is code.",
    here: "It is data, each rule checked, and a rule that is taken out is missed by a test.",
    tests: [
      t(
        "tests/rules/delete-rules.test.ts",
        "is noticed every time, by the loader or by a check that names the rule",
      ),
      t(
        "tests/properties/windows.test.ts",
        "opens with its first millisecond in Paris and closes after its last, on any days",
      ),
    ],
  },
  {
    id: "G-7",
    complaint: "Euros and vouchers are two systems.",
    here: "Euros, seats and coupons are one model.",
    tests: [
      t(CODES, "as seats leaves one euro each to collect"),
      t(CODES, "as coupons leaves nothing to collect"),
    ],
  },
  {
    id: "G-8",
    complaint: "The reason of a refusal is lost on its way to the till.",
    here: "The code comes through, with what can be done next.",
    tests: [
      t(SEEN, "a Terminal shows what the gateway said"),
      t(
        "terminal-sdk/src/sale/sale.test.ts",
        "comes with the reason, who acts, and what may be done",
      ),
    ],
  },
  {
    id: "G-9",
    complaint: "A suspension that was lifted leaves another balance than before.",
    here: "It touches no balance.",
    tests: [
      t(
        "tests/properties/suspensions.test.ts",
        "leaves every balance, every file and every later decision as without it",
      ),
    ],
  },
  {
    id: "G-10",
    complaint: "Who changed a row in the database, nobody can tell.",
    here: "A chain of hashes with signed heads, kept elsewhere.",
    tests: [
      t(
        "tests/contract/chain-tampering.test.ts",
        "is found by the exported heads alone, when those beside the chain are gone too",
      ),
      t(
        "tests/operators/chain.test.ts",
        "a chain that the gateway itself made anew over a changed past is found",
      ),
    ],
  },
  {
    id: "G-11",
    complaint: "Partners are paid wrongly, or before their papers are in.",
    here: "Settlement to the cent; what waits for papers is held.",
    tests: [
      t("tests/settlement/month.test.ts", "is paid or held to the cent, week after week"),
      t(
        "tests/contract/store/settlement-periods.ts",
        "holds what waits for papers and pays the rest; then pays it in full, once they are in",
      ),
    ],
  },
  {
    id: "G-12",
    complaint: "Faults that come once in a million sales are met by customers first.",
    here: "Seeded days with faults are run against a model of their own.",
    tests: [
      t("simulators/src/checker/random.test.ts", "can be spoiled against every rule"),
      t("simulators/src/checker/random.test.ts", "have no violation where every rule was kept"),
    ],
  },
];
