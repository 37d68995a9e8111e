// One address passes so often a minute; its neighbours in IPv6 are the same address, and others are not.

import { describe, expect, it } from "vitest";
import { createAddressLimit } from "./address-limit.js";

function limitOf(perMinute: number) {
  let nowMs = 0;
  const clock = { monotonicMs: () => nowMs, nowMs: () => 0 };
  const limit = createAddressLimit({ what: "tries", perMinute, clock, sharedLimits: undefined });
  return {
    take: (address: string) => limit.take(address),
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

describe("an address", () => {
  it("passes a minute's worth at once, then as its time comes", () => {
    const limit = limitOf(2);
    expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 30_000]);
    limit.pass(29_000);
    expect(limit.take("a")).toBe(1_000);
    limit.pass(1_000);
    expect([limit.take("a"), limit.take("a")]).toEqual([0, 30_000]);
    limit.pass(3_600_000);
    expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 30_000]);
  });

  it("does not use up another's", () => {
    const limit = limitOf(1);
    expect([limit.take("192.0.2.1"), limit.take("192.0.2.2"), limit.take("192.0.2.1")]).toEqual([
      0, 0, 60_000,
    ]);
  });

  it.each([
    ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"],
    ["2001:db8::1", "2001:db8:0:0:5::1"],
    ["::1", "::2"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
  ])("%s and %s are one", (one, other) => {
    const limit = limitOf(1);
    expect([limit.take(one), limit.take(other)]).toEqual([0, 60_000]);
  });

  it("that was silent longest is forgotten when too many come", () => {
    const limit = limitOf(1);
    limit.take("first");
    for (let index = 0; index < 10_000; index += 1) limit.take(`other ${index}`);
    expect(limit.take("first")).toBe(0);
    expect(limit.take("other 9999")).toBe(60_000);
  });
});
