// A day's facts and ledger put together by sale, read once, so that each rule only looks things up.

import type { Fact, LedgerFacts, SaleRef, World } from "./facts.js";

/** The facts of one type. */
export type FactOf<T extends Fact["type"]> = Extract<Fact, { readonly type: T }>;

/** A row of one of the ledger's lists. */
export type RowOf<T extends "attempts" | "reversals" | "operations" | "entries" | "holds"> =
  LedgerFacts[T][number];

/** A row with its place in its list, from 0. */
type Placed<Row> = Row & { readonly place: number };

/** Everything that is known of one id of one terminal, each list in its own order. */
export interface SaleFile {
  readonly ref: SaleRef;
  readonly began: FactOf<"began">[];
  readonly left: FactOf<"left">[];
  readonly arrived: FactOf<"arrived">[];
  readonly refused: FactOf<"refused">[];
  readonly answered: FactOf<"answered">[];
  readonly told: FactOf<"told">[];
  readonly resolved: FactOf<"resolved">[];
  readonly recovered: FactOf<"recovered">[];
  readonly asked: FactOf<"asked">[];
  readonly done: FactOf<"done">[];
  readonly attempts: Placed<RowOf<"attempts">>[];
  readonly reversals: RowOf<"reversals">[];
  readonly captures: RowOf<"operations">[];
  readonly refunds: RowOf<"operations">[];
  readonly entries: Placed<RowOf<"entries">>[];
  readonly holds: RowOf<"holds">[];
}

/** A terminal's deaths and starts. */
interface Life {
  last: "died" | "started";
  lastAtMs: number;
  /** Of all its deaths and starts: the facts of two processes tell only together when one ended. */
  readonly instants: number[];
}

/** The whole day, for the rules. */
export interface DayBook {
  readonly world: World;
  readonly facts: readonly Fact[];
  readonly ledger: LedgerFacts;
  readonly sales: ReadonlyMap<string, SaleFile>;
  readonly terminals: ReadonlyMap<string, Readonly<Life>>;
  /** Whether somebody saw what was put on the wire. */
  readonly seesTheWire: boolean;
  readonly accountOfCard: ReadonlyMap<string, string>;
  /** The latest instant of each account's decisions: a clock that was ahead for a while has left it there. */
  readonly latestMs: ReadonlyMap<string, number>;
}

/** A sale's id is its own only together with the terminal that made it. */
export function keyOf({ terminal, id }: SaleRef): string {
  // An id has no blanks.
  return `${id} ${terminal}`;
}

/** Reads a day once; linear in what it holds. */
export function bookOf(world: World, facts: readonly Fact[], ledger: LedgerFacts): DayBook {
  const sales = new Map<string, SaleFile>();
  const terminals = new Map<string, Life>();
  for (const fact of facts) {
    if ("sale" in fact) note(fileOf(sales, fact.sale), fact);
    else if (fact.type === "terminalDied" || fact.type === "terminalStarted") {
      noteLife(terminals, fact);
    }
  }
  noteLedger(sales, ledger);
  const accountOfCard = new Map(world.cards.map(({ card, account }) => [card, account]));
  const latestMs = new Map<string, number>();
  for (const sale of sales.values()) {
    const account = accountOf({ accountOfCard }, sale);
    if (account === null) continue;
    const decided = sale.attempts.map(({ decidedAtMs }) => decidedAtMs);
    const captured = sale.captures.map(({ atMs = 0 }) => atMs);
    latestMs.set(account, Math.max(latestMs.get(account) ?? 0, ...decided, ...captured));
  }
  const seesTheWire = world.seesTheWire ?? facts.some(({ type }) => type === "left");
  return { world, facts, ledger, sales, terminals, seesTheWire, accountOfCard, latestMs };
}

const WORD_WITHIN_MS = 60_000;

/**
 * The first death or start of a terminal within the time in which it should have told something: what it was about to
 * tell may then never have been told. Null where it lived on. By the instants, as the order of facts of different
 * processes is not to be relied on.
 */
