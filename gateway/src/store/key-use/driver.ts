// What the store knows of keys: under which its rows are written, and which versions are still in use.

import type { Awaitable } from "../rows.js";

/** Which keys a ledger is written under, told without any of them. */
export interface LedgerKeys {
  /** 32 bytes that one index key alone makes. */
  readonly checkValue: Uint8Array;
  /** By kind of key, the numbers of the versions that were last seen. */
  readonly versions: Readonly<Record<string, readonly number[]>>;
}

export interface KeyUseDriver {
  /** PINs under a version of the pepper, of cards that are not closed for good. */
  pinsUnder(pepperVersion: number): Awaitable<number>;
  /** Active terminals with an initial key of a base key. @param baseKeyId 8 upper-case hex digits. */
  terminalsUnder(baseKeyId: string): Awaitable<number>;
  /** Whether anything was ever written under keys: false of a database that was made and never served. */
  isUsed(): Awaitable<boolean>;
  /** Null where they were never kept: a ledger that is new, or of an earlier version. */
  ledgerKeys(): Awaitable<LedgerKeys | null>;
  /**
   * Keeps them in the place of those before; durable at once, unless a transaction is open.
   *
   * @param before what they follow, as it was read; null where nothing was kept.
   * @returns false where something else is kept by now, and stays so: of two first starts one makes its keys, and who read
   * before a rotation does not write over it.
   */
  keepLedgerKeys(keys: LedgerKeys, before: LedgerKeys | null): Awaitable<boolean>;
}
