// Holds the ledger to what was seen at terminals and tills: answers, results, recovered approvals.

import type { DayBook, FactOf, SaleFile } from "../day-book.js";
import type { Violation } from "../facts.js";
import { ofSale } from "../found.js";
import { RULE } from "../rule-words.js";
import { approvalOf } from "../what-stands.js";

/** By them nothing was decided, and the same request may be decided later. */
const UNDECIDED: ReadonlySet<string> = new Set([
  "IN_PROGRESS",
  "RATE_LIMITED",
  "MAINTENANCE",
  "SYSTEM_ERROR",
  "TIMEOUT",
  "UNREACHABLE",
]);

/** The id was reversed: said also of what was approved before. */
const REVERSED = "ALREADY_REVERSED";

/** What is in the ledger was begun at a terminal: nobody else makes ids. An inquiry's too. */
export function* begunAtTerminals(_book: DayBook, sale: SaleFile): Iterable<Violation> {
  const { began, attempts } = sale;
  if (began.length > 1) yield ofSale(RULE.begun, sale, `began ${began.length} times`);
  if (began.length === 0 && attempts.length > 0) {
    yield ofSale(RULE.begun, sale, "is in the ledger, and no terminal began it");
  }
}

/** Every approval that somebody saw is in the ledger, with what was seen. */
export function* approvalsAreKept(_book: DayBook, sale: SaleFile): Iterable<Violation> {
  const isInquiry = sale.began[0]?.intent.inquires === true;
  if (isInquiry) return;
  for (const { how, units, holds } of approvalsSeen(sale)) {
    const approval = approvalOf(sale);
    if (approval === null) {
      yield ofSale(RULE.approvalKept, sale, `${how} of ${units} is not in the ledger`);
      continue;
    }
    // What was captured before it was recovered is told as what was taken.
    const captured = approval.holds && holds === false ? sale.captures[0] : undefined;
    const kept = captured?.units ?? approval.units;
    if (kept !== units) {
      yield ofSale(RULE.approvalKept, sale, `${how} of ${units} is ${kept} in the ledger`);
    }
    if (holds !== null && captured === undefined && holds !== approval.holds) {
      const [seen, stored] = [holds, approval.holds].map((it) => (it ? "holds" : "takes"));
      yield ofSale(RULE.approvalKept, sale, `${how} ${seen}, and in the ledger it ${stored}`);
    }
  }
}

interface SeenApproval {
  readonly how: string;
  readonly units: number;
  /** Null where it was not seen. */
  readonly holds: boolean | null;
}

function* approvalsSeen(sale: SaleFile): Iterable<SeenApproval> {
  for (const { about, approved, units } of sale.answered) {
    if (about === "sale" && approved) yield { how: "an answered approval", units, holds: null };
  }
  for (const { outcome, units, holds } of sale.told) {
    if (outcome === "approved") yield { how: "an approval told to the till", units, holds };
  }
  for (const { units, holds } of sale.recovered)
    yield { how: "a recovered approval", units, holds };
}

/** Declined in an answer and approved in the ledger: somebody's word is wrong. */
export function* answersAreKept(_book: DayBook, sale: SaleFile): Iterable<Violation> {
  const approval = approvalOf(sale);
  for (const { about, approved, code, units } of sale.answered) {
    if (about === "sale") {
      if (approved || UNDECIDED.has(code)) continue;
      if (code === REVERSED && sale.reversals.length === 0) {
        yield ofSale(RULE.answerKept, sale, `${code} was answered, and no reversal is there`);
      }
      if (code !== REVERSED && approval) {
        yield ofSale(RULE.answerKept, sale, `${code} was answered, and the ledger approves it`);
      }
    } else if (approved && !isKept(sale, about, units)) {
      yield ofSale(RULE.wordKept, sale, `a ${about} of ${units} was answered, and is not there`);
    }
  }
}

function isKept(
  { captures, refunds, reversals }: SaleFile,
  about: Exclude<FactOf<"answered">["about"], "sale">,
  units: number,
): boolean {
  switch (about) {
    case "capture":
      return captures.some((row) => row.units === units);
    case "refund":
      return refunds.some((row) => row.units === units);
    case "reversal":
      return reversals.length > 0;
  }
}

/** One id has one answer; a repeat that overtakes its own reversal is the one exception. */
export function* answersNeverDiffer(_book: DayBook, sale: SaleFile): Iterable<Violation> {
  const said = new Set<string>();
  for (const { about, approved, code, units } of sale.answered) {
    if (about !== "sale" || UNDECIDED.has(code) || code === REVERSED) continue;
    said.add(approved ? `${code} of ${units}` : code);
  }
  if (said.size > 1) yield ofSale(RULE.sameAnswer, sale, [...said].join(", then "));
}

/** A reversal that came first closes its id. By the ledger's order: an answer on the wire may arrive late. */
export function* tombstonesHold(_book: DayBook, sale: SaleFile): Iterable<Violation> {
  const approval = sale.attempts.find(({ approved }) => approved);
  if (!approval) return;
  const { place } = approval;
  const first = sale.reversals.find(({ afterAttempts }) => (afterAttempts ?? place + 1) <= place);
  if (first) {
    const found = `reversed after ${first.afterAttempts} attempts, and approved as number ${place + 1}`;
    yield ofSale(RULE.tombstone, sale, found);
  }
}
