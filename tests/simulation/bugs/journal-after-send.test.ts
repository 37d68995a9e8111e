// A till whose disk says that a line is durable before it is: what was sent may not be in its journal after a crash.

import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import type { TerminalLifeOptions } from "../../../simulators/src/days/world/terminal-life.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";

const JOURNAL = "journal";

/** The last lines that were synced are lost with the power. */
function lying(options: TerminalLifeOptions): TerminalLifeOptions {
  const { platter } = options;
  return {
    ...options,
    platter: {
      files: platter.files,
      loseUnsynced(weather) {
        platter.loseUnsynced(weather);
        const journal = platter.files.get(JOURNAL);
        if (journal === undefined) return;
        const lines = journal.durable.toString("utf8").split("\n");
        journal.durable = Buffer.from(lines.slice(0, -LINES_LOST).join("\n"));
      },
    },
  };
}

const LINES_LOST = 2;

it(
  "finds a till that sends before its journal is durable",
  async () => {
    await expectFound({
      bug: () => ({ wrapTerminal: lying }),
      needs: ({ faults }) => faults.some(({ type }) => type === "terminalDies"),
      rules: [RULE.crashStands, RULE.crashClosed, RULE.unknownStands, RULE.dayTotals],
    });
  },
  TIMEOUT_MS,
);
