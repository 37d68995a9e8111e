// A young person's account: what the beneficiary's own listener asks for, and what the store keeps for it.

import type { CardStatus } from "./model.js";
import type { PasswordFault } from "./password-rules.js";
import type { PinFault } from "./pin-rules.js";
import type { Credential } from "./ports.js";

/** A password as it is kept. */
export interface PasswordHash {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
  /** How it was hashed, for instance `scrypt N=32768 r=8 p=1`. */
  readonly params: string;
}

/** The card whose PIN the account is about: the active one, or else the newest. */
export interface PinState {
  readonly card: { readonly status: CardStatus; readonly lastFour: string } | null;
  /** Null where that card is not active. */
  readonly pin: "NOT_SET" | "SET" | "LOCKED" | null;
}

/** What setting a PIN was: the same act for whoever does it. */
export type PinAct = "pin.defined" | "pin.changed" | "pin.unlocked";

/** Why a holder's request was not done. */
export type HolderRefusal =
  /** The dossier is not known, the password or the code is another, or the code is too old: nobody learns which. */
  | { readonly type: "wrong" }
  | { readonly type: "throttled"; readonly waitMs: number }
  | { readonly type: "passwordRefused"; readonly fault: PasswordFault }
  | { readonly type: "pinRefused"; readonly fault: PinFault }
  /** @property status of the newest card; null where there is none. */
  | { readonly type: "noActiveCard"; readonly status: CardStatus | null };

/** Who calls, with each request: there is no session. */
export interface HolderLogin {
  readonly dossier: string;
  readonly password: string;
}

/** What a holder does in the account. Whatever is refused has changed nothing but the count of tries. */
export interface HolderAccounts {
  /** Sets the first password, or another after a forgotten one. */
  open(
    request: HolderLogin & { readonly openingCode: string },
  ): Promise<{ readonly type: "opened" } | HolderRefusal>;
  pinState(login: HolderLogin): Promise<({ readonly type: "state" } & PinState) | HolderRefusal>;
  /** Defines the PIN, changes it, or unlocks it by a new one. */
  setPin(
    request: HolderLogin & { readonly pin: string },
  ): Promise<({ readonly type: "set" } & PinState) | HolderRefusal>;
}

/** Whose tries are counted. */
export interface Tried {
  readonly dossier: string;
  /** Where tries of a dossier are counted that has no account; a few of those share one. */
  readonly slot: number;
}

/** What was found before a password is looked at. The try is counted by then. */
export type PasswordTry =
  | { readonly type: "throttled"; readonly waitMs: number }
  /** @property password null where there is no account, or none was set. */
  | { readonly type: "look"; readonly password: PasswordHash | null };

/** Each step is durable, or nothing of it is there, when its promise settles. `Row` is one of the audit trail. */
export interface HolderStore<Row> {
  /** Keeps the code that opens an account, in the place of an earlier one. False where there is no such beneficiary. */
  keepOpening(
    opening: {
      readonly beneficiary: string;
      readonly refusedPins: Uint8Array;
      readonly codeHash: Uint8Array;
      readonly expiresAtMs: number;
    },
    trail: Row,
  ): Promise<boolean>;
  /** Counts a try, unless it has to wait. */
  tryPassword(tried: Tried): Promise<PasswordTry>;
  /**
   * Looks at a code. A right one is taken at any time and costs no try: it is not guessed, and who has it must get in
   * even where somebody else tries passwords.
   */
  tryOpening(
    tried: Tried & { readonly codeHash: Uint8Array },
  ): Promise<Extract<HolderRefusal, { type: "wrong" | "throttled" }> | { readonly type: "right" }>;
  /** Sets the password and uses the code up. False where the code is not good any more. */
  open(
    opened: {
      readonly dossier: string;
      readonly codeHash: Uint8Array;
      readonly password: PasswordHash;
    },
    trail: Row,
  ): Promise<boolean>;
  /**
   * Ends the count of tries after a right password.
   *
   * @param password the one that was found right. @returns null where it was replaced since.
   */
  enter(entered: {
    readonly dossier: string;
    readonly password: PasswordHash;
  }): Promise<Entered | null>;
  /**
   * Writes a PIN to the holder's active card, with all its tries, in the store's own queue: sales before it knew the
   * old one, sales after it know the new one. The PIN that the card has, locked or not, is refused: a holder whose PIN
   * is locked is told to choose a new one, for somebody may have watched the old.
   *
   * @returns null where the password was replaced since it was found right.
   */
  setPin(set: {
    readonly dossier: string;
    readonly password: PasswordHash;
    readonly isSame: (card: {
      readonly sealedNumber: Uint8Array;
      readonly credential: Credential;
    }) => boolean;
    readonly define: (sealedNumber: Uint8Array) => Credential;
    readonly trailOf: (act: PinAct) => Row;
  }): Promise<
    | ({ readonly type: "set" } & PinState)
    | Extract<HolderRefusal, { type: "noActiveCard" | "pinRefused" }>
    | null
  >;
}

/** What an account holds for whoever is in it. */
export interface Entered extends PinState {
  /** Keyed digests of PINs that are refused, one after the other. */
  readonly refusedPins: Uint8Array;
}
