// What a copy of a ledger is made of: every table, in an order in which each stands after those that it refers to.

export interface CopiedTable {
  readonly name: string;
  /** Its primary key, by which it is read in pages. */
  readonly key: readonly string[];
  /** The schema itself puts a row into it, which gives way to the copy's. */
  readonly isSeeded?: true;
  /** Where one row may be as large as a file. */
  readonly pageRows?: number;
}

/**
 * All tables of a ledger. A migration that adds one adds it here: a copy refuses to begin otherwise. Columns are not listed:
 * both engines are asked for theirs, which must be the same.
 */
export const COPIED_TABLES: readonly CopiedTable[] = [
  { name: "partners", key: ["id"] },
  { name: "conventions", key: ["reference"] },
  { name: "agrements", key: ["partner_id", "avantage"] },
  { name: "bank_accounts", key: ["partner_id"] },
  { name: "equipment_declarations", key: ["partner_id", "school_year"] },
  { name: "justificatifs", key: ["partner_id", "reference"] },
  { name: "incivility_reports", key: ["partner_id", "report"] },
  { name: "points_of_sale", key: ["id"] },
  { name: "terminals", key: ["id"] },
  { name: "activation_codes", key: ["terminal_id"] },
  { name: "certificate_renewals", key: ["terminal_id"] },
  { name: "agents", key: ["id"] },
  { name: "accounts", key: ["id"] },
  { name: "holder_accounts", key: ["beneficiary_id"] },
  { name: "stranger_tries", key: ["slot"] },
  { name: "cards", key: ["id"] },
  { name: "grants", key: ["account_id", "id"] },
  { name: "suspensions", key: ["account_id", "id"] },
  { name: "visits", key: ["account_id", "point_of_sale_id", "avantage"] },
  { name: "proofs", key: ["ref"] },
  { name: "app_codes", key: ["key"] },
  { name: "programmes", key: ["hash"], pageRows: 4 },
  { name: "attempts", key: ["seq"] },
  { name: "reversals", key: ["seq"] },
  { name: "operations", key: ["seq"] },
  { name: "entries", key: ["seq"] },
  { name: "holds", key: ["terminal_id", "attempt_id"] },
  { name: "events", key: ["seq"] },
  { name: "accrued", key: ["only_row"], isSeeded: true },
  { name: "settlements", key: ["last_day"], pageRows: 4 },
  { name: "payments", key: ["settlement", "partner_id"] },
  { name: "settlement_lines", key: ["no"] },
  { name: "payment_lines", key: ["settlement", "partner_id", "line_no"] },
  { name: "links", key: ["no"] },
  { name: "heads", key: ["no"] },
  { name: "ledger_keys", key: ["only_row"] },
  { name: "gaps", key: ["no"] },
  { name: "gap_days", key: ["gap_no", "terminal_id", "day"] },
];

/** What stands beside a ledger in every engine and is of no use in another place. */
export const NOT_COPIED: readonly string[] = ["ledger_move"];
