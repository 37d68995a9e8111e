// Ways to spoil a day that kept every rule, each with the rule that must notice it.

import type { Fact, SaleRef } from "../facts.js";
import { RULE, type RuleWords } from "../rule-words.js";
import type { DayDraft, Draft } from "./draft.js";

/** Picks one of a list; undefined of an empty one. */
export type PickOne = <T>(list: readonly T[]) => T | undefined;

/** Spoils a day, if there is something in it that can be spoiled so. */
export interface Spoil {
  readonly name: string;
  readonly rule: RuleWords;
  /** @returns whether anything was changed. */
  readonly spoil: (day: DayDraft, pick: PickOne) => boolean;
}

type FactDraft<T extends Fact["type"]> = Extract<Draft<Fact>, { type: T }>;

const isSame = (a: SaleRef, b: SaleRef) => a.id === b.id && a.terminal === b.terminal;

function ofType<T extends Fact["type"]>({ facts }: DayDraft, type: T): FactDraft<T>[] {
  return facts.filter((fact): fact is FactDraft<T> => fact.type === type);
}

function drop<T>(list: T[], unwanted: (item: T) => boolean): boolean {
  const kept = list.filter((item) => !unwanted(item));
  const changed = kept.length < list.length;
  list.splice(0, list.length, ...kept);
  return changed;
}

/** Changes one of a list, if there is one. */
function change<T>(item: T | undefined, how: (item: T) => void): boolean {
  if (item === undefined) return false;
  how(item);
  return true;
}

const netOf = ({ ledger }: DayDraft, sale: SaleRef) =>
  ledger.entries.filter((row) => isSame(row.sale, sale)).reduce((sum, { units }) => sum + units, 0);

const attemptOf = ({ ledger }: DayDraft, sale: SaleRef) =>
  ledger.attempts.find((row) => isSame(row.sale, sale));

const isReversed = ({ ledger }: DayDraft, sale: SaleRef) =>
  ledger.reversals.some((row) => isSame(row.sale, sale));

/** Whether nothing is heard of a terminal's death or start from an instant on. */
const wentOn = ({ facts }: DayDraft, terminal: string, sinceMs: number) =>
  !facts.some(
    (fact) =>
      (fact.type === "terminalDied" || fact.type === "terminalStarted") &&
      fact.terminal === terminal &&
      fact.atMs >= sinceMs,
  );

const toldAs = (day: DayDraft, outcome: FactDraft<"told">["outcome"]) =>
  ofType(day, "told").filter((fact) => fact.outcome === outcome);

const standingApprovals = (day: DayDraft) =>
  toldAs(day, "approved").filter(({ sale }) => netOf(day, sale) > 0);

const sales = (day: DayDraft) => day.ledger.attempts.filter(({ kind }) => kind === "sale");

const declines = (day: DayDraft) =>
  sales(day).filter(({ approved, code }) => !approved && code !== "DEADLINE_PASSED");

const approvals = (day: DayDraft) => sales(day).filter(({ approved }) => approved);

/** Sales that nobody was told of: their terminal died. */
const crashed = (day: DayDraft) =>
  ofType(day, "began").filter(
    ({ sale, intent }) =>
      !intent.inquires &&
      !ofType(day, "told").some((told) => isSame(told.sale, sale)) &&
      !ofType(day, "recovered").some((recovered) => isSame(recovered.sale, sale)),
  );

function forgetReversal({ ledger }: DayDraft, sale: SaleRef): void {
  drop(ledger.reversals, (row) => isSame(row.sale, sale));
  drop(ledger.entries, (row) => isSame(row.sale, sale) && row.units < 0);
}

function duplicate<T>(list: T[], item: T | undefined): boolean {
  return change(item, (found) => list.push(structuredClone(found)));
}

