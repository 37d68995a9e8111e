// What the chain needs of a driver: rows that no link covers yet, links appended to the last, and signed heads.

import type { Awaitable, Rows } from "../rows.js";
import type { FieldValue, RowShape } from "./row-shape.js";

/** What is sealed: every table that is only ever added to, in the order of sealing within one step. */
export const CHAIN_SOURCES = ["attempts", "operations", "reversals", "entries", "events"] as const;
export type ChainSource = (typeof CHAIN_SOURCES)[number];

export interface ChainRow {
  readonly source: ChainSource;
  /** Its place in its source; grows in the order of commits. */
  readonly seq: number;
  /** All that never changes. An attempt's state does, and follows from rows that are sealed: it is left out. */
  readonly values: readonly FieldValue[];
  /** Which field each value is. */
  readonly shape: RowShape;
}

/** By source, the seq of the last row that is sealed; a source without one may be left out. */
export type SealedUpTo = ReadonlyMap<ChainSource, number>;

export interface UnsealedQuery {
  readonly upTo: SealedUpTo;
  readonly each: number;
  readonly max: number;
}

/** One link of the chain stands for one row. */
export interface LinkRow {
  /** 1, 2, 3 … */
  readonly no: number;
  readonly source: ChainSource;
  readonly rowSeq: number;
  /** Over the link before it, its number and its row: see `linkHash`. */
  readonly hash: Uint8Array;
}

/** A link that was signed, and so everything up to it. */
export interface HeadRow {
  /** Of the link. */
  readonly no: number;
  readonly hash: Uint8Array;
  /** When it was signed. */
  readonly atMs: number;
  /** Ed25519, over `headMessage`. */
  readonly signature: Uint8Array;
}

/** Of several gateways one seals, until it leaves or its connection ends: then whoever asks next does. */
export interface SealersTurn {
  /** Whether this one seals; it takes its turn where nobody else has it. */
  take(): Awaitable<boolean>;
  /** Lets go of it, where it has it. */
  leave(): void;
}

/** Reads see what is durable, and what the open transaction wrote. Writes belong into an open transaction. */
export interface ChainDriver {
  /** Left out where nobody else could seal. */
  readonly turn?: SealersTurn;
  lastLink(): Awaitable<LinkRow | null>;
  sealedUpTo(): Awaitable<SealedUpTo>;
  /**
   * Rows that are next in line: source by source, each in the order of `seq` and above the last that is sealed; none
   * where all is sealed. A driver in which a row could still come below one that it gives holds that one back, so that
   * whatever stands unsealed among sealed rows was put there by somebody else.
   *
   * @param query.upTo what is sealed, or will be by links that are not appended yet.
   * @param query.each the most rows of one source.
   * @param query.max the most rows in all.
   */
  unsealed(query: UnsealedQuery): Awaitable<readonly ChainRow[]>;
  append(links: readonly LinkRow[]): Awaitable<void>;
  lastHead(): Awaitable<HeadRow | null>;
  keepHead(head: HeadRow): Awaitable<void>;
  /** All links in the order of their numbers, each with its row; null where that is gone. */
  links(): Rows<{ readonly link: LinkRow; readonly row: ChainRow | null }>;
  /** Rows that stand in no link, in the order of `seq`, wherever they are. */
  uncovered(source: ChainSource): Rows<ChainRow>;
  /** The hash of a link; null where there is none of this number. */
  hashOf(no: number): Awaitable<Uint8Array | null>;
  /** In the order of their numbers. */
  heads(): Rows<HeadRow>;
}
