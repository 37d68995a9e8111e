// Checks AES DUKPT: which counters have keys, that keys differ, and the serial number's text.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, hex } from "./bytes.js";
import {
  type DukptUsage,
  deriveInitialKey,
  deriveTransactionKey,
  deriveWorkingKey,
  formatKsn,
  isUsableCounter,
  MAX_COUNTER_ONE_BITS,
  MAX_DUKPT_COUNTER,
  nextCounter,
  parseKsn,
} from "./dukpt.js";

const initialKeyId = fromHex("1234567890123456");
const baseKey = fromHex("fedcba9876543210f1f1f1f1f1f1f1f1");
const initialKey = deriveInitialKey({ baseKey, initialKeyId });
const anyCounter = fc.integer({ min: 0, max: MAX_DUKPT_COUNTER });

describe("usable counters", () => {
  it.each([
    { counter: 0, usable: false },
    { counter: 1, usable: true },
    { counter: 0x0000_ffff, usable: true },
    { counter: 0x0001_fffe, usable: true },
    { counter: 0x0001_ffff, usable: false },
    { counter: 0xffff_0000, usable: true },
    { counter: 0xffff_0001, usable: false },
    { counter: 0x1_0000_0000, usable: false },
    { counter: 1.5, usable: false },
    { counter: -1, usable: false },
    { counter: Number.NaN, usable: false },
  ])("$counter: $usable", ({ counter, usable }) => {
    expect(isUsableCounter(counter)).toBe(usable);
  });
});

describe("nextCounter", () => {
  it.each([
    { counter: 0, next: 1 },
    { counter: 1, next: 2 },
    { counter: 0x0000_ffff, next: 0x0001_0000 },
    { counter: 0x0001_fffe, next: 0x0002_0000 },
    { counter: 0xfffe_8000, next: 0xffff_0000 },
    { counter: 0xffff_0000, next: null },
  ])("goes from $counter to $next", ({ counter, next }) => {
    expect(nextCounter(counter)).toBe(next);
  });

  it("gives a usable counter and passes over none", () => {
    fc.assert(
      fc.property(anyCounter.filter(isUsableCounter), (counter) => {
        const next = nextCounter(counter);
        fc.pre(next !== null && next - counter <= 0x1000);
        expect(isUsableCounter(next)).toBe(true);
        for (let passed = counter + 1; passed < next; passed += 1) {
          expect(isUsableCounter(passed)).toBe(false);
        }
      }),
    );
  });

  it("goes to the next carry when all one-bits are used", () => {
    const bits = fc.uniqueArray(fc.nat(31), { minLength: 16, maxLength: MAX_COUNTER_ONE_BITS });
    fc.assert(
      fc.property(bits, (positions) => {
        const counter = positions.reduce((sum, position) => sum + 2 ** position, 0);
        const lowest = 2 ** Math.min(...positions);
        expect(nextCounter(counter)).toBe(counter === MAX_DUKPT_COUNTER ? null : counter + lowest);
      }),
    );
  });

  it("refuses a counter that was never in use", () => {
    expect(() => nextCounter(0x0001_ffff)).toThrow(/enrol the terminal again/);
  });
});

describe("keys", () => {
  it("differ between counters, usages and terminals", () => {
    const usages: DukptUsage[] = ["pinEncryption", "macGeneration", "dataEncryption"];
    const other = { initialKeyId: fromHex("1234567890123457"), initialKey };
    const keys = [1, 2, 3].flatMap((counter) => [
      ...usages.map((usage) => deriveWorkingKey({ initialKey, initialKeyId, counter, usage })),
      deriveWorkingKey({ ...other, counter, usage: "pinEncryption" }),
      deriveTransactionKey({ initialKey, initialKeyId, counter }),
    ]);
    expect(new Set(keys.map(hex)).size).toBe(keys.length);
  });

  it("have the length of the base key, working keys 16 bytes unless asked otherwise", () => {
    const long = deriveInitialKey({ baseKey: new Uint8Array(32), initialKeyId });
    const options = { initialKey: long, initialKeyId, counter: 1, usage: "pinEncryption" } as const;
    expect(long).toHaveLength(32);
    expect(deriveTransactionKey(options)).toHaveLength(32);
    expect(deriveWorkingKey(options)).toHaveLength(16);
    expect(deriveWorkingKey({ ...options, keyBits: 256 })).toHaveLength(32);
  });

  it.each([0, 0x0001_ffff, 0xffff_0001])("are refused for counter %i", (counter) => {
    expect(() => deriveTransactionKey({ initialKey, initialKeyId, counter })).toThrow(/has no key/);
  });

  it("are never longer than the key they come from", () => {
    const options = { initialKey, initialKeyId, counter: 1, usage: "pinEncryption" } as const;
    expect(() => deriveWorkingKey({ ...options, keyBits: 256 })).toThrow(/keyBits/);
  });

  it("are refused for an initial key id that is not 8 bytes", () => {
    const short = fromHex("123456");
    expect(() => deriveInitialKey({ baseKey, initialKeyId: short })).toThrow(/initialKeyId/);
    const options = { initialKey, initialKeyId: short, counter: 1 };
    expect(() => deriveTransactionKey(options)).toThrow(/initialKeyId/);
  });
});

describe("key serial number", () => {
  it("is 24 upper-case hex digits", () => {
    expect(formatKsn({ initialKeyId: fromHex("fedcba9876543210"), counter: 0xffff_0000 })).toBe(
      "FEDCBA9876543210FFFF0000",
    );
  });

  it("is read back as it was written", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), anyCounter, (id, counter) => {
        const parsed = parseKsn(formatKsn({ initialKeyId: id, counter }));
        expect(parsed).toEqual({ initialKeyId: Buffer.from(id), counter });
      }),
    );
  });

  it.each([
    "",
    "12345678901234560000001",
    "1234567890123456000000001",
    "12345678901234560000000g",
    "123456789012345600000001\n",
  ])("is refused: %j", (text) => {
    expect(parseKsn(text)).toBeNull();
  });
});
