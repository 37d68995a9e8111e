// What the operator's reimbursements are built from: the books, the makers of files, and the programme.

import type { Clock } from "../core/ports.js";
import type { Payer, Programme } from "../core/programme.js";
import type {
  PartnerPapers,
  Payment,
  Settlement,
  SettlementLine,
} from "../core/settlement/model.js";
import type { Alert, PartnerOutcome, SettlementStore } from "../core/settlement/ports.js";

export interface SettlementsOptions {
  readonly store: SettlementStore;
  readonly files: SettlementFiles;
  /** Looks for patterns in the sales of these days, Paris civil dates, both included. */
  readonly alerts: (days: {
    readonly firstDay: string;
    readonly lastDay: string;
  }) => Promise<readonly Alert[]>;
  readonly programme: Programme;
  readonly clock: Pick<Clock, "nowMs">;
  /** Called after each partner of a settlement that is under way. */
  readonly onPartner?: (progress: PartnerProgress) => void;
}

export interface PartnerProgress {
  readonly lastDay: string;
  readonly partnerId: string;
  readonly outcome: PartnerOutcome;
  /** How many partners are done, of how many. */
  readonly done: number;
  readonly of: number;
}

/** Makes and reads what leaves the gateway and comes back; the bytes depend on what is given and nothing else. */
export interface SettlementFiles {
  /** At least one payment. */
  paymentFile(input: {
    readonly settlement: Settlement;
    readonly payments: readonly Payment[];
    readonly payer: Payer;
  }): Uint8Array;
  readStatusReport(
    xml: string,
  ):
    | { readonly type: "read"; readonly statuses: readonly ReportedStatus[] }
    | { readonly type: "refused"; readonly detail: string };
  statementCsv(statement: StatementInput): string;
  statementHtml(statement: StatementInput): string;
  accountsCsv(input: {
    readonly payments: readonly Payment[];
    readonly lines: readonly SettlementLine[];
    readonly labels: ReadonlyMap<string, string>;
  }): string;
}

/** What a bank says of one payment, by its number; null: of every payment of the settlement that is not named. */
export interface ReportedStatus {
  readonly settlement: string;
  readonly no: number | null;
  readonly status: "PAID" | "REJECTED";
  readonly reason: string | null;
}

export interface StatementInput {
  readonly partner: PartnerPapers;
  readonly lines: readonly SettlementLine[];
  /** Those that the lines are in. */
  readonly payments: readonly Payment[];
  readonly firstDay: string;
  readonly lastDay: string;
  /** French names of avantages by their codes. */
  readonly labels: ReadonlyMap<string, string>;
  /** Why a line is held, in French; empty where it is not. */
  readonly wordsOf: (line: SettlementLine) => string;
}
