// What the life of terminals needs of a driver: activation codes, who is enrolled with what, and renewals under way.

import type { KnownTerminal } from "../../core/ports.js";
import type { Awaitable } from "../rows.js";

/** What was issued for a terminal's key. The certificate is public; no key is here. */
export interface Issued {
  /** SHA-256 of the public key's SPKI, DER. */
  readonly keyHash: Uint8Array;
  /** PEM. */
  readonly certificate: string;
  /** SHA-256 of its DER, lower-case hex. */
  readonly certificateFingerprint: string;
  readonly certificateExpiresAtMs: number;
  /** 16 upper-case hex digits. */
  readonly initialKeyId: string;
}

export interface ActivationCodeRow {
  readonly terminalId: string;
  /** SHA-256 of the secret. */
  readonly digest: Uint8Array;
  readonly pointOfSaleId: string;
  readonly expiresAtMs: number;
  /** Null while nobody has used it. */
  readonly used: (Issued & { readonly atMs: number }) | null;
}

/** What a renewal issues. Without an initial key the terminal goes on with the one that it has, or with none. */
export interface Renewed extends Omit<Issued, "initialKeyId"> {
  readonly initialKeyId: string | null;
}

export interface RenewalRow extends Renewed {
  readonly terminalId: string;
  readonly askedAtMs: number;
}

/** What is in force for a terminal. */
export interface EnrolledTerminal extends KnownTerminal {
  readonly pointOfSaleId: string;
  readonly certificateFingerprint: string;
  /** Null for a terminal that was enrolled by an early version. */
  readonly certificateExpiresAtMs: number | null;
}

/** A terminal as its operator sees it. */
export interface ListedTerminal {
  readonly id: string;
  readonly pointOfSaleId: string;
  readonly status: KnownTerminal["status"];
  readonly enrolledAtMs: number | null;
  readonly certificateExpiresAtMs: number | null;
  readonly initialKeyId: string | null;
  /** The last PIN key that it used: a count under its initial key; 0 before the first. */
  readonly ksnCounter: number;
  /** When a certificate was issued that it has not confirmed yet. */
  readonly renewalAskedAtMs: number | null;
}

/** Reads see what is durable, and what the open transaction wrote. Writes belong into an open transaction. */
export interface TerminalDriver {
  find(terminalId: string): Awaitable<EnrolledTerminal | null>;
  /** Null where there is no such point of sale. */
  partnerOf(pointOfSaleId: string): Awaitable<string | null>;
  /** Keeps a code in the place of the terminal's earlier one. */
  putCode(code: ActivationCodeRow): Awaitable<void>;
  codeBy(digest: Uint8Array): Awaitable<ActivationCodeRow | null>;
  /**
   * Puts in force what was issued: what was before is worth nothing, nor is a renewal under way. With a new initial key
   * the PIN keys are counted from zero; without one they are counted on. A terminal that is not there yet is made.
   */
  putInForce(
    terminal: {
      readonly id: string;
      readonly pointOfSaleId: string;
      readonly enrolledAtMs: number;
    },
    issued: Renewed,
  ): Awaitable<void>;
  renewalOf(terminalId: string): Awaitable<RenewalRow | null>;
  renewalBy(certificateFingerprint: string): Awaitable<RenewalRow | null>;
  /** Keeps a renewal in the place of the terminal's earlier one. */
  putRenewal(renewal: RenewalRow): Awaitable<void>;
  /** The terminals at a partner's points of sale, in the order of their ids. */
  atPartner(partnerId: string): Awaitable<readonly ListedTerminal[]>;
}