const SEEN: readonly Spoil[] = [
  {
    name: "a sale that nobody began",
    rule: RULE.begun,
    spoil: (day, pick) => {
      const row = pick(day.ledger.attempts);
      return drop(
        day.facts,
        (it) => it.type === "began" && row !== undefined && isSame(it.sale, row.sale),
      );
    },
  },
  {
    name: "a sale that began twice",
    rule: RULE.begun,
    spoil: (day, pick) => duplicate(day.facts, pick(ofType(day, "began"))),
  },
  {
    name: "an approval that the ledger lost",
    rule: RULE.approvalKept,
    spoil: (day, pick) => {
      const told = pick(toldAs(day, "approved"));
      if (!told) return false;
      drop(day.ledger.entries, (row) => isSame(row.sale, told.sale));
      return drop(day.ledger.attempts, (row) => isSame(row.sale, told.sale));
    },
  },
  {
    name: "an approval told with other units",
    rule: RULE.approvalKept,
    spoil: (day, pick) =>
      change(pick(toldAs(day, "approved")), (it) => {
        it.units += 1;
      }),
  },
  {
    name: "an approval recovered with other units",
    rule: RULE.approvalKept,
    spoil: (day, pick) =>
      change(pick(ofType(day, "recovered")), (it) => {
        it.units += 1;
      }),
  },
  {
    name: "an approval told as a hold that is none",
    rule: RULE.approvalKept,
    spoil: (day, pick) =>
      change(pick(toldAs(day, "approved").filter(({ holds }) => !holds)), (it) => {
        it.holds = true;
      }),
  },
  {
    name: "a decline answered of what is approved",
    rule: RULE.answerKept,
    spoil: (day, pick) =>
      change(pick(ofType(day, "answered").filter(({ approved }) => approved)), (it) => {
        Object.assign(it, { approved: false, code: "BALANCE_EXHAUSTED", units: 0 });
      }),
  },
  {
    name: "a reversal answered that is not there",
    rule: RULE.answerKept,
    spoil: (day, pick) => {
      const fact = pick(ofType(day, "answered").filter(({ sale }) => !isReversed(day, sale)));
      return change(fact, ({ sale, atMs }) => {
        day.facts.push({
          type: "answered",
          sale,
          about: "sale",
          approved: false,
          code: "ALREADY_REVERSED",
          units: 0,
          atMs,
        });
      });
    },
  },
  {
    name: "two answers to one id",
    rule: RULE.sameAnswer,
    spoil: (day, pick) =>
      change(pick(ofType(day, "answered")), (it) => {
        day.facts.push({ ...it, code: "AMOUNT_INVALID", approved: false });
      }),
  },
  {
    name: "an original approved after its reversal",
    rule: RULE.tombstone,
    spoil: (day, pick) => {
      const row = pick(day.ledger.reversals.filter(({ sale }) => attemptOf(day, sale)?.approved));
      return change(row, (it) => {
        it.afterAttempts = 0;
      });
    },
  },
];

const TWICE: readonly Spoil[] = [
  {
    name: "an id decided twice",
    rule: RULE.onceAttempt,
    spoil: (day, pick) => duplicate(day.ledger.attempts, pick(day.ledger.attempts)),
  },
  {
    name: "an amount taken twice",
    rule: RULE.onceTaken,
    spoil: (day, pick) =>
      duplicate(day.ledger.entries, pick(day.ledger.entries.filter(({ units }) => units > 0))),
  },
  {
    name: "an amount that was never taken",
    rule: RULE.onceTaken,
    spoil: (day, pick) => {
      const row = pick(day.ledger.entries.filter(({ units }) => units > 0));
      return drop(day.ledger.entries, (it) => it === row);
    },
  },
  {
    name: "an amount given back twice",
    rule: RULE.onceReturned,
    spoil: (day, pick) =>
      duplicate(day.ledger.entries, pick(day.ledger.entries.filter(({ units }) => units < 0))),
  },
  {
    name: "an amount that was never given back",
    rule: RULE.onceReturned,
    spoil: (day, pick) => {
      const row = pick(day.ledger.entries.filter(({ units }) => units < 0));
      return drop(day.ledger.entries, (it) => it === row);
    },
  },
  {
    name: "a sale reversed twice",
    rule: RULE.onceOperation,
    spoil: (day, pick) => duplicate(day.ledger.reversals, pick(day.ledger.reversals)),
  },
  {
    name: "a capture or a refund made twice",
    rule: RULE.onceOperation,
    spoil: (day, pick) => duplicate(day.ledger.operations, pick(day.ledger.operations)),
  },
  {
    name: "an entry on another account",
    rule: RULE.ownAccount,
    spoil: (day, pick) =>
      change(pick(day.ledger.entries), (it) => {
        it.account = it.account === "a1" ? "a2" : "a1";
      }),
  },
  {
    name: "an inquiry that takes something",
    rule: RULE.inquiryMovesNothing,
    spoil: (day, pick) => {
      const row = pick(day.ledger.attempts.filter(({ kind }) => kind === "inquiry"));
      return change(row, ({ sale }) => {
        day.ledger.entries.push({ sale, account: "a1", avantage: "SPECTACLE", units: 1 });
      });
    },
  },
  {
    name: "more captured than held",
    rule: RULE.captureOverHold,
    spoil: (day, pick) => {
      const row = pick(day.ledger.operations.filter(({ kind }) => kind === "capture"));
      return change(row, (it) => {
        it.units += 10_000;
      });
    },
  },
  {
    name: "captured after the hold was over",
    rule: RULE.captureOverHold,
    spoil: (day, pick) => {
      const row = pick(day.ledger.operations.filter(({ kind }) => kind === "capture"));
      return change(row, (it) => {
        it.atMs = (attemptOf(day, it.sale)?.decidedAtMs ?? 0) + day.world.holdMs;
      });
    },
  },
  {
    name: "more refunded than taken",
    rule: RULE.refundOverTaken,
    spoil: (day, pick) => {
      const row = pick(day.ledger.operations.filter(({ kind }) => kind === "refund"));
      return change(row, (it) => {
        it.units += 10_000;
      });
    },
  },
];

