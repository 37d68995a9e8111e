// What the alerts look at: one row for each sale that took something, without anything that names a young person.

import type { Unit } from "@pass-tpe/protocol";

/** A sale whose debit stands: final or captured, not reversed. What was refunded of it is still in `units`. */
export interface ObservedSale {
  /** Where it was made, as the partner stood then. */
  readonly partnerId: string;
  readonly avantage: string;
  readonly unit: Unit;
  /** Tells one grant of one account from every other; opaque, compared, never told. */
  readonly grantKey: string;
  /** Taken from the grant, in the unit, above zero. */
  readonly units: number;
  /** What the grant was worth at this partner when it was decided, a supplement that the partner can draw included. */
  readonly amountOfGrant: number;
  /** What others had taken or held of it at that instant. */
  readonly spentBefore: number;
  /** The end of the grant's window, exclusive, Unix milliseconds. */
  readonly windowToMs: number;
  /** When it was taken: its decision, or its capture. Unix milliseconds. */
  readonly takenAtMs: number;
}
