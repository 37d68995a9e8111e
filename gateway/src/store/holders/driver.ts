// What the holders' accounts need of a driver: rows in, rows out, inside the open transaction.

import type { PasswordHash } from "../../core/holders.js";
import type { Tries } from "../../core/login-throttle.js";
import type { CardStatus } from "../../core/model.js";
import type { Credential } from "../../core/ports.js";
import type { Awaitable } from "../rows.js";

/** A holder's account. It has a password, or a code that opens it, or both where a password was forgotten. */
export interface HolderRow {
  readonly beneficiary: string;
  /** Keyed digests of PINs that are refused, one after the other. */
  readonly refusedPins: Uint8Array;
  readonly opening: { readonly codeHash: Uint8Array; readonly expiresAtMs: number } | null;
  readonly password: PasswordHash | null;
  readonly tries: Tries;
}

/** A card as its holder's PIN needs it. */
export interface HolderCard {
  readonly id: string;
  readonly status: CardStatus;
  readonly lastFour: string;
  readonly sealedNumber: Uint8Array;
  /** Null where no PIN was set. */
  readonly credential: Credential | null;
  readonly pinFailures: number;
}

/** Reads see what is durable, and what the open transaction wrote. Writes belong into an open transaction. */
export interface HolderDriver {
  isBeneficiary(id: string): Awaitable<boolean>;
  find(beneficiary: string): Awaitable<HolderRow | null>;
  /** Stores a row in the place of an earlier one. @throws BugError where there is no such beneficiary. */
  put(row: HolderRow): Awaitable<void>;
  /** The tries that are counted in a slot, for dossiers that have no account. */
  strangerTries(slot: number): Awaitable<Tries>;
  putStrangerTries(slot: number, tries: Tries): Awaitable<void>;
  /** Of a beneficiary, the newest first. */
  cards(beneficiary: string): Awaitable<readonly HolderCard[]>;
  /** Gives an active card a PIN with all its tries. @throws BugError where the card is not active. */
  setPin(cardId: string, credential: Credential): Awaitable<void>;
}