const DOUBTS: readonly Spoil[] = [
  {
    name: "a result whose word on money does not fit",
    rule: RULE.toldClearly,
    spoil: (day, pick) =>
      change(pick(ofType(day, "told")), (it) => {
        it.moneyMoved = it.moneyMoved === "no" ? "unknown" : "no";
        it.holds = false;
      }),
  },
  {
    name: "a sale told twice",
    rule: RULE.toldClearly,
    spoil: (day, pick) => duplicate(day.facts, pick(ofType(day, "told"))),
  },
  {
    name: "a sale without an end",
    rule: RULE.saleEnds,
    spoil: (day, pick) => {
      const began = ofType(day, "began").filter(
        ({ sale, atMs, intent }) => !intent.inquires && wentOn(day, sale.terminal, atMs),
      );
      const told = ofType(day, "told").filter(({ sale }) =>
        began.some((it) => isSame(it.sale, sale)),
      );
      const fact = pick(told);
      return drop(day.facts, (it) => it === fact);
    },
  },
  {
    name: "declined to the till, taken in the ledger",
    rule: RULE.declinedMoved,
    spoil: (day, pick) =>
      change(pick(standingApprovals(day)), (it) => {
        Object.assign(it, { outcome: "declined", moneyMoved: "no", units: 0 });
      }),
  },
  {
    name: "an unknown that nobody resolves",
    rule: RULE.unknownEnds,
    spoil: (day, pick) => {
      const unknown = toldAs(day, "unknown").filter((it) => wentOn(day, it.sale.terminal, it.atMs));
      const told = pick(unknown);
      return drop(
        day.facts,
        (it) => it.type === "resolved" && told !== undefined && isSame(it.sale, told.sale),
      );
    },
  },
  {
    name: "an unknown that stands",
    rule: RULE.unknownStands,
    spoil: (day, pick) => {
      const stood = (sale: SaleRef) =>
        day.ledger.entries.some((row) => isSame(row.sale, sale) && row.units > 0);
      const told = pick(toldAs(day, "unknown").filter(({ sale }) => stood(sale)));
      return change(told, ({ sale }) => forgetReversal(day, sale));
    },
  },
  {
    name: "an unknown whose id stays open",
    rule: RULE.unknownClosed,
    spoil: (day, pick) =>
      change(pick(toldAs(day, "unknown")), ({ sale }) => forgetReversal(day, sale)),
  },
  {
    name: "an approval that nobody recovered",
    rule: RULE.crashStands,
    spoil: (day, pick) => {
      const fact = pick(ofType(day, "recovered").filter(({ sale }) => netOf(day, sale) > 0));
      return drop(day.facts, (it) => it === fact);
    },
  },
  {
    name: "a crash whose sale stands",
    rule: RULE.crashStands,
    spoil: (day, pick) => {
      const stood = (sale: SaleRef) =>
        day.ledger.entries.some((row) => isSame(row.sale, sale) && row.units > 0);
      const fact = pick(crashed(day).filter(({ sale }) => stood(sale)));
      return change(fact, ({ sale }) => forgetReversal(day, sale));
    },
  },
  {
    name: "a crash whose id stays open",
    rule: RULE.crashClosed,
    spoil: (day, pick) =>
      change(pick(crashed(day)), ({ sale }) => {
        forgetReversal(day, sale);
        drop(day.ledger.attempts, (row) => isSame(row.sale, sale));
        drop(day.ledger.entries, (row) => isSame(row.sale, sale));
      }),
  },
  {
    name: "a terminal that never came back",
    rule: RULE.startedAgain,
    spoil: (day, pick) =>
      change(pick(ofType(day, "began")), ({ sale }) => {
        const { terminal } = sale;
        day.facts.push({ type: "terminalDied", terminal, atMs: day.ledger.atMs });
      }),
  },
  {
    name: "a gateway that never came back",
    rule: RULE.startedAgain,
    spoil: (day) =>
      day.facts.push({ type: "gatewayDied", why: "doubt", atMs: day.ledger.atMs }) > 0,
  },
];

