// What a gateway asks a database of its ledger that is not in the ledger: how its server is, and how long a commit waits for it.

export interface DatabaseState {
  /** What its own clock says, in Unix milliseconds. */
  readonly nowMs: number;
  /** Why nothing may be sold on it, and who mends that; null where it may. */
  readonly unfit: string | null;
}

export interface Database {
  /** What its server says of itself now. @throws where it does not answer. */
  state(): Promise<DatabaseState>;
  /** How long the commit that is under way has waited for its answer, in milliseconds; zero where none is. */
  commitWaitsMs(): number;
}
