// What a terminal and a card may do in which time, and which answers make a terminal suspect.

import { describe, expect, it } from "vitest";
import type { Presented } from "../../core/ports.js";
import { createLimits, type LimitOptions } from "./limits.js";

const MINUTE_MS = 60_000;

function limitsWith(options: LimitOptions | null = {}) {
  const alarms: string[] = [];
  const alarmed = {
    onEnumeration: (terminalId: string) => alarms.push(`enumeration ${terminalId}`),
    onPinLocked: (terminalId: string) => alarms.push(`pin ${terminalId}`),
  };
  const limits = createLimits(options, alarmed, { shared: undefined, nowMs: () => 0 });
  return {
    ...limits,
    alarms,
    admit(presented: Presented, atMs: number): number {
      const waitMs = limits.admit(presented, atMs);
      if (typeof waitMs !== "number") throw new Error("nothing is asked of a database");
      return waitMs;
    },
    answered(code: string, options: Answered) {
      const { times, atMs, terminalId = "T", cardKey = null } = options;
      for (let time = 0; time < times; time += 1) {
        limits.noteDecision({ terminalId, id: "", cardKey, code }, atMs);
      }
    },
  };
}

interface Answered {
  readonly times: number;
  readonly atMs: number;
  readonly terminalId?: string;
  readonly cardKey?: string;
}

const shown = (cardKey: string | null, terminalId = "T") => ({ terminalId, id: "", cardKey });

/** How many of many pass at one instant. */
function passing(take: () => number): number {
  return Array.from({ length: 1_000 }, take).filter((waitMs) => waitMs === 0).length;
}

describe("by default", () => {
  it("a terminal sends 200 requests at once and 20 a second, and no other pays for it", () => {
    const limits = limitsWith();
    expect(passing(() => limits.takeRequest("T", 0))).toBe(200);
    expect(limits.takeRequest("T", 0)).toBe(50);
    expect(passing(() => limits.takeRequest("T", 1_000))).toBe(20);
    expect(limits.takeRequest("U", 0)).toBe(0);
  });

  it("a card is shown 20 times at once and once in three seconds, at all terminals together", () => {
    const limits = limitsWith();
    let terminal = 0;
    const show = (atMs: number) => () => limits.admit(shown("card", `T-${terminal++}`), atMs);
    expect(passing(show(0))).toBe(20);
    expect(show(0)()).toBe(3_000);
    expect(passing(show(2_999))).toBe(0);
    expect(passing(show(3_000))).toBe(1);
    expect(limits.admit(shown("other"), 3_000)).toBe(0);
  });

  it("what names no card is not limited as one", () => {
    const limits = limitsWith();
    expect(passing(() => limits.admit(shown(null), 0))).toBe(1_000);
  });
});

describe("a limit of zero", () => {
  it("is none", () => {
    const limits = limitsWith({ terminalPerSecond: 0, cardPerMinute: 0 });
    expect(passing(() => limits.takeRequest("T", 0))).toBe(1_000);
    expect(passing(() => limits.admit(shown("card"), 0))).toBe(1_000);
  });

  it("leaves the alarms on; without limits there are none", () => {
    const [zero, none] = [limitsWith({ terminalPerSecond: 0, cardPerMinute: 0 }), limitsWith(null)];
    for (const limits of [zero, none]) limits.answered("CARD_UNKNOWN", { times: 10, atMs: 0 });
    expect([zero.alarms, none.alarms]).toEqual([["enumeration T"], []]);
    expect(passing(() => zero.admit(shown("card"), 0))).toBe(1);
    expect(passing(() => none.admit(shown("card"), 0))).toBe(1_000);
  });
});

