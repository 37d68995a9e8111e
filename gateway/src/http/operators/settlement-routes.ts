// Routes of reimbursement: a period closed, its files, what a bank answered, statements and alerts.

import { z } from "zod";
import type { Settlements } from "../../core/settlement/ports.js";
import { parseBody } from "../body.js";
import { ProblemError } from "../problem-error.js";
import type { OperatorsBackend } from "./ports.js";
import { type Call, OFFICES, OPERATOR, type Reply, type Route, unknown } from "./route.js";
import { stepByStep } from "./step-by-step.js";

/** A statement is of a school year and a little more at most. */
const STATEMENT_DAYS_MAX = 400;
/** Every sale of these days is looked at, and of the five weeks before them. */
const ALERT_DAYS_MAX = 31;
const DAY_MS = 86_400_000;
/** A gap lasts until somebody acts. */
const GAP_RETRY_AFTER_MS = 60_000;

export const SETTLEMENT_ROUTES: readonly Route[] = [
  {
    method: "post",
    path: "/v1/settlements",
    operation: "settle",
    roles: OPERATOR,
    takes: "json",
    handle: settle,
  },
  {
    method: "get",
    path: "/v1/settlements",
    operation: "settlements",
    roles: OFFICES,
    takes: "nothing",
    handle: settlements,
  },
  {
    method: "post",
    path: "/v1/settlements/status-reports",
    operation: "readStatusReport",
    roles: OPERATOR,
    takes: "xml",
    handle: readStatusReport,
  },
  {
    method: "get",
    path: "/v1/settlements/:id",
    operation: "settlement",
    roles: OFFICES,
    takes: "nothing",
    handle: settlement,
  },
  {
    method: "get",
    path: "/v1/settlements/:id/payments.xml",
    operation: "paymentFile",
    roles: OFFICES,
    takes: "nothing",
    handle: paymentFile,
  },
  {
    method: "get",
    path: "/v1/settlements/:id/accounts.csv",
    operation: "accounts",
    roles: OFFICES,
    takes: "nothing",
    handle: accounts,
  },
  {
    method: "get",
    path: "/v1/partners/:id/statement",
    operation: "statement",
    roles: OFFICES,
    takes: "nothing",
    handle: statement,
  },
  {
    method: "get",
    path: "/v1/alerts",
    operation: "alerts",
    roles: OFFICES,
    takes: "nothing",
    handle: alerts,
  },
];

const DaySchema = z.iso.date({ error: "must be a date YYYY-MM-DD" });
const NewSettlementSchema = z.strictObject({ lastDay: DaySchema.optional() });

/**
 * What was paid out since the restored instant is not known, and no till knows it: a second payment file would pay it
 * twice. Only an operator who has compared with the bank can say so.
 */
function refuseUnsigned({ gaps }: OperatorsBackend): void {
  if (!gaps.isUnsigned()) return;
  throw new ProblemError({
    code: "MAINTENANCE",
    detail:
      "The gateway was restored from a backup, and nobody has signed for the gap. Operator: compare payment files with the bank, so that nothing is paid twice, then `pass-tpe gap sign`.",
    retryAfterMs: GAP_RETRY_AFTER_MS,
  });
}

async function settle(backend: OperatorsBackend, { agent, body }: Call): Promise<Reply> {
  refuseUnsigned(backend);
  const { lastDay = backend.settlements.lastClosedDay() } = parseBody(NewSettlementSchema, body);
  const result = await stepByStep(backend.settle(lastDay, agent));
  if (result.type === "refused") {
    throw new ProblemError({ code: result.code, detail: result.detail });
  }
  const { payments, paidCents } = result.report;
  return { body: result.report, act: { subject: lastDay, payments, paidCents } };
}

async function settlements({ settlements: books }: OperatorsBackend): Promise<Reply> {
  const list = await books.list();
  return { body: { lastClosedDay: books.lastClosedDay(), settlements: list }, act: {} };
}

/** The settlement that a path names. @throws ProblemError where it is no date. */
function lastDayOf({ id }: Call): string {
  if (DaySchema.safeParse(id).success) return id;
  throw new ProblemError({
    code: "FORMAT_ERROR",
    detail: "A settlement is named by the last day of its period, YYYY-MM-DD.",
  });
}