const AFTER_SALE: readonly Spoil[] = [
  {
    name: "a wish without a word",
    rule: RULE.askEnds,
    spoil: (day, pick) => {
      const asked = pick(
        ofType(day, "asked").filter(({ by, sale, atMs }) => wentOn(day, by ?? sale.terminal, atMs)),
      );
      const isLater = (it: Draft<Fact>) =>
        it.type === "done" &&
        asked !== undefined &&
        isSame(it.sale, asked.sale) &&
        it.atMs >= asked.atMs;
      return drop(day.facts, isLater);
    },
  },
  {
    name: "an unknown wish that stays so",
    rule: RULE.askEnds,
    spoil: (day, pick) => {
      const word = pick(
        ofType(day, "done").filter(
          ({ outcome, by, sale, atMs }) =>
            outcome === "unknown" && wentOn(day, by ?? sale.terminal, atMs),
        ),
      );
      const isLater = (it: Draft<Fact>) =>
        it.type === "done" &&
        word !== undefined &&
        isSame(it.sale, word.sale) &&
        it.atMs > word.atMs;
      return drop(day.facts, isLater);
    },
  },
  {
    name: "done to the till, and not in the ledger",
    rule: RULE.wordKept,
    spoil: (day, pick) => {
      const row = pick(day.ledger.operations);
      return drop(day.ledger.operations, (it) => it === row);
    },
  },
  {
    name: "reversed to the till, and not in the ledger",
    rule: RULE.wordKept,
    spoil: (day, pick) => {
      const row = pick(day.ledger.reversals.filter(({ reason }) => reason === "manual"));
      return drop(day.ledger.reversals, (it) => it === row);
    },
  },
  {
    name: "a refund answered that is not there",
    rule: RULE.wordKept,
    spoil: (day, pick) =>
      change(pick(ofType(day, "answered")), (it) => {
        day.facts.push({ ...it, about: "refund", approved: true, code: "REFUNDED", units: 77_777 });
      }),
  },
  {
    name: "declined to the till, and done in the ledger",
    rule: RULE.lastWord,
    spoil: (day, pick) => {
      const isLost = ({ by, sale, atMs }: FactDraft<"asked">) =>
        !wentOn(day, by ?? sale.terminal, atMs);
      const lost = ofType(day, "asked").filter(isLost);
      const words = ofType(day, "done").filter(
        ({ outcome, sale }) => outcome === "done" && !lost.some((it) => isSame(it.sale, sale)),
      );
      return change(pick(words), (it) => {
        Object.assign(it, { outcome: "declined", code: "NOTHING_TO_CAPTURE" });
      });
    },
  },
  {
    name: "something that nobody asked for",
    rule: RULE.unasked,
    spoil: (day, pick) => {
      const asked = pick(ofType(day, "asked"));
      const isOfIt = (it: Draft<Fact>) =>
        it.type === "asked" && asked !== undefined && isSame(it.sale, asked.sale);
      return drop(day.facts, isOfIt);
    },
  },
  {
    name: "an approval reversed behind the till's back",
    rule: RULE.behindBack,
    spoil: (day, pick) => {
      const wished = (sale: SaleRef) =>
        ofType(day, "asked").some((it) => it.what === "reversal" && isSame(it.sale, sale));
      const told = pick(standingApprovals(day).filter(({ sale }) => !wished(sale)));
      return change(told, ({ sale }) => {
        const taken = day.ledger.entries.find((row) => isSame(row.sale, sale));
        if (!taken) return;
        day.ledger.reversals.push({ sale, reason: "automatic", afterAttempts: null });
        day.ledger.entries.push({ ...taken, units: -netOf(day, sale) });
      });
    },
  },
];

