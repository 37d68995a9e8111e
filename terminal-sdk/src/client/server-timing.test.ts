// What is read of a Server-Timing header: the three stages, and nothing of what is odd.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addStages, gatewayStages } from "./server-timing.js";

describe("the gateway's account of its time", () => {
  it("has three stages", () => {
    expect(gatewayStages("queue;dur=0.2, decide;dur=1.25, commit;dur=3")).toEqual({
      queueMs: 0.2,
      decideMs: 1.25,
      commitMs: 3,
    });
  });

  it.each([
    ["a duration so short that it has an exponent", "decide;dur=4.2e-7", { decideMs: 4.2e-7 }],
    ["a description before the duration", 'decide;desc="the case";dur=2', { decideMs: 2 }],
    ["a duration in quotes", 'decide;dur="2.5"', { decideMs: 2.5 }],
    ["no spaces, and what a proxy adds", "cdn;dur=9,decide;DUR=2,edge", { decideMs: 2 }],
    ["one stage twice", "decide;dur=2, decide;dur=7", { decideMs: 2 }],
    ["one stage that is no number", "queue;dur=soon, commit;dur=2", { commitMs: 2 }],
    ["one stage below zero", "queue;dur=-1, commit;dur=2", { commitMs: 2 }],
    ["one stage without end", "queue;dur=Infinity, commit;dur=2", { commitMs: 2 }],
    ["a name that ends like a stage", "predecide;dur=5, commit;dur=2", { commitMs: 2 }],
  ])("may have %s", (_case, header, stages) => {
    expect(gatewayStages(header)).toEqual(stages);
  });

  it("may come in several headers", () => {
    expect(gatewayStages(["queue;dur=1", "decide;dur=2"])).toEqual({ queueMs: 1, decideMs: 2 });
  });

  it.each([
    ["is missing", undefined],
    ["is empty", ""],
    ["names stages without durations", "queue, decide;desc=x, commit;dur="],
    ["is longer than any honest one", `${"x;dur=1,".repeat(200)}decide;dur=2`],
  ])("is none where it %s", (_case, header) => {
    expect(gatewayStages(header)).toBeNull();
  });

  it("never throws, and never tells of a time that is none", () => {
    const piece = fc.constantFrom(
      "queue",
      "decide",
      ";",
      "dur",
      "=",
      ",",
      '"',
      "\\",
      " ",
      "1",
      "e9",
      "-",
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const stages = gatewayStages(pieces.join(""));
        for (const ms of Object.values(stages ?? {})) expect(ms).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("two accounts of one sale", () => {
  it("add up, and a stage that one of them lacks is the other's", () => {
    const one = { queueMs: 1, decideMs: 2 };
    expect(addStages(one, { decideMs: 3, commitMs: 4 })).toEqual({
      queueMs: 1,
      decideMs: 5,
      commitMs: 4,
    });
    expect(addStages(null, one)).toEqual(one);
  });
});
