// Rows of the audit trail for what is done to agents, terminals and reimbursements, beside the events that are sent.

import { createHash } from "node:crypto";
import type { PinAct } from "./core/holders.js";
import type { Agent } from "./core/loading/event.js";
import type { Random } from "./core/ports.js";
import type { EventRow } from "./store/driver.js";

/** Who acts without credentials: no agent can have a name with a parenthesis. */
export const COMMAND_LINE: Agent = { id: "(command line)", role: "operator", etablissement: null };
export const IN_PROCESS: Agent = { id: "(in process)", role: "operator", etablissement: null };

/** A young person, in the account that the row is about. */
export const HOLDER = { id: "(holder)", role: "holder" } as const;

/** A terminal that asks for its own credentials: the one that the row is about. */
export const TERMINAL = { id: "(terminal)", role: "terminal" } as const;

const ID_BYTES = 16;

/** What is asked for, and stands there before it is done. */
export type Asked =
  | "capture"
  | "reverse"
  | "refund"
  | "settlement"
  | "statusReport"
  | "keyRotation"
  | "keyRetirement"
  | "backup";

/** How a terminal gets its credentials, and others before they end. */
type TerminalLife =
  | "terminal.code-made"
  | "terminal.enrolled"
  | "terminal.renewed"
  | "terminal.renewal-confirmed";

/** What came of an act. */
export type Came =
  | { readonly outcome: "asked" | "applied" | "unchanged" }
  | { readonly outcome: "refused"; readonly refusal: string };

export interface Act {
  readonly type:
    | "agent.issued"
    | "agent.revoked"
    | "terminal.revoked"
    | TerminalLife
    | "qr.issued"
    | "gap.opened"
    | "gap.reconciled"
    | "gap.signed"
    | "account.invited"
    | "account.opened"
    | PinAct
    | `${Asked}.asked`
    | `${Asked}.answered`;
  /** The agent, terminal, beneficiary, or last day of a period that it is about; of a bank's report its SHA-256, hex; a kind of keys or of QR codes; `gap N`; `archive`. */
  readonly subject: string;
  readonly by: Pick<EventRow, "role"> & { readonly id: string };
  readonly nowMs: number;
  readonly came: Came;
  readonly notes?: readonly string[];
}

/** An act as the audit trail keeps it. Nobody sent it as an event: its id is drawn here. */
export function trailRow(act: Act, random: Random): EventRow {
  const { type, subject, by, nowMs, came, notes = [] } = act;
  return {
    id: Buffer.from(random.bytes(ID_BYTES)).toString("hex"),
    agentId: by.id,
    role: by.role,
    type,
    subject,
    atMs: nowMs,
    fingerprint: createHash("sha256")
      .update(JSON.stringify([type, subject]))
      .digest(),
    outcome: came.outcome,
    refusal: came.outcome === "refused" ? came.refusal : null,
    notes,
  };
}

/** The row of an agent's certificate that was issued, or issued again. */
export function issuedRow(
  { id, role, etablissement }: Agent,
  made: { readonly by: Agent; readonly nowMs: number; readonly random: Random },
): EventRow {
  const { by, nowMs, random } = made;
  const notes = [`role ${role}${etablissement === null ? "" : ` of ${etablissement}`}`];
  const came = { outcome: "applied" } as const;
  return trailRow({ type: "agent.issued", subject: id, by, nowMs, came, notes }, random);
}
