// The line of a sale's steps: complete once the till says that the receipt is printed, told once in any case.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TerminalEvent } from "../events.js";
import { TerminalBench } from "../test-kit/bench.js";

const bench = new TerminalBench();
beforeEach(() => bench.start());
afterEach(() => bench.stop());

const lines = (events: readonly TerminalEvent[]) =>
  events.filter((event) => event.type === "saleSteps");

describe("the line of a sale's steps", () => {
  it("has all steps once the till has printed, and comes once", async () => {
    const made = await bench.open();
    const { id = "" } = await bench.sellByTap(made);
    expect(lines(made.events)).toEqual([]);
    made.terminal.printed(id);
    made.terminal.printed(id);
    await bench.sellByTap(made);
    expect(lines(made.events)).toMatchObject([
      {
        id,
        timings: {
          readMs: expect.any(Number),
          cardMs: 40,
          journalMs: expect.any(Number),
          networkMs: expect.any(Number),
          gateway: { queueMs: 0.5, decideMs: 1.5, commitMs: 2 },
          decisionMs: 1.5,
          printMs: expect.any(Number),
          totalMs: expect.any(Number),
        },
      },
    ]);
  });

  it("comes without the printing where the till goes on, or closes", async () => {
    const made = await bench.open();
    const first = await bench.sellByTap(made);
    const second = await bench.sellByTap(made);
    made.terminal.printed(first.id ?? "");
    await made.terminal.close();
    const told = lines(made.events);
    expect(told).toMatchObject([{ id: first.id }, { id: second.id }]);
    expect(JSON.stringify(told)).not.toContain("printMs");
  });
});
