// What is not the result of a sale: typed errors that say who must act, and whether money moved.

import type { Actor } from "@pass-tpe/protocol";
import type { Holder } from "./lease/succession.js";

/** Whether anything was taken from the card. */
export type MoneyMoved = "yes" | "no" | "unknown";

interface ErrorSpec {
  readonly actor: Actor;
  readonly retryable: boolean;
  readonly moneyMoved: MoneyMoved;
  readonly lines: { readonly fr: string; readonly en: string };
}

/** Every error code, with who must act and one line for the cashier in each language. */
export const ERROR_CODES = {
  OPTIONS_INVALID: {
    actor: "integrator",
    retryable: false,
    moneyMoved: "no",
    lines: { fr: "TERMINAL MAL CONFIGURE", en: "TERMINAL SET UP WRONGLY" },
  },
  CREDENTIALS_UNREADABLE: {
    actor: "integrator",
    retryable: false,
    moneyMoved: "no",
    lines: { fr: "CLES DU TERMINAL ILLISIBLES", en: "TERMINAL KEYS UNREADABLE" },
  },
  GATEWAY_NOT_TRUSTED: {
    actor: "integrator",
    retryable: false,
    moneyMoved: "no",
    lines: { fr: "SERVICE NON RECONNU", en: "SERVICE NOT RECOGNISED" },
  },
  READER_UNAVAILABLE: {
    actor: "integrator",
    retryable: false,
    moneyMoved: "no",
    lines: { fr: "LECTEUR INDISPONIBLE", en: "READER UNAVAILABLE" },
  },
  JOURNAL_CORRUPT: {
    actor: "integrator",
    retryable: false,
    moneyMoved: "unknown",
    lines: { fr: "JOURNAL ABIME", en: "JOURNAL DAMAGED" },
  },
  JOURNAL_IN_USE: {
    actor: "integrator",
    retryable: true,
    moneyMoved: "no",
    lines: { fr: "TERMINAL DEJA OUVERT", en: "TERMINAL ALREADY OPEN" },
  },
  JOURNAL_OF_ANOTHER: {
    actor: "integrator",
    retryable: false,
    moneyMoved: "no",
    lines: { fr: "JOURNAL D'UN AUTRE TERMINAL", en: "JOURNAL OF ANOTHER TERMINAL" },
  },
  JOURNAL_FAILED: {
    actor: "device",
    retryable: false,
    moneyMoved: "no",
    lines: { fr: "DISQUE INUTILISABLE", en: "DISK UNUSABLE" },
  },
  BUSY: {
    actor: "cashier",
    retryable: true,
    moneyMoved: "no",
    lines: { fr: "UNE VENTE EST EN COURS", en: "A SALE IS IN PROGRESS" },
  },
  CLOSED: {
    actor: "integrator",
    retryable: false,
    moneyMoved: "no",
    lines: { fr: "TERMINAL FERME", en: "TERMINAL CLOSED" },
  },
  REVERSALS_OWED: {
    actor: "network",
    retryable: true,
    moneyMoved: "no",
    lines: { fr: "ANNULATIONS EN ATTENTE", en: "REVERSALS WAITING" },
  },
  ANSWERS_OWED: {
    actor: "network",
    retryable: true,
    moneyMoved: "no",
    lines: { fr: "REPONSES EN ATTENTE", en: "ANSWERS WAITING" },
  },
  UNREACHABLE: {
    actor: "network",
    retryable: true,
    moneyMoved: "no",
    lines: { fr: "SERVICE INJOIGNABLE", en: "SERVICE UNREACHABLE" },
  },
  TERMINAL_AUTH_FAILED: {
    actor: "integrator",
    retryable: false,
    moneyMoved: "no",
    lines: { fr: "TERMINAL NON AUTHENTIFIE", en: "TERMINAL NOT AUTHENTICATED" },
  },
  REFUSED: {
    actor: "integrator",
    retryable: false,
    moneyMoved: "no",
    lines: { fr: "DEMANDE REFUSEE", en: "REQUEST REFUSED" },
  },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error of the terminal. A refused sale is never one: it is a result. */
export class PassTpeError extends Error {
  override readonly name = "PassTpeError";
  readonly code: ErrorCode;
  /** Who must act. */
  readonly actor: Actor;
  /** Whether the same call can succeed later without a change of set-up. */
  readonly retryable: boolean;
  readonly moneyMoved: MoneyMoved;
  /** One line for the cashier, upper-case ASCII, at most 32 characters. */
  readonly lines: { readonly fr: string; readonly en: string };
  /** Of the sale or refund that it is about, where the next run may go on with it. */
  readonly id?: string;
  /** Of `JOURNAL_IN_USE`: who holds the journal, and until when, as far as the lock file says. */
  readonly heldBy?: Holder;

  /**
   * @param options.detail for the integrator's log, in English: what is wrong and what to do.
   * @param options.inDoubt the id of what may still be done, so that nobody knows whether money moves.
   */
  constructor(options: {
    code: ErrorCode;
    detail: string;
    cause?: unknown;
    inDoubt?: string;
    heldBy?: Holder | null;
  }) {
    const { code, detail, cause, inDoubt, heldBy = null } = options;
    super(detail, cause === undefined ? undefined : { cause });
    const spec: ErrorSpec = ERROR_CODES[code];
    this.code = code;
    this.actor = spec.actor;
    this.retryable = spec.retryable;
    this.moneyMoved = inDoubt === undefined ? spec.moneyMoved : "unknown";
    if (inDoubt !== undefined) this.id = inDoubt;
    if (heldBy !== null) this.heldBy = heldBy;
    this.lines = spec.lines;
  }
}

/** The text of anything that was thrown. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
