// Holds the terminal's keys to the gateway's, and searches what a terminal keeps for a way back.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, hex } from "./bytes.js";
import {
  deriveInitialKey,
  deriveTransactionKey,
  deriveWorkingKey,
  isUsableCounter,
  MAX_DUKPT_COUNTER,
  nextCounter,
} from "./dukpt.js";
import { deriveChildKey, deriveWorkingKeyFrom } from "./dukpt-derivation.js";
import {
  type DukptRegisters,
  filledRegisters,
  loadInitialKey,
  takeKey,
} from "./dukpt-registers.js";

const initialKeyId = fromHex("1234567890123456");
const usage = "pinEncryption";
const initialKeyOf = (bytes: 16 | 32) =>
  deriveInitialKey({ baseKey: Buffer.alloc(bytes, 0x5a), initialKeyId });
const initialKey = initialKeyOf(16);

/** What a terminal keeps after a counter, made from the initial key that it no longer has. */
function stateAfter(counter: number, key: Uint8Array = initialKey): DukptRegisters {
  const keys = new Map<number, Uint8Array>();
  for (let register = 0; register < 32; register += 1) {
    const place = 2 ** register;
    const above = counter - (counter % place);
    if ((above / place) % 2 === 1 || !isUsableCounter(above + place)) continue;
    const first = { initialKey: key, initialKeyId, counter: above + place };
    keys.set(register, deriveTransactionKey(first));
  }
  return { initialKeyId, counter, keys };
}

function taken(state: DukptRegisters) {
  const key = takeKey(state, { usage });
  if (key === null) throw new Error(`no key after ${state.counter}`);
  return key;
}

/** Counters around which bits carry: below, at and above powers of two, with few bits and with all sixteen. */
const carries = Array.from({ length: 16 }, (_, bit) => [
  2 ** bit,
  0x1_0000 - 2 ** bit,
  0xffff_0000 - 2 ** (bit + 16),
  (0xffff << bit) >>> 0,
  2 ** (bit + 16),
]).flat();

describe("the keys of a terminal", () => {
  it.each([16, 32] as const)("are the gateway's for 3,000 counters in a row, %i bytes", (bytes) => {
    const key = initialKeyOf(bytes);
    let state = loadInitialKey({ initialKey: key, initialKeyId });
    for (let counter = 1; counter <= 3_000; counter += 1) {
      const { workingKey, next } = taken(state);
      expect(next.counter).toBe(counter);
      expect(hex(workingKey)).toBe(
        hex(deriveWorkingKey({ initialKey: key, initialKeyId, counter, usage })),
      );
      state = next;
    }
    expect(state).toEqual(stateAfter(3_000, key));
  });

  it.each([...new Set(carries)].filter(isUsableCounter))(
    "are the gateway's in the eight after %i",
    (start) => {
      let state = stateAfter(start);
      for (let step = 0; step < 8 && nextCounter(state.counter) !== null; step += 1) {
        const { workingKey, counter, next } = taken(state);
        expect(counter).toBe(nextCounter(state.counter));
        expect(hex(workingKey)).toBe(
          hex(deriveWorkingKey({ initialKey, initialKeyId, counter, usage })),
        );
        state = next;
      }
    },
  );

  it("leave after any counter what the initial key gives for the counters to come", () => {
    const bits = fc.uniqueArray(fc.nat(31), { maxLength: 16 });
    fc.assert(
      fc.property(bits, (positions) => {
        const counter = positions.reduce((sum, bit) => sum + 2 ** bit, 0);
        fc.pre(counter < MAX_DUKPT_COUNTER);
        expect(filledRegisters(counter)).toEqual([...stateAfter(counter).keys.keys()]);
        const { next } = taken(stateAfter(counter));
        expect(next).toEqual(stateAfter(next.counter));
      }),
    );
  });

  it("end after the last counter, and then none is left", () => {
    const { next } = taken(stateAfter(0xfffe_8000));
    expect(next.counter).toBe(MAX_DUKPT_COUNTER);
    expect(next.keys.size).toBe(0);
    expect(takeKey(next, { usage })).toBeNull();
  });

  it("can be had for another usage and length, each its own", () => {
    const state = loadInitialKey({ initialKey: initialKeyOf(32), initialKeyId });
    const kinds = [{ usage }, { usage, keyBits: 256 }, { usage: "macGeneration" }] as const;
    const keys = kinds.map((kind) => takeKey(state, kind)?.workingKey.length);
    expect(keys).toEqual([16, 32, 16]);
  });

  it("are refused of a state that is not whole", () => {
    const state = { ...stateAfter(0), keys: new Map() };
    expect(() => takeKey(state, { usage })).toThrow("register 0 is empty");
  });
});

/** Every working key of the counters given that some stored key leads to, by any tail of its derivation. */
function waysBack(state: DukptRegisters, counters: readonly number[]): number[] {
  return counters.filter((counter) => {
    const wanted = hex(deriveWorkingKey({ initialKey, initialKeyId, counter, usage }));
    return [...state.keys.values()].some((key) => leadsTo({ key, counter, wanted }));
  });
}

/** Takes the key for that of each counter on the way down to this one, the initial key's 0 included. */
function leadsTo(options: { key: Uint8Array; counter: number; wanted: string }): boolean {
  const { counter, wanted } = options;
  const way = [0];
  for (let bit = 31; bit >= 0; bit -= 1) {
    const reached = counter - (counter % 2 ** bit);
    if (reached !== way.at(-1)) way.push(reached);
  }
  return way.some((_, from) => {
    let key = options.key;
    for (const reached of way.slice(from + 1)) {
      key = deriveChildKey({ key, initialKeyId, counter: reached });
    }
    const position = { transactionKey: key, initialKeyId, counter };
    return hex(key) === wanted || hex(deriveWorkingKeyFrom({ ...position, usage })) === wanted;
  });
}

describe("what a terminal keeps", () => {
  it.each([0, 0x0000_fff0, 0x7ffe_0000, 0xfff8_0000])(
    "leads to no key that was taken, and to every key to come: 12 keys after %i",
    (start) => {
      let state = stateAfter(start);
      const past: number[] = [];
      for (let step = 0; step < 12; step += 1) {
        const { counter, next } = taken(state);
        expect(waysBack(state, [counter])).toEqual([counter]);
        past.push(counter);
        state = next;
        expect(waysBack(state, past.slice(-1))).toEqual([]);
      }
      expect(waysBack(state, past)).toEqual([]);
    },
  );

  it("is no longer the initial key", () => {
    const { keys } = loadInitialKey({ initialKey, initialKeyId });
    expect(keys.size).toBe(32);
    expect([...keys.values()].map(hex)).not.toContain(hex(initialKey));
  });
});
