import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createSystemRandom } from "./system-random.js";

describe("the system's randomness", () => {
  it("gives as many bytes as were asked for, and each of them once", () => {
    const drawn: Buffer[] = [];
    const random = createSystemRandom((count) => {
      const bytes = randomBytes(count);
      drawn.push(Buffer.from(bytes));
      return bytes;
    });
    const given = [16, 10, 4_090, 0, 16, 5_000, 3].map((count) => random.bytes(count));
    expect(given.map(({ length }) => length)).toEqual([16, 10, 4_090, 0, 16, 5_000, 3]);
    const pools = drawn.filter(({ length }) => length === 4_096);
    const large = drawn.filter(({ length }) => length === 5_000);
    expect(
      Buffer.concat([given[0] ?? [], given[1] ?? []].map((bytes) => Buffer.from(bytes))),
    ).toEqual(pools[0]?.subarray(0, 26));
    expect(Buffer.from(given[2] ?? [])).toEqual(pools[1]?.subarray(0, 4_090));
    expect(Buffer.from(given[4] ?? [])).toEqual(pools[2]?.subarray(0, 16));
    expect(Buffer.from(given[5] ?? [])).toEqual(large[0]);
    expect(Buffer.from(given[6] ?? [])).toEqual(pools[2]?.subarray(16, 19));
  });

  it("gives memory that nobody else holds", () => {
    const random = createSystemRandom();
    const [first, second] = [random.bytes(16), random.bytes(16)];
    const before = Buffer.from(second);
    first.fill(0);
    expect(Buffer.from(second)).toEqual(before);
  });
});
