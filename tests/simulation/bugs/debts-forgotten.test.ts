// A till whose journal loses what is owed after a sale: a refund or a reversal that was begun is not taken up again.

import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import type { TerminalLifeOptions } from "../../../simulators/src/days/world/terminal-life.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";

const JOURNAL = "journal";

const AFTER: Readonly<Record<string, string>> = {
  refundOwed: "refund",
  reversalOwed: "reverse",
};

/** A life finds its journal without the records of this type. */
const without =
  (type: string) =>
  (options: TerminalLifeOptions): TerminalLifeOptions => {
    const journal = options.platter.files.get(JOURNAL);
    if (journal !== undefined) {
      const lines = journal.durable.toString("utf8").split("\n");
      const kept = lines.filter((line) => !line.includes(`{"type":"${type}"`));
      journal.durable = Buffer.from(kept.join("\n"));
    }
    return options;
  };

// A lost `captureOwed` is no such debt: the sale is still held in the journal, so the next life offers it to the till again.
it.each(["reversalOwed", "refundOwed"])(
  "finds a till that keeps no %s for its next life",
  async (type) => {
    await expectFound({
      bug: () => ({ wrapTerminal: without(type) }),
      needs: ({ acts, faults }) =>
        acts.some(({ deed }) => AFTER[type] === deed.type) &&
        faults.some((it) => it.type === "terminalDies" || it.type === "terminalDiskFails"),
      rules: [RULE.askEnds, RULE.unknownEnds, RULE.unknownStands, RULE.dayTotals],
    });
  },
  TIMEOUT_MS,
);
