// What the operators' listener needs from the rest of the gateway; the composition root hands it in.

import type { CaptureRequest, RefundRequest, ReversalRequest } from "@pass-tpe/protocol";
import type { z } from "zod";
import type { Agent } from "../../core/loading/event.js";
import type { Answer, Store } from "../../core/ports.js";
import type {
  SettlementResult,
  Settlements,
  StatusReportResult,
} from "../../core/settlement/ports.js";

/** What became of an event that was sent. */
export type Submission =
  | {
      readonly type: "malformed";
      readonly id: string | null;
      readonly issues: readonly z.core.$ZodIssue[];
    }
  | {
      readonly type: "answered";
      readonly id: string;
      readonly event: string;
      readonly subject: string;
      readonly answer: Answer;
    };

/** What the operator does with a sale in the place of the terminal that made it and is lost. */
export type TerminalAct = {
  readonly terminalId: string;
  /** The sale. */
  readonly id: string;
} & (
  | { readonly type: "capture"; readonly request: CaptureRequest }
  | { readonly type: "reverse"; readonly request: ReversalRequest }
  | { readonly type: "refund"; readonly request: RefundRequest }
);

/** A code of one use, by which a device becomes this terminal. */
export interface ActivationAsked {
  readonly terminalId: string;
  readonly pointOfSaleId: string;
  readonly validMinutes: number;
}

export type ActivationResult =
  | { readonly type: "made"; readonly activationCode: string; readonly expiresAtMs: number }
  | { readonly type: "noPointOfSale" | "revoked" | "ofAnotherPartner" };

/** Codes for cards, which need not be loaded yet: printed cards are made before they are handed out. */
export interface QrCodesAsked {
  /** Printed for good, or shown by the app for a minute. */
  readonly kind: "printed" | "app";
  readonly cardNumbers: readonly string[];
}

export interface IssuedQrCodes {
  /** The key that signed them. */
  readonly keyId: string;
  /** In the order of the card numbers. */
  readonly tokens: readonly string[];
}

/** A terminal as its operator sees it. */
export interface SeenTerminal {
  readonly id: string;
  readonly pointOfSaleId: string;
  readonly status: "active" | "revoked";
  /** Since when it has the credentials in force; null where an early version issued them, and so below. */
  readonly enrolledAtMs: number | null;
  readonly certificateExpiresAtMs: number | null;
  /** Null without a PIN key. */
  readonly initialKeyId: string | null;
  /** The count of the last PIN key that it used; 0 before the first. */
  readonly ksnCounter: number;
  /** When it was issued a certificate that it has not confirmed yet; null where it has none. */
  readonly renewalAskedAtMs: number | null;
}

/** A copy of the database in the archive, or why there is none. */
export type BackupResult =
  | {
      readonly type: "made";
      readonly name: string;
      readonly bytes: number;
      /** Hex. */
      readonly sha256: string;
      /** The ledger can be restored as of this instant, and of any later one. */
      readonly atMs: number;
    }
  | { readonly type: "failed"; readonly detail: string }
  | { readonly type: "noArchive" };

interface SeenGaps {
  /** Whether nobody has signed for a gap yet: what was paid in it is not known. */
  isUnsigned(): boolean;
  list(): Promise<readonly { readonly no: number; readonly isSigned: boolean }[]>;
  /** Stands in the audit trail; false where none of this number is unsigned. */
  sign(no: number, why: string, by: Agent): Promise<boolean>;
}

export interface OperatorsBackend {
  readonly store: Pick<Store, "agent" | "agentByCertificate" | "beneficiary" | "place" | "status">;
  readonly settlements: Omit<Settlements, "settle" | "readStatusReport">;
  /** Stands in the audit trail before it is done. */
  settle(lastDay: string, by: Agent): Promise<SettlementResult>;
  /** Stands in the audit trail before it is done. */
  readStatusReport(file: Uint8Array, by: Agent): Promise<StatusReportResult>;
  /** Stands in the audit trail before it is done. */
  actForTerminal(act: TerminalAct, by: Agent): Promise<Answer>;
  /** What is submitted in one turn is executed in that order. */
  submit(agent: Agent, body: unknown): Promise<Submission>;
  /** Null where this id was revoked for good. */
  issueAgent(agent: Agent, by: Agent): Promise<IssuedCredentials | null>;
  revokeAgent(id: string, by: Agent): Promise<void>;
  revokeTerminal(id: string, by: Agent): Promise<void>;
  makeActivationCode(asked: ActivationAsked, by: Agent): Promise<ActivationResult>;
  /** The row of the audit trail has no card number in it. */
  issueQrCodes(asked: QrCodesAsked, by: Agent): Promise<IssuedQrCodes>;
  /** Null where there is no such partner. */
  terminalsAt(partnerId: string): Promise<readonly SeenTerminal[] | null>;
  /** Copies the database into the archive now. Stands in the audit trail before it is done. */
  makeBackup(by: Agent): Promise<BackupResult>;
  /** Of the copy that is being made; null where none is. */
  backupProgress(): { readonly doneBytes: number; readonly totalBytes: number } | null;
  /** What restores lost. */
  readonly gaps: SeenGaps;
  /** Makes the code that opens a beneficiary's own account; null where there is no such beneficiary. */
  openAccount(
    account: { readonly beneficiary: string; readonly birthDay: string },
    by: Agent,
  ): Promise<{ readonly openingCode: string; readonly expiresAtMs: number } | null>;
}

/** What an agent needs to call the operators' listener, PEM. */
interface IssuedCredentials {
  readonly ca: string;
  readonly certificate: string;
  readonly privateKey: string;
}
