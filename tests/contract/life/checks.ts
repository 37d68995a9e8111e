// What must hold of any life: no money made or lost, one winner, nothing paid twice, nothing held in a payment.

import { expect } from "vitest";
import type { Answer, Command } from "../../../gateway/src/core/ports.js";
import type { Programme } from "../../../gateway/src/core/programme.js";
import type { SettlementLine } from "../../../gateway/src/core/settlement/model.js";
import { holdsOf, paperRulesOf } from "../../../gateway/src/core/settlement/papers.js";
import type { SettlementStore } from "../../../gateway/src/core/settlement/ports.js";
import type { LedgerRows } from "../../../gateway/src/store/memory/ledger.js";
import { paymentsOf } from "./player.js";

export interface Exchange {
  readonly command: Command;
  readonly answer: Answer;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Balances are their entries; what is taken and held together is never above the amount. */
export function checkGrants({ grants, entries, holds }: LedgerRows, nowMs: number): void {
  for (const grant of grants) {
    const isOwn = ({ accountId, grantId }: { accountId: string; grantId: string }) =>
      accountId === grant.accountId && grantId === grant.id;
    expect(sum(entries.filter(isOwn).map(({ units }) => units))).toBe(grant.spent);
    const held = holds.filter((hold) => isOwn(hold) && hold.expiresAtMs > nowMs);
    expect(grant.spent).toBeGreaterThanOrEqual(0);
    expect(grant.spent + sum(held.map(({ units }) => units))).toBeLessThanOrEqual(grant.amount);
  }
}

interface Seen {
  held: number;
  taken: number;
  refunded: Map<string, number>;
  reversed: boolean;
}

/** What the tills were told of each sale is what the ledger moved for it: one capture, refunds within it, and no more. */
export function checkWhatTillsSaw(
  exchanges: readonly Exchange[],
  { entries, attempts }: LedgerRows,
): void {
  const sales = new Map<string, Seen>();
  const of = (id: string): Seen => {
    const seen = sales.get(id) ?? { held: 0, taken: 0, refunded: new Map(), reversed: false };
    sales.set(id, seen);
    return seen;
  };
  for (const { command, answer } of exchanges) {
    if (answer.type !== "decision" || answer.answer.outcome !== "approved") continue;
    const told = answer.answer;
    const units = "amountCents" in told || "quantity" in told ? unitsOf(told) : 0;
    if (command.type === "authorize") {
      if (answer.code === "APPROVED_HELD") of(command.request.id).held = units;
      else of(command.request.id).taken = units;
    }
    if (command.type === "capture") {
      const sale = of(command.id);
      if (sale.taken > 0) expect(units).toBe(sale.taken);
      expect(units).toBeLessThanOrEqual(sale.held);
      sale.taken = units;
    }
    if (command.type === "refund" && "of" in told) {
      of(told.of).refunded.set(told.id, told.returned?.value ?? 0);
    }
    if (command.type === "reverse") of(command.id).reversed = true;
  }
  for (const { id } of attempts) {
    const { taken, refunded, reversed } = of(id);
    const returned = sum([...refunded.values()]);
    expect(returned).toBeLessThanOrEqual(taken);
    const moved = sum(
      entries.filter(({ attemptId }) => attemptId === id).map(({ units }) => units),
    );
    expect(moved).toBe(reversed ? 0 : taken - returned);
  }
}

function unitsOf(told: {
  readonly amountCents?: number | undefined;
  readonly quantity?: number | undefined;
}): number {
  return told.amountCents ?? told.quantity ?? 0;
}

/** What a unit of an avantage is worth to a partner, in cents. */
function worthOf(programme: Programme, avantage: string): number {
  const reimbursement = programme.avantages.get(avantage)?.reimbursement;
  return reimbursement?.by === "tariff" ? (reimbursement.tariffCentsPerUnit ?? 0) : 1;
}

/** What a settlement has just paid had nothing that held it, by the papers as they are now. */
export async function checkNewPayments(
  books: SettlementStore,
  { known, programme }: { readonly known: Set<string>; readonly programme: Programme },
): Promise<void> {
  const rules = paperRulesOf(programme);
  for (const { settlement, partnerId } of await paymentsOf(books)) {
    const name = `${settlement} ${partnerId}`;
    if (known.has(name)) continue;
    known.add(name);
    const papers = await books.papers(partnerId);
    for await (const line of books.lines({ settlement, partnerId })) {
      expect(papers && holdsOf(line, papers, rules)).toEqual([]);
    }
  }
}

/** Everything that moved is in the books once; everything in them is paid, held, or waits. */
export async function checkBooks(
  books: SettlementStore,
  { entries, attempts }: LedgerRows,
  programme: Programme,
): Promise<readonly SettlementLine[]> {
  while ((await books.accrue()).more);
  const lines: SettlementLine[] = [];
  for await (const line of books.lines({})) lines.push(line);
  const avantageOf = new Map(attempts.map(({ id, avantage }) => [id, avantage ?? ""]));
  const owed = entries.map(
    ({ attemptId, units }) => units * worthOf(programme, avantageOf.get(attemptId) ?? ""),
  );
  expect(sum(lines.map(({ amountCents }) => amountCents))).toBe(sum(owed));
  const payments = await paymentsOf(books);
  const standing = payments.filter(({ state }) => state !== "REJECTED");
  const open = lines.filter(({ payment }) => payment === null);
  const paidCents = sum(standing.map(({ amountCents }) => amountCents));
  expect(paidCents + sum(open.map(({ amountCents }) => amountCents))).toBe(sum(owed));
  for (const line of lines) {
    const isInPayment = line.state === "BATCHED" || line.state === "PAID";
    expect(line.payment !== null).toBe(isInPayment);
    if (isInPayment) expect(line.holds).toEqual([]);
    expect(line.state === "HELD").toBe(line.holds.length > 0);
  }
  for (const payment of standing) {
    const own = lines.filter(
      (line) =>
        line.payment?.settlement === payment.settlement &&
        line.payment.partnerId === payment.partnerId,
    );
    expect(own.every(({ partnerId }) => partnerId === payment.partnerId)).toBe(true);
    expect([own.length, sum(own.map(({ amountCents }) => amountCents))]).toEqual([
      payment.lines,
      payment.amountCents,
    ]);
    expect(payment.amountCents).toBeGreaterThan(0);
  }
  return lines;
}
