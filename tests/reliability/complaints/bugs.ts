// Bugs that users of ledgers hit again and again.

import { type Complaint, t } from "./row.js";

const AT_THE_TILL = "tests/reliability/complaints-at-the-till.test.ts";
const SEEN = "tests/codes/seen.test.ts";
const IDEMPOTENCY = "tests/contract/store/idempotency.ts";

export const BUGS: readonly Complaint[] = [
  {
    id: "B-1",
    complaint: "Check, then act: two commits both succeed.",
    here: "One writer, and nothing between check and act.",
    tests: [
      t(
        "tests/contract/concurrency-after-sale.test.ts",
        "fifty captures of as many amounts have one winner",
      ),
      t(
        "tests/contract/store/captures.ts",
        "captured twice at once with two amounts has one winner",
      ),
      t(
        "tests/contract/concurrency.test.ts",
        "fail this very check where %i stores check and then act",
      ),
    ],
  },
  {
    id: "B-2",
    complaint: "Two refunds of 60 € on a capture of 100 € are both made.",
    here: "A refund is held to what was captured and not yet given back.",
    tests: [
      t(
        AT_THE_TILL,
        "of two refunds of 60 € on a capture of 100 €, at two tills at once, one is made",
      ),
      t(
        "tests/contract/store/refunds.ts",
        "of 60 and 60 on 100 gives back one of them, at once and one after the other",
      ),
    ],
  },
  {
    id: "B-3",
    complaint: "Three vouchers are redeemed five times.",
    here: "What is counted is held to its number as money is.",
    tests: [
      t(
        AT_THE_TILL,
        "three vouchers that are redeemed at five tills at once are redeemed three times",
      ),
      t("tests/contract/concurrency.test.ts", "are approved ten times on one store: %s"),
    ],
  },
  {
    id: "B-4",
    complaint: "Holds are ignored in the balance.",
    here: "What is held is there for nobody else until its hold ends.",
    tests: [
      t(
        AT_THE_TILL,
        "what is held cannot be sold once more, and is there again once the hold is ended",
      ),
      t("tests/contract/store/holds.ts", "keeps its amount from other sales, and takes nothing"),
    ],
  },
  {
    id: "B-5",
    complaint: "The same key with another body silently gets the old answer.",
    here: "It is a conflict, told as one, and the old answer stays.",
    tests: [
      t(
        AT_THE_TILL,
        "the same id with another body is a conflict that replays nothing of the old answer",
      ),
      t(IDEMPOTENCY, "with another content under its id is a conflict and changes nothing"),
    ],
  },
  {
    id: "B-6",
    complaint: "A duplicate that comes at the same time gets an empty 200.",
    here: "It waits for the one decision, and gets the same whole answer.",
    tests: [
      t(
        AT_THE_TILL,
        "a request that arrives twelve times at once is answered twelve times alike and whole",
      ),
      t(IDEMPOTENCY, "sent many times at once is debited once and answered alike"),
    ],
  },
  {
    id: "B-7",
    complaint: "A load event that comes again resets what was spent.",
    here: "It changes nothing, and is answered as before.",
    tests: [
      t(
        "tests/operators/listener.test.ts",
        "is seen by the next tap, and a repeat of it neither grants nor resets anything",
      ),
      t(
        "tests/contract/store/events.ts",
        "sent again is answered alike and changes nothing, whatever has changed since",
      ),
      t(
        "tests/contract/store/loading.ts",
        "the same batch again resets no balance, no counter and no try",
      ),
    ],
  },
  {
    id: "B-8",
    complaint: "An outer layer turns every refusal into “wrong PIN”.",
    here: "The code of the decision is the code that the till shows, group codes by design.",
    tests: [
      t(SEEN, "a Terminal shows what the gateway said"),
      t(
        "tests/codes/groups.test.ts",
        "the groups are those of suspended, not granted and age, and of lost, stolen and blocked",
      ),
    ],
  },
  {
    id: "B-9",
    complaint: "Audit, log or webhooks hold up the payment.",
    here: "The chain is sealed behind the sales, and a log that nobody reads is waited for by nobody.",
    tests: [
      t(
        "tests/reliability/blocked-log.test.ts",
        "requests are answered while nobody reads the log, and the log goes on once somebody does",
      ),
      t(
        "tests/contract/chain.test.ts",
        "goes on where it was when a step fails, and no sale is lost with it",
      ),
      t("terminal-sdk/src/terminal.test.ts", "go to listeners that cannot break a sale"),
    ],
  },
  {
    id: "B-10",
    complaint: "Everything stands still at a checkpoint or a failover.",
    here: "The log is folded back a little at a time; work of any length goes by in steps; a start finds the truth by id.",
    tests: [
      t(
        "tests/reliability/write-ahead-log.test.ts",
        "a log that is folded back in mid-load stays bounded, and every sale is decided within its deadline",
      ),
      t(
        "tests/contract/chain.test.ts",
        "grows by bounded steps, and a sale that came meanwhile goes before the next one",
      ),
      t(
        "tests/reliability/connection.test.ts",
        "is offline with a reason, and back within a heartbeat; what is owed goes out at once",
      ),
    ],
  },
];
