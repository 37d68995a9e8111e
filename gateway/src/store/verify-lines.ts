// Holds the lines of a sale to what moved: whatever is owed for a movement is one line, and accrual makes it again.

import type { Programme } from "../core/programme.js";
import { accrueReturn, accrueSale, isByTariff } from "../core/settlement/accrual.js";
import type { Movement, NewLine } from "../core/settlement/model.js";
import type { AttemptRow, LedgerAttempt } from "./driver.js";
import type { LedgerLine, SaleBooks } from "./ledger-books.js";
import { parseStoredInput } from "./stored-input.js";
import { HELD_CODE } from "./verify-operations.js";

/** What lines are made again from. */
interface LineRules {
  /** By hash. */
  readonly programmes: ReadonlyMap<string, Programme>;
  readonly schoolYearOf: (instantMs: number) => string;
}

/** The code of a use that was recorded: it moves no grant, and counts as one. */
const RECORDED_CODE = "APPROVED_RECORD";

type Moved = Pick<Movement, "kind" | "refundId" | "units" | "atMs"> & {
  readonly isLookedAt: boolean;
};

/** What does not hold of a sale's lines, in words that name the line. */
export function lineFaults(
  row: LedgerAttempt,
  { lines, lookedAt }: SaleBooks,
  rules: LineRules,
): readonly string[] {
  const movements = movementsOf(row, lookedAt);
  const { pairs, strays } = pairUp(movements, lines);
  const dueOf = priced(row, movements, { lines, rules });
  const faults = strays.map((line) => `${nameOf(line)}: no movement of the sale is left for it`);
  for (const { movement, line } of pairs) faults.push(...pairFaults(movement, line, dueOf));
  return [...faults, ...lines.flatMap(stateFaults)];
}

/** What moved of a sale, as accrual sees it. */
function movementsOf(
  { attempt, capture, refunds, reversal, entries }: LedgerAttempt,
  lookedAt: SaleBooks["lookedAt"],
): readonly Moved[] {
  const recorded = attempt.code === RECORDED_CODE ? 1 : 0;
  const taken = entries.reduce((sum, { units }) => sum + Math.max(0, units), 0);
  const first = capture ? 1 : 0;
  const sale = { kind: "sale", refundId: null } as const;
  const moved: readonly Moved[] = [
    {
      ...sale,
      units: attempt.code === HELD_CODE ? 0 : recorded || taken,
      atMs: attempt.decidedAtMs,
      isLookedAt: lookedAt.decision,
    },
    {
      ...sale,
      units: capture?.units ?? 0,
      atMs: capture?.atMs ?? 0,
      isLookedAt: lookedAt.operations >= first,
    },
    ...refunds.map(({ id: refundId, units, atMs }, index) => ({
      kind: "refund" as const,
      refundId,
      units: -units,
      atMs,
      isLookedAt: lookedAt.operations > first + index,
    })),
    {
      kind: "reversal",
      refundId: null,
      units: reversal ? -(reversal.units || recorded) : 0,
      atMs: reversal?.atMs ?? 0,
      isLookedAt: lookedAt.reversal,
    },
  ];
  return moved.filter(({ units }) => units !== 0);
}

interface Pair {
  readonly movement: Moved;
  readonly line: LedgerLine | null;
}

/** Each movement with its line: two refunds of one sale can have one id, so that what fits wholly comes first. */
function pairUp(movements: readonly Moved[], lines: readonly LedgerLine[]) {
  const strays = new Set(lines);
  const lineOf = new Map<Moved, LedgerLine>();
  const take = (fits: (line: LedgerLine, movement: Moved) => boolean): void => {
    for (const movement of movements.filter((it) => !lineOf.has(it))) {
      const line = [...strays].find((it) => fits(it, movement));
      if (!line) continue;
      lineOf.set(movement, line);
      strays.delete(line);
    }
  };
  const isAlike = (line: LedgerLine, { kind, refundId }: Moved) =>
    line.kind === kind && line.refundId === refundId;
  take((line, it) => isAlike(line, it) && line.units === it.units && line.atMs === it.atMs);
  take(isAlike);
  const pairs = movements.map(
    (movement): Pair => ({ movement, line: lineOf.get(movement) ?? null }),
  );
  return { pairs, strays: [...strays] };
}

