// A till that owes no reversal any more once it was started again.

import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import type { TerminalLifeOptions } from "../../../simulators/src/days/world/terminal-life.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";

const JOURNAL = "journal";

/** A life finds its journal without the sales of which no verdict is known. */
function forgiving(options: TerminalLifeOptions): TerminalLifeOptions {
  const journal = options.platter.files.get(JOURNAL);
  if (journal !== undefined) {
    const lines = journal.durable.toString("utf8").split("\n");
    const ids = lines.map((line) => /"id":"([^"]+)"/.exec(line)?.[1] ?? line);
    const settled = new Set(ids.filter((_, at) => / \{"type":"answer/.test(lines[at] ?? "")));
    const kept = lines.filter((line, at) => line === "" || settled.has(ids[at] ?? ""));
    journal.durable = Buffer.from(kept.join("\n"));
  }
  return options;
}

it(
  "finds a till that forgets what it must reverse",
  async () => {
    await expectFound({
      bug: () => ({ wrapTerminal: forgiving }),
      needs: ({ faults }) => faults.some(({ type }) => type === "terminalDies"),
      rules: [RULE.crashStands, RULE.crashClosed, RULE.unknownStands, RULE.unknownClosed],
    });
  },
  TIMEOUT_MS,
);