const BALANCES: readonly Spoil[] = [
  {
    name: "a grant of another amount",
    rule: RULE.grantAmount,
    spoil: (day, pick) =>
      change(pick(day.ledger.grants), (it) => {
        it.amount += 1;
      }),
  },
  {
    name: "a counter beside its entries",
    rule: RULE.spentIsEntries,
    spoil: (day, pick) =>
      change(pick(day.ledger.grants), (it) => {
        it.spent += 1;
      }),
  },
  {
    name: "more spent than granted",
    rule: RULE.overAmount,
    spoil: (day, pick) =>
      change(pick(day.ledger.entries), (it) => {
        it.units = 100_000;
      }),
  },
  {
    name: "less than nothing spent",
    rule: RULE.belowZero,
    spoil: (day, pick) =>
      change(pick(day.ledger.entries), (it) => {
        it.units = -100_000;
      }),
  },
  {
    name: "a hold that is gone too early",
    rule: RULE.holdKept,
    spoil: (day, pick) => {
      const row = pick(day.ledger.holds.filter(({ expiresAtMs }) => expiresAtMs > day.ledger.atMs));
      return drop(day.ledger.holds, (it) => it === row);
    },
  },
  {
    name: "a hold that outlives its sale",
    rule: RULE.holdKept,
    spoil: (day, pick) =>
      change(pick([...day.ledger.reversals, ...day.ledger.operations]), ({ sale }) => {
        day.ledger.holds.push({ sale, units: 1, expiresAtMs: day.ledger.atMs + 1 });
      }),
  },
  {
    name: "a hold that lasts too long",
    rule: RULE.holdKept,
    spoil: (day, pick) =>
      change(pick(day.ledger.holds), (it) => {
        it.expiresAtMs += 1;
      }),
  },
];

const DECISIONS: readonly Spoil[] = [
  {
    name: "declined against the rules",
    rule: RULE.approvable,
    spoil: (day, pick) =>
      change(pick(approvals(day)), (it) => {
        Object.assign(it, { approved: false, code: "BALANCE_EXHAUSTED", units: 0 });
      }),
  },
  {
    name: "approved against the rules",
    rule: RULE.declinable,
    spoil: (day, pick) =>
      change(pick(declines(day)), (it) => {
        Object.assign(it, { approved: true, code: "APPROVED", units: 1 });
      }),
  },
  {
    name: "an approval of another amount",
    rule: RULE.unitsByRule,
    spoil: (day, pick) =>
      change(pick(approvals(day)), (it) => {
        it.units -= 1;
      }),
  },
  {
    name: "taken where a hold was asked for",
    rule: RULE.unitsByRule,
    spoil: (day, pick) =>
      change(pick(approvals(day)), (it) => {
        it.holds = !it.holds;
      }),
  },
  {
    name: "declined for another reason",
    rule: RULE.reasonByRule,
    spoil: (day, pick) =>
      change(pick(declines(day)), (it) => {
        it.code = "CARD_LOST";
      }),
  },
  {
    name: "a message that was not used up",
    rule: RULE.cardCounter,
    spoil: (day, pick) =>
      change(pick(day.ledger.cards), (it) => {
        it.messageCounter -= 1;
      }),
  },
  {
    name: "a wrong PIN that was not counted",
    rule: RULE.cardTries,
    spoil: (day, pick) =>
      change(pick(day.ledger.cards), (it) => {
        it.pinFailures += 1;
      }),
  },
  {
    name: "day totals that differ",
    rule: RULE.dayTotals,
    spoil: (day, pick) =>
      change(pick(ofType(day, "dayTotals")), (it) => {
        it.units["SPECTACLE"] = (it.units["SPECTACLE"] ?? 0) + 1;
      }),
  },
];

/** Every kind of spoiled day; for each rule there is one at least. */
export const SPOILS: readonly Spoil[] = [
  ...SEEN,
  ...TWICE,
  ...DOUBTS,
  ...AFTER_SALE,
  ...BALANCES,
  ...DECISIONS,
];