describe("a terminal that shows cards that are none", () => {
  it.each(["CARD_UNKNOWN", "QR_INVALID", "CARD_NOT_GENUINE"])(
    "is slowed to one presentation in 30 s after ten %s",
    (code) => {
      const limits = limitsWith();
      limits.answered(code, { times: 9, atMs: 0 });
      expect([limits.admit(shown("a"), 0), limits.admit(shown("b"), 0)]).toEqual([0, 0]);
      limits.answered(code, { times: 1, atMs: 0 });
      expect([limits.admit(shown("c"), 0), limits.admit(shown(null), 0)]).toEqual([0, 30_000]);
      expect(limits.admit(shown("d"), 30_000)).toBe(0);
    },
  );

  it("is told of once in ten minutes, and again while it goes on", () => {
    const limits = limitsWith();
    limits.answered("CARD_UNKNOWN", { times: 30, atMs: 0 });
    expect(limits.alarms).toEqual(["enumeration T"]);
    for (let minute = 1; minute <= 10; minute += 1) {
      limits.answered("QR_INVALID", { times: 2, atMs: minute * MINUTE_MS });
    }
    expect(limits.alarms).toEqual(["enumeration T", "enumeration T"]);
  });

  it("is free again when ten minutes hold fewer than ten", () => {
    const limits = limitsWith();
    limits.answered("CARD_UNKNOWN", { times: 1, atMs: 0 });
    limits.answered("CARD_UNKNOWN", { times: 9, atMs: MINUTE_MS });
    limits.admit(shown("a"), MINUTE_MS);
    expect(limits.admit(shown("b"), 10 * MINUTE_MS - 1)).toBe(0);
    expect(limits.admit(shown("c"), 10 * MINUTE_MS - 1)).toBe(30_000);
    expect(limits.admit(shown("c"), 10 * MINUTE_MS)).toBe(0);
    expect(limits.admit(shown("d"), 10 * MINUTE_MS)).toBe(0);
  });

  it("does not use up the turns of the card that it names while it is slowed", () => {
    const limits = limitsWith({ cardPerMinute: 2 });
    limits.answered("CARD_UNKNOWN", { times: 10, atMs: 0 });
    for (let time = 0; time < 5; time += 1) limits.admit(shown("card"), 0);
    expect(limits.admit(shown("card", "U"), 0)).toBe(0);
  });

  it("is not suspect for one of them, however often; after ten minutes it counts again", () => {
    const limits = limitsWith();
    limits.answered("CARD_UNKNOWN", { times: 50, atMs: 0, cardKey: "dead" });
    limits.answered("CARD_UNKNOWN", { times: 8, atMs: 9 * MINUTE_MS });
    expect(passing(() => limits.admit(shown(null), 9 * MINUTE_MS))).toBe(1_000);
    expect(limits.alarms).toEqual([]);
    limits.answered("CARD_UNKNOWN", { times: 2, atMs: 10 * MINUTE_MS, cardKey: "dead" });
    expect(passing(() => limits.admit(shown(null), 10 * MINUTE_MS))).toBe(1_000);
    limits.answered("CARD_UNKNOWN", { times: 1, atMs: 10 * MINUTE_MS, cardKey: "other" });
    expect(limits.alarms).toEqual(["enumeration T"]);
  });

  it("is suspect for ten different ones", () => {
    const limits = limitsWith();
    for (let card = 0; card < 10; card += 1) {
      expect(limits.alarms).toEqual([]);
      limits.answered("CARD_UNKNOWN", { times: 3, atMs: 0, cardKey: `card ${card}` });
    }
    expect(limits.alarms).toEqual(["enumeration T"]);
  });

  it("slows no other, and other answers slow nobody", () => {
    const limits = limitsWith();
    limits.answered("CARD_UNKNOWN", { times: 10, atMs: 0, terminalId: "U" });
    limits.answered("PIN_INCORRECT", { times: 50, atMs: 0 });
    expect(passing(() => limits.admit(shown(null), 0))).toBe(1_000);
  });
});

describe("a terminal where codes are locked", () => {
  it("is told of at the fifth, and goes on", () => {
    const limits = limitsWith();
    limits.answered("PIN_LOCKED", { times: 4, atMs: 0 });
    expect(limits.alarms).toEqual([]);
    limits.answered("PIN_LOCKED", { times: 10, atMs: 1 });
    expect(limits.alarms).toEqual(["pin T"]);
    expect(passing(() => limits.admit(shown(null), 1))).toBe(1_000);
  });

  it("is not told of for four in ten minutes, however long", () => {
    const limits = limitsWith();
    for (let hour = 0; hour < 24; hour += 1) {
      limits.answered("PIN_LOCKED", { times: 4, atMs: hour * 10 * MINUTE_MS });
    }
    expect(limits.alarms).toEqual([]);
  });
});
