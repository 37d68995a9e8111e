// What users of terminal SDKs ask for most.

import { type Complaint, t } from "./row.js";

const DOUBT = "terminal-sdk/src/doubt.test.ts";
const TERMINAL = "terminal-sdk/src/terminal.test.ts";
const FAULTS = "simulators/src/gateway-double/faults.test.ts";
const STATES = "tests/codes/states.test.ts";
const SEEN = "tests/codes/seen.test.ts";
const IDEMPOTENCY = "tests/contract/store/idempotency.ts";

export const ASKED_FOR: readonly Complaint[] = [
  {
    id: "A-1",
    complaint: "The till said “declined”, and the money had moved.",
    here: "A third result, `unknown`, is reversed by itself; `declined` is only what certainly moved nothing.",
    tests: [
      t(DOUBT, "is reversed again and again until the gateway acknowledges it"),
      t(DOUBT, "that cannot keep an approval makes it unknown, and it is reversed"),
      t(FAULTS, "%s, always: what is not known stands for nothing in the end"),
      t(
        "tests/reliability/kill.test.ts",
        "a gateway killed in mid-load loses no approval that was seen and doubles none, PIN tries and counters included",
      ),
    ],
  },
  {
    id: "A-2",
    complaint: "An operation never ends.",
    here: "Each has a deadline that ends it; what is owed goes on behind it.",
    tests: [
      t("terminal-sdk/src/client/repeat.test.ts", "ends as unknown when its time is over in doubt"),
      t(
        "terminal-sdk/src/client/repeat.test.ts",
        "ends with what the gateway last said when a wait takes longer than it should",
      ),
      t(
        "terminal-sdk/src/sale/sale.test.ts",
        "gives up when nobody types in time, even if the pad overlooks its signal",
      ),
      t(IDEMPOTENCY, "that waited past its deadline is declined, not approved into the void"),
    ],
  },
  {
    id: "A-3",
    complaint: "Cancel does not cancel, or leaves the reader dead.",
    here: "`cancel()` resolves with the true outcome, and the next sale works.",
    tests: [
      t(TERMINAL, "before a card is presented declines the sale and leaves the reader usable"),
      t(TERMINAL, "after the request has left resolves with the sale's true outcome"),
      t(
        "terminal-sdk/src/sale/step-up.test.ts",
        "moved nothing when the cashier cancels at the pad",
      ),
    ],
  },
  {
    id: "A-4",
    complaint: "It says “connected”, and is not.",
    here: "States come from what really happened, with their reason, and heal by themselves.",
    tests: [
      t(STATES, "%s, with the reason"),
      t(STATES, "%s, and why where it cannot read"),
      t(
        "tests/reliability/connection.test.ts",
        "is offline with a reason, and back within a heartbeat; what is owed goes out at once",
      ),
      t("tests/reliability/connection.test.ts", "is noticed by the heartbeat, and replaced"),
    ],
  },
  {
    id: "A-5",
    complaint: "All errors look alike: cancelled, network, wrong PIN, refused.",
    here: "Each has a code of its own, shown by a Terminal in a test, with who acts and two languages.",
    tests: [
      t(SEEN, "no public code is left that no Terminal was shown"),
      t("tests/codes/errors.test.ts", "no code that no scenario brings about"),
      t("tests/codes/texts.test.ts", "each public code"),
    ],
  },
  {
    id: "A-6",
    complaint: "Errors and disconnects cannot be simulated in CI, without network.",
    here: "The double makes every fault and every code by its name, in one line.",
    tests: [
      t(FAULTS, "%s, once: the till sees the truth, and one debit is made"),
      t(FAULTS, "a code that the terminal gives by itself comes by"),
      t(
        "simulators/src/scenario-sale.test.ts",
        "a card removed in mid-read is refused readably, and the next tap is approved",
      ),
    ],
  },
  {
    id: "A-7",
    complaint: "An unknown code, or a packet that came in two parts, breaks the till.",
    here: "Unknown codes go by their class, unknown fields are passed over, answers are read to their end.",
    tests: [
      t(
        FAULTS,
        "a decline of a later version is declined, one of its problems is none of the sale's",
      ),
      t(FAULTS, "%s, once: the till sees the truth, and one debit is made"),
      t(
        "terminal-sdk/src/sale/sale.test.ts",
        "with a code newer than this version keeps its words and is a decline",
      ),
    ],
  },
  {
    id: "A-8",
    complaint: "The till died, and its reader or terminal stays taken.",
    here: "A dead process is succeeded at once; a living one is asked to give way.",
    tests: [
      t(
        "tests/reliability/lease.test.ts",
        "a till that dies is succeeded at once, without being asked",
      ),
      t(
        "tests/reliability/lease.test.ts",
        "a second till is told who has the terminal and until when, and gets it when it asks",
      ),
      t(TERMINAL, "in the middle of a sale ends it truthfully and lets go of the reader"),
      t(TERMINAL, "with a reader that cannot work closes the others again"),
    ],
  },
  {
    id: "A-9",
    complaint: "Nobody can tell which step was slow.",
    here: "Each sale tells the time of its steps; the gateway tells its own.",
    tests: [
      t(TERMINAL, "tell a sale step by step, in order and without evidence"),
      t("terminal-sdk/src/sale/step-up.test.ts", "adds the steps of both requests up"),
      t("tests/http/listener.test.ts", "tells how long each stage took"),
    ],
  },
];
