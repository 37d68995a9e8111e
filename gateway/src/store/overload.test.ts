// How long a command would wait, held to what is left of its deadline.

import { describe, expect, it } from "vitest";
import { virtualClock } from "../../../tests/support/clock.js";
import type { Command } from "../core/ports.js";
import { createOverload } from "./overload.js";

const BATCH_MAX = 10;
const DEADLINE_MS = 4_000;

function rig(chance: readonly [number, number] = [0, 0]) {
  const clock = virtualClock(0);
  const random = { bytes: () => Uint8Array.from(chance) };
  const overload = createOverload({ clock, random, batchMax: BATCH_MAX });
  /** Commits that take so long in all, of which so much to decide. */
  function commits(options: { count: number; commands: number; ms: number; decideMs: number }) {
    for (let done = 0; done < options.count; done += 1) {
      overload.begin();
      overload.take(options.commands);
      clock.advance(options.ms);
      overload.end(options.commands, options.decideMs);
    }
  }
  const sale = (deadlineMs = DEADLINE_MS): Command => ({
    type: "authorize",
    terminalId: "t",
    receivedAtMonotonicMs: clock.monotonicMs(),
    request: { id: "i", evidence: { type: "qr", token: "t" }, avantage: "CINEMA", deadlineMs },
  });
  return { clock, overload, commits, sale };
}

const asker = { kind: "terminal", terminalId: "t" } as const;

describe("a command", () => {
  it("is let in behind as many as can be committed before its deadline, and no more", () => {
    const { overload, commits, sale } = rig();
    // 10 ms for each command, and 300 ms for the sync.
    commits({ count: 60, commands: 10, ms: 400, decideMs: 100 });
    const inTime = [1_000, 2_000, 4_000].map((deadlineMs) => {
      let ahead = 1;
      while (overload.refusal(sale(deadlineMs), { ahead, alone: 0 }) === null) ahead += 1;
      return ahead;
    });
    // 400 ms for each ten, with a quarter on top for caution.
    expect(inTime).toEqual([20, 40, 80]);
  });

  it("waits longer for what is being done, and longest where that does not end", () => {
    const { clock, overload, commits, sale } = rig();
    commits({ count: 60, commands: 10, ms: 400, decideMs: 100 });
    overload.begin();
    overload.take(10);
    const short = () => overload.refusal(sale(1_000), { ahead: 9, alone: 0 });
    expect(short()).toBeNull();
    clock.advance(1_500);
    expect(short()).not.toBeNull();
  });

  it("is refused by what is left of its deadline, counted from its arrival", () => {
    const { clock, overload, commits, sale } = rig();
    commits({ count: 60, commands: 10, ms: 400, decideMs: 100 });
    const arrived = sale(2_000);
    expect(overload.refusal(arrived, { ahead: 20, alone: 0 })).toBeNull();
    clock.advance(1_000);
    expect(overload.refusal(arrived, { ahead: 20, alone: 0 })).not.toBeNull();
  });

  it("that nothing waits before is let in, so that one slow commit shuts the door on nobody for long", () => {
    const { overload, commits, sale } = rig();
    commits({ count: 1, commands: 1, ms: 60_000, decideMs: 10 });
    expect(overload.refusal(sale(), { ahead: 1, alone: 0 })).not.toBeNull();
    expect(overload.refusal(sale(), { ahead: 0, alone: 0 })).toBeNull();
    commits({ count: 20, commands: 1, ms: 5, decideMs: 1 });
    expect(overload.refusal(sale(), { ahead: 1, alone: 0 })).toBeNull();
  });

  it("that ends a doubt is never refused; one that may take its time is not either", () => {
    const { overload, commits } = rig();
    commits({ count: 60, commands: 1, ms: 5_000, decideMs: 10 });
    const reversal = { type: "reverse", terminalId: "t", id: "i", reason: "automatic" } as const;
    expect(overload.refusal({ ...reversal, asker }, { ahead: 1_000, alone: 0 })).toBeNull();
    const capture = { type: "capture", terminalId: "t", id: "i", request: {} } as const;
    expect(overload.refusal({ ...capture, asker }, { ahead: 1_000, alone: 0 })).not.toBeNull();
  });
});

describe("who is sent away", () => {
  it("may come back once those before him are through, and not with all others at once", () => {
    const early = rig([0, 0]);
    const late = rig([0xff, 0xff]);
    for (const { commits } of [early, late]) {
      commits({ count: 60, commands: 10, ms: 1_000, decideMs: 100 });
    }
    expect(early.overload.retryAfterMs({ ahead: 49, alone: 0 })).toBe(5_000);
    expect(late.overload.retryAfterMs({ ahead: 49, alone: 0 })).toBe(10_000);
  });

  it("is never sent away for less than a second, nor for more than twenty", () => {
    const { overload, commits } = rig([0xff, 0xff]);
    expect(overload.retryAfterMs({ ahead: 0, alone: 0 })).toBe(2_000);
    commits({ count: 60, commands: 1, ms: 60_000, decideMs: 10 });
    expect(overload.retryAfterMs({ ahead: 4_000, alone: 0 })).toBe(20_000);
  });
});
