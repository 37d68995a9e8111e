// Problem documents for young people: what is wrong in French for them, and in English for who built the form.

import type { HolderRefusal } from "../../core/holders.js";
import type { FieldError, ProblemOptions } from "../problem-error.js";
import { noActiveCardWords, passwordWords, pinWords, waitWords } from "./words.js";

export interface HolderProblem {
  readonly code:
    | "FORMAT_ERROR"
    | "LOGIN_FAILED"
    | "OPERATION_NOT_SUPPORTED"
    | "CARD_NOT_ACTIVE"
    | "PASSWORD_REFUSED"
    | "PIN_REFUSED"
    | "TOO_MANY_TRIES"
    | "RATE_LIMITED"
    | "MAINTENANCE"
    | "SYSTEM_ERROR";
  readonly status: number;
  /** English. */
  readonly detail: string;
  /** French, to be shown as it is. */
  readonly message: string;
  /** What exactly is wrong, as a word that stays. */
  readonly reason?: string;
  readonly retryAfterMs?: number;
  readonly errors?: readonly FieldError[];
}

/** Thrown by a handler to answer with a problem document. */
export class HolderProblemError extends Error {
  override readonly name = "HolderProblemError";
  readonly problem: HolderProblem;
  constructor(problem: HolderProblem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** @param wrong what the holder is told where dossier and secret do not belong together, in French. */
export function refusalProblem(refusal: HolderRefusal, wrong: string): HolderProblem {
  switch (refusal.type) {
    case "wrong":
      return {
        code: "LOGIN_FAILED",
        status: 403,
        detail:
          "The dossier is not known, or the secret is not its own or too old: which one is not told.",
        message: wrong,
      };
    case "throttled":
      return {
        code: "TOO_MANY_TRIES",
        status: 429,
        detail:
          "Too many tries were wrong for this dossier: nothing was looked at. Try again later.",
        message: waitWords(refusal.waitMs),
        retryAfterMs: refusal.waitMs,
      };
    case "passwordRefused":
      return {
        code: "PASSWORD_REFUSED",
        status: 422,
        detail: "The password is too easy to find: see reason.",
        message: passwordWords(refusal.fault),
        reason: refusal.fault,
      };
    case "pinRefused":
      return {
        code: "PIN_REFUSED",
        status: 422,
        detail:
          "The PIN is not four digits, too easy to find, or the one that the card has: see reason.",
        message: pinWords(refusal.fault),
        reason: refusal.fault,
      };
    case "noActiveCard":
      return {
        code: "CARD_NOT_ACTIVE",
        status: 409,
        detail: "Only an active card can have a PIN: reason is the newest card's status.",
        message: noActiveCardWords(refusal.status),
        reason: refusal.status ?? "NO_CARD",
      };
  }
}

/** What goes wrong on any listener, in this one's words. */
export function commonProblem(options: ProblemOptions): HolderProblem {
  const { code, detail, status, retryAfterMs, errors } = options;
  const more = {
    detail,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(errors === undefined ? {} : { errors }),
  };
  switch (code) {
    case "FORMAT_ERROR":
      return { code, status: status ?? 400, message: "La demande n'est pas complète.", ...more };
    case "OPERATION_NOT_SUPPORTED":
      return { code, status: 404, message: "Cette page n'existe pas.", ...more };
    case "RATE_LIMITED":
      return { code, status: 429, message: "Trop de demandes. Réessaie dans un instant.", ...more };
    case "MAINTENANCE":
      return {
        code,
        status: 503,
        message: "Le service est en maintenance. Réessaie plus tard.",
        ...more,
      };
    default:
      return {
        ...more,
        code: "SYSTEM_ERROR",
        status: status ?? 500,
        message: "Un incident est survenu. Réessaie plus tard.",
      };
  }
}

/** The problem document (RFC 9457). */
export function documentOf(problem: HolderProblem) {
  const { code, status, detail, message, reason, retryAfterMs, errors } = problem;
  return {
    type: `urn:pass-tpe:problem:${code}`,
    title: code,
    status,
    detail,
    code,
    message,
    reason,
    retryAfterMs,
    errors,
  };
}
