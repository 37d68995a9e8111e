// The journal's account of what was taken and given back, as moves like those of the gateway, and their totals.

import { type CountedUnit, UNITS, type Unit } from "@pass-tpe/protocol";
import type { Journal } from "../client/journal.js";
import type { ReversalDoneRecord } from "../client/journal-records.js";
import type { JournalAttempt, JournalRefund } from "../client/journal-state.js";
import { isHeld } from "../client/journal-state.js";
import { parisDay } from "./paris.js";
import type { DayTotal } from "./results.js";

/** One move as the journal has it. */
export interface JournalMove {
  readonly kind: "sale" | "reversal" | "refund";
  readonly saleId: string;
  readonly refundId?: string;
  readonly avantage: string;
  readonly unit: Unit;
  /** In the unit; zero for what is only recorded. */
  readonly value: number;
  readonly atMs: number;
}

/** Says what an avantage is counted in, where it knows. */
type UnitOf = (avantage: string) => string | undefined;

/** The journal's moves of one Paris day, and those of all others; in no particular order. */
export function movesAround(options: { journal: Journal; unitOf: UnitOf; day: string }): {
  ofDay: JournalMove[];
  elsewhere: JournalMove[];
} {
  const { journal, unitOf, day } = options;
  const moves = [
    ...journal.sales().flatMap((sale) => movesOfSale(sale, unitOf)),
    ...journal.refunds().flatMap((refund) => moveOfRefund(refund, journal)),
  ];
  const isOfDay = ({ atMs }: JournalMove) => parisDay(atMs) === day;
  return { ofDay: moves.filter(isOfDay), elsewhere: moves.filter((move) => !isOfDay(move)) };
}

/** A sale counts once it is taken or recorded; its reversal, where something counted before. */
function movesOfSale(sale: JournalAttempt, unitOf: UnitOf): JournalMove[] {
  const { attempt, answer, captured, reversalDone } = sale;
  if (answer?.outcome !== "approved" || isHeld(sale)) return [];
  const taken = captured ?? answer;
  const { avantage, id: saleId } = attempt;
  const unit = unitFor(answer.unit ?? unitOf(avantage), taken);
  const move = { saleId, avantage, unit };
  const value = unitsOf(unit, taken);
  const sold: JournalMove = { ...move, kind: "sale", value, atMs: instantOf(taken) };
  if (reversalDone === undefined) return [sold];
  const reversal = { value: returnedBy(reversalDone, value), atMs: instantOf(reversalDone) };
  return [sold, { ...move, kind: "reversal", ...reversal }];
}

/** Nothing, where the gateway says nothing; an earlier version did not keep what it said. */
function returnedBy({ returnedValue, decidedAtMs }: ReversalDoneRecord, taken: number): number {
  return returnedValue ?? (decidedAtMs === undefined ? taken : 0);
}

function moveOfRefund({ owed, done }: JournalRefund, journal: Journal): JournalMove[] {
  const avantage = done?.avantage ?? journal.find(owed.of)?.attempt.avantage;
  if (done?.returned === undefined || avantage === undefined) return [];
  const { unit, value } = done.returned;
  const move = { saleId: owed.of, refundId: owed.id, avantage, unit, value };
  return [{ ...move, kind: "refund", atMs: instantOf(done) }];
}

/** By the gateway's clock; by the terminal's, for what an earlier version kept without it. */
function instantOf(record: { decidedAtMs?: number; atMs: number }): number {
  return record.decidedAtMs ?? record.atMs;
}

interface Taken {
  readonly amountCents?: number;
  readonly quantity?: number;
}

/** Where nobody tells the unit, what was taken does: cents, pieces, or nothing. */
function unitFor(told: string | undefined, { amountCents, quantity }: Taken): Unit {
  const known = UNITS.find((unit) => unit === told);
  if (known !== undefined) return known;
  if (amountCents !== undefined) return "EUR_CENT";
  return quantity === undefined ? "RECORD" : "SEAT";
}

function isCounted(unit: Unit): unit is CountedUnit {
  return unit !== "RECORD" && unit !== "UNLIMITED";
}

function unitsOf(unit: Unit, { amountCents, quantity }: Taken): number {
  if (!isCounted(unit)) return 0;
  return (unit === "EUR_CENT" ? amountCents : quantity) ?? 0;
}

const SIDE = { sale: "sales", reversal: "reversals", refund: "refunds" } as const;

/** One total for each avantage, in the order of their codes. */
export function totalsOf(moves: readonly JournalMove[]): DayTotal[] {
  const totals = new Map<string, DayTotal>();
  for (const { kind, avantage, unit, value } of moves) {
    const total = totals.get(avantage) ?? emptyTotal(avantage, unit);
    const side = SIDE[kind];
    const { count, value: sum } = total[side];
    totals.set(avantage, { ...total, [side]: { count: count + 1, value: sum + value } });
  }
  return [...totals.values()].sort((a, b) => (a.avantage < b.avantage ? -1 : 1));
}

function emptyTotal(avantage: string, unit: Unit): DayTotal {
  const none = { count: 0, value: 0 };
  return { avantage, unit, sales: none, reversals: none, refunds: none };
}
