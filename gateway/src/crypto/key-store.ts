// What the gateway does with its secret keys, as operations: no key passes this port, so that an HSM can stand behind it.

import type { KeyObject } from "node:crypto";
import type { PinBlock } from "@pass-tpe/protocol";
import type { CardMessage, QrTokenContent } from "@pass-tpe/protocol/standards";
import type { PinFacts } from "../core/facts.js";
import type { Credential } from "../core/ports.js";
import type { AuditKey } from "./audit-key.js";

/**
 * Calls are synchronous, as those of PKCS#11 are: they stand inside the transaction of a sale. Each kind of key has
 * versions: one is current and makes what is new, earlier ones are accepted until they are retired.
 */
export interface KeyStore {
  readonly cards: CardKeyStore;
  readonly pins: PinKeyStore;
  readonly indexes: IndexKeyStore;
  readonly qr: QrKeyStore;
  readonly audit: AuditKey;
  readonly authority: CertificateAuthority;
  /** Which versions there are, without any key. */
  versions(): readonly KeyVersion[];
}

/** The kinds of keys that have versions. */
export const KEY_KINDS = ["cards", "pinBase", "pepper", "qr"] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

export interface KeyVersion {
  readonly kind: KeyKind;
  readonly version: number;
  readonly state: "current" | "accepted";
}

/** What a card message was found to be. */
export interface OpenedCardMessage {
  /** The chip's identifier, 7 bytes; null where the message opened under no version. */
  readonly uid: Uint8Array | null;
  /** Zero where it did not open. */
  readonly counter: number;
  /** It opened, and its MAC is the card's. */
  readonly genuine: boolean;
  /** The version under which it is genuine; the current one where it is not. */
  readonly keyVersion: number;
}

export interface CardKeyStore {
  /**
   * Opens the message of a tap and checks its MAC (NXP NT4H2421Gx §9.3, AN10922). Every accepted version is tried each
   * time, so that a strange card, a wrong MAC and no message at all cost the same work as a good one.
   */
  open(message: CardMessage | null): OpenedCardMessage;
  /** The keys that a new card is personalized with: the one secret that is given out, to the maker of the cards. */
  personalize(uid: Uint8Array): CardKeys;
  /** AES-256-GCM: nonce ‖ ciphertext ‖ tag. */
  sealNumber(cardNumber: string): Uint8Array;
}

/** The keys that a card of an SDM generation is personalized with. */
export interface CardKeys {
  readonly version: number;
  readonly metaReadKey: Buffer;
  readonly fileReadKey: Buffer;
}

export interface PinKeyStore {
  /** Opens a PIN block and compares the PIN with the card's verification value; no digit leaves. */
  check(input: {
    readonly pinBlock: PinBlock;
    /** The number that the block is bound to; null where none is known: nothing is opened then. */
    readonly boundTo: string | null;
    /** Whose PIN it should be: the card's number, typed or scanned, or as it is stored. Null: no such card. */
    readonly card: string | { readonly sealedNumber: Uint8Array } | null;
    readonly credential: Credential | null;
  }): PinFacts;
  /**
   * Whether a PIN that was chosen is the one that a card has, in constant time. A verification value under a pepper that
   * is not accepted any more is no PIN's.
   */
  isSame(input: {
    readonly sealedNumber: Uint8Array;
    readonly pin: string;
    readonly credential: Credential;
  }): boolean;
  /** Makes the verification value of a PIN that was chosen: HMAC-SHA-256(pepper, card ‖ salt ‖ PIN). */
  define(input: { readonly sealedNumber: Uint8Array; readonly pin: string }): Credential;
  /** As {@link define}, for a card whose number is at hand (raw records of tests and the demo). */
  defineFor(input: { readonly cardNumber: string; readonly pin: string }): Credential;
  /** A new initial key id under the current base key, 16 upper-case hex digits (ANSI X9.24-3: BDK id ‖ derivation id). */
  drawInitialKeyId(): string;
  /** The version of the base key that an initial key id is under; null where that one is retired. */
  baseVersionOf(initialKeyId: string): number | null;
  /**
   * The initial key of an accepted id, encrypted for its terminal: RSA-OAEP with SHA-256, base64.
   *
   * @param recipient the terminal's RSA public key, SPKI PEM.
   */
  wrapInitialKey(input: { readonly initialKeyId: string; readonly recipient: string }): string;
}

export interface IndexKeyStore {
  /** How a card is found by its 16-digit number. */
  number(cardNumber: string): Buffer;
  /** How a card is found by its chip's identifier. */
  identifier(uid: Uint8Array): Buffer;
  /** Tells a repeat of a request from another request. */
  request(request: object): Buffer;
  /** Of anything else that is kept as a keyed digest; domains keep kinds apart. */
  digest(domain: string, value: string | Uint8Array): Buffer;
}

export interface QrKeyStore {
  /** Signs a token under the current key. */
  sign(content: QrContent): string;
  /** The current key first. */
  readonly keys: readonly QrKey[];
  /** The key that a token names; null where it is not accepted. */
  named(keyId: string): QrKey | null;
}

export interface QrKey {
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

/** What a token says; its key id is the store's own. Distributes over printed and app codes. */
export type QrContent = QrTokenContent extends infer T
  ? T extends { readonly keyId: string }
    ? Omit<T, "keyId">
    : never
  : never;

/** Issues certificates. RSA, X.509 v3, signed with SHA-256 (RFC 5280). */
export interface CertificateAuthority {
  /** PEM. */
  readonly certificate: string;
  /** @param publicKey RSA, SPKI PEM. @returns PEM and the instant at which it ends. */
  issueTerminal(subject: {
    readonly terminalId: string;
    readonly publicKey: string;
    readonly nowMs: number;
  }): IssuedCertificate;
  /** Makes the key too: an agent's credentials are handed over as a file. */
  issueAgent(subject: {
    readonly agentId: string;
    readonly nowMs: number;
  }): Promise<{ readonly certificate: string; readonly privateKey: string }>;
}

export interface IssuedCertificate {
  readonly certificate: string;
  readonly expiresAtMs: number;
}
