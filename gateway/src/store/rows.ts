// The rows of what was decided, moved and told, as every driver keeps them.

import type { SaleState } from "../core/life.js";
import type { Role } from "../core/loading/event.js";

export type Awaitable<T> = T | Promise<T>;

/** Rows one after the other, so that what is big never stands in memory as a whole. */
export type Rows<T> = Iterable<T> | AsyncIterable<T>;

/** Approvals by which nothing was taken: they count neither as money nor as a sale too many. */
export const RECORD_CODES: readonly string[] = ["APPROVED_RECORD", "APPROVED_SAME_VISIT"];

/** Whether a sale recorded a use and took nothing. */
export function isRecordCode(code: string): boolean {
  return RECORD_CODES.includes(code);
}

/** The most of an account's approved sales that a case carries: the newest. */
export const RECENT_SALES_MAX = 100;

export type AttemptKind = "authorization" | "inquiry" | "tombstone";
/** An attempt and its answer, as stored: what makes the same id give the same answer for ever. */
export interface AttemptRow {
  readonly terminalId: string;
  readonly id: string;
  readonly kind: AttemptKind;
  /** As it is written: a hold whose time is over is seen as expired all the same. */
  readonly state: SaleState;
  /** Keyed digest of the request; null for a tombstone, which has seen none. */
  readonly fingerprint: Uint8Array | null;
  /** The precise code. */
  readonly code: string;
  readonly accountId: string | null;
  /** Whose terminal it was at that instant; null where it was nobody's, and for a tombstone. */
  readonly partnerId: string | null;
  readonly avantage: string | null;
  readonly decidedAtMs: number;
  readonly programmeHash: string;
  /** The version of the core's rules that decided. */
  readonly rulesVersion: number;
  /** What the decision was made from, as JSON without secrets; null for a tombstone. */
  readonly input: string | null;
  /** SHA-256 of the decision's effects, so that a replay compares those too; null for a tombstone. */
  readonly effectsDigest: Uint8Array | null;
  /** The answer as sent, JSON; null for a tombstone. */
  readonly answer: string | null;
}

export interface ReversalRow {
  readonly terminalId: string;
  readonly id: string;
  readonly reason: "automatic" | "manual";
  /** The terminal itself, or the agent who did it in its place. */
  readonly askedBy: string;
  /** Given back to the grant, in its unit; zero where nothing had been taken. */
  readonly units: number;
  readonly atMs: number;
  readonly answer: string;
}

/** What was done with a sale after its decision, and moved something. Append-only. */
export interface OperationRow {
  readonly kind: "capture" | "refund";
  /** The sale. */
  readonly terminalId: string;
  readonly attemptId: string;
  /** A refund's own id; the sale's for its capture, of which there is one. */
  readonly id: string;
  /** `terminal …` or `agent …`: a refund's id is unique for each. */
  readonly askedBy: string;
  /** What was asked for, in the grant's unit; null: all of it. */
  readonly asked: number | null;
  /** Taken by a capture, given back by a refund, above zero. */
  readonly units: number;
  readonly atMs: number;
  readonly programmeHash: string;
  /** What it was decided from, JSON. */
  readonly input: string;
  /** The answer as sent, JSON. */
  readonly answer: string;
}

/** One movement on a grant: positive units were taken, negative ones given back. Append-only. */
export interface EntryRow {
  readonly accountId: string;
  readonly grantId: string;
  readonly terminalId: string;
  readonly attemptId: string;
  readonly units: number;
  readonly atMs: number;
}

/** One act of the operator, the Région, an établissement, a holder or a terminal: the audit trail is append-only. */
export interface EventRow {
  /** Made by the sender. One that was refused may come again. */
  readonly id: string;
  readonly agentId: string;
  /** `holder`: a young person, in their own account. `terminal`: the one that the row is about. */
  readonly role: Role | "holder" | "terminal";
  readonly type: string;
  /** The beneficiary or partner that it is about. */
  readonly subject: string;
  readonly atMs: number;
  readonly fingerprint: Uint8Array;
  /** `asked`: not done yet; what came of it stands in a later row. */
  readonly outcome: "asked" | "applied" | "unchanged" | "refused";
  /** Why it was refused; null otherwise. */
  readonly refusal: string | null;
  readonly notes: readonly string[];
}

/** An incivility report: received by mail, and without any effect at a till. */
export interface ReportRow {
  readonly partnerId: string;
  readonly report: string;
  readonly beneficiary: string;
  /** Paris civil date. */
  readonly receivedOn: string;
}

/** A programme's data as it was loaded, JSON. */
export interface StoredProgramme {
  readonly hash: string;
  readonly json: string;
}
