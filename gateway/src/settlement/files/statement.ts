// A partner's statement as data, before it is a table or a page: its lines, and what they come to.

import type {
  LineState,
  PartnerPapers,
  Payment,
  SettlementLine,
} from "../../core/settlement/model.js";

/** Everything that a statement shows; what belongs in it is the caller's choice. Nothing of it names a holder. */
export interface Statement {
  readonly partner: Pick<PartnerPapers, "partnerId" | "name">;
  readonly lines: readonly SettlementLine[];
  /** The partner's payments that the lines are in, or were in before the bank returned them. */
  readonly payments: readonly Payment[];
  /** Paris civil dates, both included. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** The French name of each avantage by its code; a code without one is shown itself. */
  readonly labels: ReadonlyMap<string, string>;
  /** What is released comes to zero or less: nothing is paid until more is sold. */
  readonly isCarried: boolean;
  /** Why a line is not paid yet, in French; empty where there is nothing to say. */
  readonly wordsOf: (line: SettlementLine) => string;
}

interface StateTotal {
  readonly state: LineState;
  readonly lines: number;
  readonly amountCents: number;
}

/** In the order of a line's life. */
const STATES: readonly LineState[] = ["PAID", "BATCHED", "HELD", "RELEASED", "REJECTED", "ACCRUED"];

/** What the lines come to for each state that there is one of. */
export function totalsByState(lines: readonly SettlementLine[]): readonly StateTotal[] {
  return STATES.map((state) => {
    const inState = lines.filter((line) => line.state === state);
    return { state, lines: inState.length, amountCents: sumCents(inState) };
  }).filter((total) => total.lines > 0);
}

export function sumCents(lines: readonly { readonly amountCents: number }[]): number {
  return lines.reduce((sum, { amountCents }) => sum + amountCents, 0);
}
