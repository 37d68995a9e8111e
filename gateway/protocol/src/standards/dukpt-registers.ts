// AES DUKPT at the terminal: the few keys from which every key to come follows, and none that was taken.
import { assertLength } from "./bytes.js";
import { MAX_COUNTER_ONE_BITS, nextCounter, oneBits } from "./dukpt.js";
import {
  deriveChildKey,
  deriveWorkingKeyFrom,
  KEY_ID_BYTES,
  type WorkingKeyKind,
} from "./dukpt-derivation.js";

/** As many as a counter has bits. */
const REGISTERS = 32;

/**
 * What a terminal keeps in place of its initial key ("intermediate derivation key registers").
 *
 * Register `i` holds the derivation key of the first counter to come whose lowest one-bit is bit `i`.
 */
export interface DukptRegisters {
  /** 8 bytes. */
  readonly initialKeyId: Uint8Array;
  /** The counter that was used last, 0 when none was. */
  readonly counter: number;
  /** By register; {@link filledRegisters} tells which. Each as long as the initial key. */
  readonly keys: ReadonlyMap<number, Uint8Array>;
}

/** A key that was taken, and what the terminal keeps from then on. */
export interface TakenKey {
  readonly counter: number;
  readonly workingKey: Buffer;
  /** Holds no key that leads to `workingKey`. It must have survived on the disk before `workingKey` is used. */
  readonly next: DukptRegisters;
}

/**
 * What a terminal keeps of a new initial key. The initial key itself must be forgotten then.
 *
 * @param options.initialKey 16 or 32 bytes.
 * @param options.initialKeyId 8 bytes.
 * @throws RangeError on other lengths.
 * Source: ANSI X9.24-3-2017 annex B, "Load Initial Key".
 */
export function loadInitialKey(options: {
  initialKey: Uint8Array;
  initialKeyId: Uint8Array;
}): DukptRegisters {
  const { initialKey: key, initialKeyId } = options;
  assertLength({ name: "initialKeyId", bytes: initialKeyId, length: KEY_ID_BYTES });
  const keys = keysBelow({ key, initialKeyId, counter: 0, register: REGISTERS });
  return { initialKeyId: Buffer.from(initialKeyId), counter: 0, keys };
}

/**
 * Takes the next key. Counters with more than {@link MAX_COUNTER_ONE_BITS} one-bits are passed over.
 *
 * @returns null when the initial key is used up: the terminal needs a new one.
 * @throws RangeError when the state is not one that these functions made.
 * Source: ANSI X9.24-3-2017 annex B, "Generate Working Keys" and "Update State for next
 * Transaction".
 */
export function takeKey(state: DukptRegisters, kind: WorkingKeyKind): TakenKey | null {
  const { initialKeyId } = state;
  const counter = nextCounter(state.counter);
  if (counter === null) return null;
  const register = lowestOneBit(counter);
  const transactionKey = state.keys.get(register);
  if (transactionKey === undefined) {
    throw new RangeError(`register ${register} is empty; the caller must pass a whole state`);
  }
  const workingKey = deriveWorkingKeyFrom({ ...kind, transactionKey, initialKeyId, counter });
  const keys = new Map(state.keys);
  keys.delete(register);
  for (const [below, key] of keysBelow({ key: transactionKey, initialKeyId, counter, register })) {
    keys.set(below, key);
  }
  return { counter, workingKey, next: { initialKeyId, counter, keys } };
}

/**
 * Which registers hold a key once a counter was used, lowest first: one for each place where a counter to come has
 * its first one-bit that this one has not.
 *
 * @param counter the one used last, 0 for a new initial key.
 */
export function filledRegisters(counter: number): number[] {
  const filled: number[] = [];
  for (let register = 0; register < REGISTERS; register += 1) {
    const above = Math.floor(counter / 2 ** register);
    if (above % 2 === 0 && oneBits(above) < MAX_COUNTER_ONE_BITS) filled.push(register);
  }
  return filled;
}

/** The keys that follow from the key of a counter, in the registers below its own. */
function keysBelow(options: {
  key: Uint8Array;
  initialKeyId: Uint8Array;
  counter: number;
  register: number;
}): Map<number, Uint8Array> {
  const { key, initialKeyId, counter } = options;
  const keys = new Map<number, Uint8Array>();
  if (oneBits(counter) === MAX_COUNTER_ONE_BITS) return keys;
  for (let register = 0; register < options.register; register += 1) {
    const child = counter + 2 ** register;
    keys.set(register, deriveChildKey({ key, initialKeyId, counter: child }));
  }
  return keys;
}

/** The place of the lowest one-bit of a counter above 0, 0 to 31. */
function lowestOneBit(counter: number): number {
  return 31 - Math.clz32(counter & -counter);
}
