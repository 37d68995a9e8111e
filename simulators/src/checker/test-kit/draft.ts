// A day that can be written and spoiled: the same shapes as the checker reads, with everything in them open to change.

import type { Fact, LedgerFacts, World } from "../facts.js";

/** A shape without its `readonly`. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? Draft<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Draft<T[Key]> }
    : T;

/** A whole day. */
export interface DayDraft {
  readonly world: Draft<World>;
  readonly facts: Draft<Fact>[];
  readonly ledger: Draft<LedgerFacts>;
}
