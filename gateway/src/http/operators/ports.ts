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
}

/** What an agent needs to call the operators' listener, PEM. */
export interface IssuedCredentials {
  readonly ca: string;
  readonly certificate: string;
  readonly privateKey: string;
}