/** The line that a movement has to have; null where nothing is owed for it. Throws where nobody can say. */
type DueOf = (movement: Moved) => NewLine | null;

function priced(
  { attempt }: LedgerAttempt,
  movements: readonly Moved[],
  { lines, rules }: { readonly lines: readonly LedgerLine[]; readonly rules: LineRules },
): DueOf {
  const sale = movements.find(({ kind }) => kind === "sale") ?? null;
  const saleLine = () => sale && dueOfSale(attempt, sale, { lines, rules });
  return (movement) =>
    movement.kind === "sale"
      ? saleLine()
      : accrueReturn({ ...movement, kind: movement.kind }, saleLine());
}

function dueOfSale(
  attempt: AttemptRow,
  { units, atMs }: Moved,
  { lines, rules }: { readonly lines: readonly LedgerLine[]; readonly rules: LineRules },
): NewLine | null {
  const { terminalId, id: saleId, partnerId, avantage, programmeHash } = attempt;
  if (partnerId === null || avantage === null) return null;
  const schoolYear = rules.schoolYearOf(atMs);
  const moved = {
    ...{ kind: "sale" as const, terminalId, saleId, refundId: null, partnerId, avantage, units },
    ...{ takenAtMs: atMs, atMs },
  };
  const rule = rules.programmes.get(programmeHash)?.avantages.get(avantage);
  if (!rule) {
    // Under a programme that nobody can read any more: what it says of the price is believed.
    const stored = lines.find(({ kind }) => kind === "sale");
    if (!stored) return null;
    const { unit, amountCents, heldForPapers } = stored;
    return { ...moved, unit, amountCents, heldForPapers, schoolYear };
  }
  const { unit, reimbursement } = rule;
  const conventions = isByTariff(reimbursement)
    ? (parseStoredInput(attempt.input ?? "").snapshot.partner?.conventions ?? [])
    : [];
  const movement = { ...moved, unit, programmeHash };
  return accrueSale({ movement, reimbursement, conventions, schoolYear });
}

const DUE_FIELDS = [
  ...(["partnerId", "avantage", "unit", "units", "amountCents", "takenAtMs", "atMs"] as const),
  ...(["heldForPapers", "schoolYear"] as const),
] satisfies readonly (keyof NewLine)[];

function pairFaults(movement: Moved, line: LedgerLine | null, dueOf: DueOf): readonly string[] {
  const what = line ? nameOf(line) : nameOfMovement(movement);
  let due: NewLine | null;
  try {
    due = dueOf(movement);
  } catch {
    return [`${what}: what is owed for it cannot be made out from its sale`];
  }
  if (line === null) {
    if (due === null || !movement.isLookedAt) return [];
    return [`${what}: ${due.amountCents} cents are due for it, and it has no line`];
  }
  const early = movement.isLookedAt ? [] : [`${what}: it is there before its movement's turn`];
  if (due === null) return [...early, `${what}: nothing is due for it`];
  const other = DUE_FIELDS.filter((field) => line[field] !== due[field]);
  return [
    ...early,
    ...other.map((field) => `${what}: ${field} is ${line[field]}, and ${due[field]} is due`),
  ];
}

function stateFaults(line: LedgerLine): readonly string[] {
  const { state, payment, holds, isRemembered, returnedFrom } = line;
  const isPaid = state === "BATCHED" || state === "PAID";
  const faults: string[] = [];
  if (isPaid !== (payment !== null)) {
    faults.push(`it is ${state}, and in ${payment ? "a" : "no"} payment`);
  }
  if (payment && !isRemembered) {
    faults.push(`it is in the payment of ${payment.settlement}, which was not made of it`);
  }
  if ((state === "HELD") !== holds.length > 0) {
    faults.push(`it is ${state}, and ${holds.length > 0 ? "something" : "nothing"} holds it`);
  }
  if (state === "REJECTED" && !returnedFrom) faults.push("it came back, and was in no payment");
  return faults.map((fault) => `${nameOf(line)}: ${fault}`);
}

const nameOf = ({ no, kind, refundId }: LedgerLine): string =>
  `line ${no}, ${nameOfMovement({ kind, refundId })}`;

const nameOfMovement = ({ kind, refundId }: Pick<Moved, "kind" | "refundId">): string =>
  refundId === null ? kind : `${kind} ${refundId}`;
