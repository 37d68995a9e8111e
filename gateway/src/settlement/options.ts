// What the operator's reimbursements are built from: the books, the makers of files, and the programme.

import type { Clock } from "../core/ports.js";
import type { Programme } from "../core/programme.js";
import type { Alert, BankWord, PartnerOutcome, SettlementStore } from "../core/settlement/ports.js";
import type { AccountsInput } from "./files/accounts-csv.js";
import type { PaymentFileInput } from "./files/payment-file.js";
import type { Statement } from "./files/statement.js";

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

interface PartnerProgress {
  readonly lastDay: string;
  readonly partnerId: string;
  readonly outcome: PartnerOutcome;
  /** How many partners are done, of how many. */
  readonly done: number;
  readonly of: number;
}

/** Makes and reads what leaves the gateway and comes back; the bytes depend on what is given and nothing else. */
export interface SettlementFiles {
  /** At least one payment. Others have their turn while thousands are checked. */
  paymentFile(input: PaymentFileInput): Uint8Array | Promise<Uint8Array>;
  readStatusReport(
    xml: string,
  ):
    | { readonly type: "read"; readonly statuses: readonly ReportedStatus[] }
    | { readonly type: "refused"; readonly detail: string };
  statementCsv(statement: Statement): string;
  statementHtml(statement: Statement): string;
  accountsCsv(input: AccountsInput): string;
}

/** What a bank says of one payment, by its number; null: of every payment of the settlement that is not named. */
export interface ReportedStatus extends BankWord {
  readonly settlement: string;
  readonly no: number | null;
}