export function interruptionOf(
  { terminals, world }: DayBook,
  terminal: string,
  sinceMs: number,
): number | null {
  const untilMs = sinceMs + (world.wordWithinMs ?? WORD_WITHIN_MS);
  const within = (terminals.get(terminal)?.instants ?? []).filter(
    (atMs) => atMs >= sinceMs && atMs <= untilMs,
  );
  return within.length === 0 ? null : Math.min(...within);
}

/** Whether an answer about it was heard that the terminal's death kept from the till: a later life knows of no doubt. */
export function wasHeardInVain(
  book: DayBook,
  sale: SaleFile,
  { about, sinceMs }: { about: "capture" | "refund" | "reversal"; sinceMs: number },
): boolean {
  return sale.answered.some(
    (one) =>
      one.about === about &&
      one.atMs >= sinceMs &&
      interruptionOf(book, sale.ref.terminal, one.atMs) !== null,
  );
}

/** The account that a sale is about; null where neither its card nor an entry tells. */
export function accountOf(
  { accountOfCard }: Pick<DayBook, "accountOfCard">,
  sale: SaleFile,
): string | null {
  const card = sale.began[0]?.intent.card;
  const byCard = card === undefined ? undefined : accountOfCard.get(card);
  return byCard ?? sale.entries[0]?.account ?? null;
}

function fileOf(sales: Map<string, SaleFile>, ref: SaleRef): SaleFile {
  const key = keyOf(ref);
  const known = sales.get(key);
  if (known) return known;
  const made: SaleFile = {
    ref: { terminal: ref.terminal, id: ref.id },
    began: [],
    left: [],
    arrived: [],
    refused: [],
    answered: [],
    told: [],
    resolved: [],
    recovered: [],
    asked: [],
    done: [],
    attempts: [],
    reversals: [],
    captures: [],
    refunds: [],
    entries: [],
    holds: [],
  };
  sales.set(key, made);
  return made;
}

function note(file: SaleFile, fact: Extract<Fact, { readonly sale: SaleRef }>): void {
  switch (fact.type) {
    case "began":
      file.began.push(fact);
      return;
    case "left":
      file.left.push(fact);
      return;
    case "arrived":
      file.arrived.push(fact);
      return;
    case "refused":
      file.refused.push(fact);
      return;
    case "answered":
      file.answered.push(fact);
      return;
    case "told":
      file.told.push(fact);
      return;
    case "resolved":
      file.resolved.push(fact);
      return;
    case "recovered":
      file.recovered.push(fact);
      return;
    case "asked":
      file.asked.push(fact);
      return;
    case "done":
      file.done.push(fact);
      return;
    case "acknowledged":
      // That the till took note changes nothing that a rule looks at.
      return;
  }
}

function noteLife(
  terminals: Map<string, Life>,
  fact: FactOf<"terminalDied" | "terminalStarted">,
): void {
  const last = fact.type === "terminalDied" ? "died" : "started";
  const known = terminals.get(fact.terminal);
  const lastAtMs = Math.max(known?.lastAtMs ?? fact.atMs, fact.atMs);
  const instants = known?.instants ?? [];
  instants.push(fact.atMs);
  terminals.set(fact.terminal, { last, lastAtMs, instants });
}

function noteLedger(sales: Map<string, SaleFile>, ledger: LedgerFacts): void {
  ledger.attempts.forEach((row, place) => {
    fileOf(sales, row.sale).attempts.push({ ...row, place });
  });
  for (const row of ledger.reversals) fileOf(sales, row.sale).reversals.push(row);
  for (const row of ledger.operations) {
    const { captures, refunds } = fileOf(sales, row.sale);
    (row.kind === "capture" ? captures : refunds).push(row);
  }
  ledger.entries.forEach((row, place) => {
    fileOf(sales, row.sale).entries.push({ ...row, place });
  });
  for (const row of ledger.holds) fileOf(sales, row.sale).holds.push(row);
}
