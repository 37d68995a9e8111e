// What users of other terminals miss.

import { type Complaint, t } from "./row.js";

const DOUBT = "terminal-sdk/src/doubt.test.ts";
const STATES = "tests/codes/states.test.ts";
const CODES = "tests/codes/at-the-till.test.ts";
const AFTER_SALE = "tests/codes/after-sale-at-the-till.test.ts";

export const TERMINAL_SIDE: readonly Complaint[] = [
  {
    id: "P-1",
    complaint: "Readers are found by one way at a time.",
    here: "All readers listen at once; the first good presentation wins.",
    tests: [
      t("terminal-sdk/src/sale/sale.test.ts", "wins over all other readers, which are disarmed"),
      t("terminal-sdk/src/sale/reader-bank.test.ts", "wait on when one of two goes away"),
    ],
  },
  {
    id: "P-2",
    complaint: "Events are strings in no order.",
    here: "One typed, ordered stream.",
    tests: [
      t(
        "terminal-sdk/src/events.test.ts",
        "gives each listener its own type, and all to a listener of all, in one order",
      ),
    ],
  },
  {
    id: "P-3",
    complaint: "What a card could pay is known only after the sale failed.",
    here: "An inquiry tells avantages, windows and remainders, and its proof makes the sale.",
    tests: [
      t(
        CODES,
        "tells what the card can use here, and its proof makes the sale without a second tap",
      ),
    ],
  },
  {
    id: "P-4",
    complaint: "A sale that was cut off by a crash is lost or doubled.",
    here: "Its id is journaled before it is sent, and survives the crash.",
    tests: [
      t(
        "tests/reliability/sdk-strace.test.ts",
        "each request leaves after the journal's record of its sale is synced",
      ),
      t(DOUBT, "nothing is resent, and what was in doubt is reversed, once"),
      t(
        "terminal-sdk/src/client/journal.test.ts",
        "is read without a last line that is cut at any byte",
      ),
    ],
  },
  {
    id: "P-5",
    complaint: "After a time-out the till has to find out by itself.",
    here: "`unknown` resolves by itself: asked again inside the deadline, reversed after it.",
    tests: [
      t(DOUBT, "is asked for again under the same id and body, and is then the sale's result"),
      t(DOUBT, "a reversal that was owed while the gateway is away is sent when it is back"),
    ],
  },
  {
    id: "P-6",
    complaint: "Receipts are the till's own affair.",
    here: "Both copies are made, in French, the remainder on the holder's alone.",
    tests: [
      t(
        "terminal-sdk/src/receipts/receipts.test.ts",
        "of every kind, both copies, on %d characters",
      ),
      t(
        "terminal-sdk/src/receipts/receipts.test.ts",
        "the merchant's copy never has the balance, in data or in text",
      ),
    ],
  },
  {
    id: "P-7",
    complaint:
      "At the end of the day the figures of till and gateway differ, and nobody knows why.",
    here: "Totals by avantage are compared, and each difference says who acts.",
    tests: [
      t(AFTER_SALE, "of sales, records, captures, reversals and refunds agrees with the gateway's"),
      t("terminal-sdk/src/day/reconcile.test.ts", "that nothing explains is no agreement"),
    ],
  },
  {
    id: "P-8",
    complaint: "An error does not say whether to try again, or who can mend it.",
    here: "Every code says who acts, whether to retry and whether money moved, in French and English.",
    tests: [
      t("tests/codes/texts.test.ts", "each error's code"),
      t(STATES, "a sale says that money moved:"),
    ],
  },
  {
    id: "P-9",
    complaint: "A dead connection is found by the next customer.",
    here: "A heartbeat finds it; half-open connections are replaced.",
    tests: [
      t("tests/reliability/connection.test.ts", "is noticed by the heartbeat, and replaced"),
      t(
        "tests/reliability/connection.test.ts",
        "costs a sale one try and not the sale, however many of them were kept",
      ),
    ],
  },
  {
    id: "P-10",
    complaint: "Two tills cannot share a terminal, or both think that they have it.",
    here: "A lease with owner and expiry, and a takeover that both are told of.",
    tests: [
      t(
        "tests/reliability/lease.test.ts",
        "a second till is told who has the terminal and until when, and gets it when it asks",
      ),
      t(
        "terminal-sdk/src/file-lock.test.ts",
        "of several processes that begin at one moment exactly one holds a lock",
      ),
    ],
  },
  {
    id: "P-11",
    complaint: "Nobody publishes latencies.",
    here: "The bench is in the repository, and its ledger must agree with its answers.",
    tests: [
      t("tests/bench/figures.test.ts", "a percentile is a latency that was measured"),
      t(
        "tests/bench/bench.test.ts",
        "a quick run gives one object with every run, its ledgers agree, and no ratio is far off",
      ),
    ],
  },
];