async function settlement({ settlements: books }: OperatorsBackend, call: Call): Promise<Reply> {
  const lastDay = lastDayOf(call);
  const report = await books.report(lastDay);
  if (report === null) throw noSettlement();
  return { body: report, act: { subject: lastDay } };
}

async function paymentFile({ settlements: books }: OperatorsBackend, call: Call): Promise<Reply> {
  const lastDay = lastDayOf(call);
  const content = await books.paymentFile(lastDay);
  if (content === null) throw await noFile(books, lastDay);
  const file = { name: `payments-${lastDay}.xml`, type: "application/xml", content };
  return { file, act: { subject: lastDay } };
}

async function accounts({ settlements: books }: OperatorsBackend, call: Call): Promise<Reply> {
  const lastDay = lastDayOf(call);
  const content = await books.accounts(lastDay);
  if (content === null) throw await noFile(books, lastDay);
  const file = { name: `accounts-${lastDay}.csv`, type: CSV, content };
  return { file, act: { subject: lastDay } };
}

/** Why a settlement has not the file that was asked for. */
async function noFile(books: Pick<Settlements, "report">, lastDay: string): Promise<ProblemError> {
  const report = await books.report(lastDay);
  if (report === null) return noSettlement();
  return unknown(
    report.state === "open"
      ? "This settlement stopped on its way. Operator: settle the same day again."
      : "This settlement has no such file: nothing was to be paid.",
  );
}

function noSettlement(): ProblemError {
  return unknown(
    "No period that ends on this day was settled. Operator: POST /v1/settlements closes one.",
  );
}

async function readStatusReport(backend: OperatorsBackend, { agent, body }: Call): Promise<Reply> {
  const file = z.instanceof(Uint8Array).parse(body);
  const result = await stepByStep(backend.readStatusReport(file, agent));
  if (result.type === "refused") {
    throw new ProblemError({ code: "FORMAT_ERROR", detail: result.detail });
  }
  const { outcomes } = result;
  const applied = outcomes.filter(({ outcome }) => outcome === "applied").length;
  return { body: { outcomes }, act: { outcomes: outcomes.length, applied } };
}

const CSV = "text/csv; charset=utf-8";
const HTML = "text/html; charset=utf-8";
const StatementQuerySchema = z.strictObject({
  from: DaySchema,
  to: DaySchema,
  format: z.enum(["csv", "html"]).default("csv"),
});
const AlertsQuerySchema = z.strictObject({ from: DaySchema, to: DaySchema });

async function statement({ settlements: books }: OperatorsBackend, call: Call): Promise<Reply> {
  const { from, to, format } = parseBody(StatementQuerySchema, call.query);
  const days = rangeOf({ from, to, daysMax: STATEMENT_DAYS_MAX });
  const content = await books.statement({ partnerId: call.id, ...days, format });
  if (content === null) throw unknown("There is no partner of this id.");
  const name = `statement-${call.id.replace(/[^A-Za-z0-9._-]/g, "_")}-${from}-${to}.${format}`;
  const file = { name, type: format === "csv" ? CSV : HTML, content };
  return { file, act: { subject: call.id, from, to } };
}

async function alerts({ settlements: books }: OperatorsBackend, { query }: Call): Promise<Reply> {
  const { from, to } = parseBody(AlertsQuerySchema, query);
  const found = await books.alerts(rangeOf({ from, to, daysMax: ALERT_DAYS_MAX }));
  return { body: { alerts: found }, act: { from, to, alerts: found.length } };
}

/** Days in their order, both included, and not too many of them. */
function rangeOf(asked: { readonly from: string; readonly to: string; readonly daysMax: number }): {
  readonly firstDay: string;
  readonly lastDay: string;
} {
  const { from, to, daysMax } = asked;
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days >= 1 && days <= daysMax) return { firstDay: from, lastDay: to };
  throw new ProblemError({
    code: "FORMAT_ERROR",
    detail:
      days < 1
        ? "`to` is before `from`."
        : `From ${from} to ${to} are ${days} days; at most ${daysMax} at once.`,
  });
}
