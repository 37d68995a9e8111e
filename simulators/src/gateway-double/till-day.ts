// The double's view of a till's day: its totals, and every move where the terminal's are others.

import {
  MOVES_PER_PAGE,
  type ReconciliationAnswer,
  type ReconciliationRequest,
  type TillMove,
  type TillTotal,
} from "@pass-tpe/protocol";
import type { Reply } from "./answers.js";
import type { Ledger } from "./ledger.js";
import type { GatewayParts } from "./parts.js";
import { TERMINAL_ID } from "./profile.js";
import { takeScripted } from "./scripted.js";
import type { StoredSale } from "./stored.js";

export function reconcile(parts: GatewayParts, request: ReconciliationRequest): Reply {
  const scripted = takeScripted(parts, "reconcile");
  if (scripted?.problem) return scripted.problem;
  const { ledger } = parts;
  const { day, totals: claimed, page = 0 } = request;
  const moves = movesOf(ledger).filter(({ atMs }) => parisDayOf(atMs) === day);
  const totals = totalsOf(moves);
  const agreed = textOf(totals) === textOf(claimed);
  const from = page * MOVES_PER_PAGE;
  const to = from + MOVES_PER_PAGE;
  const body: ReconciliationAnswer = {
    day,
    terminalId: TERMINAL_ID,
    agreed,
    totals,
    held: ledger.sales().filter(([, { state }]) => state === "held").length,
    moves: agreed ? [] : moves.slice(from, to),
    morePages: !agreed && to < moves.length,
  };
  return { status: 200, body, code: agreed ? "agreed" : "differs" };
}

// Swedish writes a date as ISO 8601 does.
const PARIS_DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" });
const parisDayOf = (atMs: number) => PARIS_DAY.format(atMs);

function movesOf(ledger: Ledger): TillMove[] {
  return ledger
    .sales()
    .flatMap(([id, sale]) => movesOfSale(ledger, id, sale))
    .sort((a, b) => a.atMs - b.atMs);
}

/** A hold moves nothing until it is captured; a recorded use moves nothing at all, and is a move. */
function movesOfSale(ledger: Ledger, saleId: string, sale: StoredSale): TillMove[] {
  const { answer, drawn, capture, reversal } = sale;
  const isTaken = answer.outcome === "approved" && (answer.code !== "APPROVED_HELD" || capture);
  if (!isTaken) return [];
  const unit = drawn?.unit ?? "RECORD";
  const common = { saleId, avantage: answer.avantage, unit };
  const takenAtMs = capture?.answer.decidedAtMs ?? answer.decidedAtMs;
  const moves: TillMove[] = [
    { kind: "sale", ...common, value: drawn?.value ?? 0, atMs: takenAtMs },
    ...ledger.refundsOf(saleId).map(({ value, answer: { id, decidedAtMs } }) => {
      return { kind: "refund", ...common, refundId: id, value, atMs: decidedAtMs };
    }),
  ];
  if (reversal === null) return moves;
  const { returned, decidedAtMs } = reversal;
  const reversed = { ...common, value: returned?.value ?? 0, atMs: decidedAtMs };
  return [...moves, { kind: "reversal", ...reversed }];
}

function totalsOf(moves: readonly TillMove[]): TillTotal[] {
  const avantages = [...new Set(moves.map(({ avantage }) => avantage))].sort();
  return avantages.map((avantage) => {
    const own = moves.filter((move) => move.avantage === avantage);
    const sum = (kind: TillMove["kind"]) => {
      const values = own.filter((move) => move.kind === kind).map(({ value }) => value);
      return { count: values.length, value: values.reduce((a, b) => a + b, 0) };
    };
    const unit = own[0]?.unit ?? "RECORD";
    const [sales, reversals, refunds] = [sum("sale"), sum("reversal"), sum("refund")];
    return { avantage, unit, sales, reversals, refunds };
  });
}

/** The same for the same totals, whatever their order; a total of nothing says nothing. */
function textOf(totals: readonly TillTotal[]): string {
  const lines = totals.map(({ avantage, unit, sales, reversals, refunds }) => ({
    of: `${avantage} ${unit === "UNLIMITED" ? "RECORD" : unit}`,
    figures: [sales, reversals, refunds].flatMap(({ count, value }) => [count, value]),
  }));
  const said = lines.filter(({ figures }) => figures.some((figure) => figure > 0));
  return JSON.stringify(said.map(({ of, figures }) => [of, ...figures].join(" ")).sort());
}
