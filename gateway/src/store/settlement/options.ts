// What the steps of reimbursement are built from.

import type { Clock } from "../../core/ports.js";
import type { Programme } from "../../core/programme.js";
import type { Driver } from "../driver.js";

export interface SettlementOptions {
  readonly driver: Pick<Driver, "settlement" | "findAttempt" | "readPartner" | "ledger">;
  /** Whose papers are asked for is what it says now; what a sale was worth, what its own programme said. */
  readonly programme: Programme;
  readonly readProgramme: (json: string) => Programme;
  /** The school year of an instant, `2022/2023`. */
  readonly schoolYearOf: (instantMs: number) => string;
  readonly clock: Pick<Clock, "nowMs">;
  /**
   * Runs work when nothing else is under way, in a transaction of its own. It resolves once that is durable; where the
   * work throws, nothing of it is stored.
   */
  readonly transact: <T>(work: () => Promise<T>) => Promise<T>;
  /** Runs a read when nothing else is under way: it sees what is durable. */
  readonly readAlone: <T>(work: () => T | Promise<T>) => Promise<T>;
}
