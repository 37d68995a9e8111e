// Makes each decision of the ledger again, in its order, from what was really presented and wanted.

import { accountOf, type DayBook, keyOf, type RowOf, type SaleFile } from "../day-book.js";
import type { Intent, Violation } from "../facts.js";
import { ofNoSale, ofSale } from "../found.js";
import { Cards } from "../model/cards.js";
import { declined, drawn, type Expected, malformed } from "../model/expect.js";
import { eventsOf } from "../model/order.js";
import { Pots } from "../model/pots.js";
import { RULE } from "../rule-words.js";
import { potOf } from "./balances.js";

/** Decided before anything else was looked at, and only the clock says when. */
const TOO_LATE = "DEADLINE_PASSED";

type Attempt = SaleFile["attempts"][number];

/** Whatever the rules say of a sale, and of the cards that were presented, the ledger says too. */
export function* decisionsAreRight(book: DayBook): Iterable<Violation> {
  const { world } = book;
  const cards = new Cards(world);
  const pots = loadedPots(book);
  const blocks = blockNumbers(book);
  const events = eventsOf(book);
  for (const { attempt, sale } of inOrder(book)) {
    const name = potNameOf(book, sale);
    const intent = sale.began[0]?.intent;
    if (intent) {
      const balance = name === null ? null : pots.before(attempt, name);
      const block = blocks.get(keyOf(sale.ref)) ?? 0;
      const expected = expect({ book, sale, cards, intent, attempt, balance, block });
      if (expected) yield* compare({ book, sale, attempt, expected });
    }
    if (attempt.approved && attempt.kind === "sale" && name !== null) {
      pots.approve(attempt, { name, holdMs: world.holdMs, events: events(sale) });
    }
  }
  yield* cardsAgree(book, cards);
}

/** Each attempt with all that is known of its sale. */
function* inOrder({ ledger, sales }: DayBook): Iterable<{ attempt: Attempt; sale: SaleFile }> {
  for (const [place, row] of ledger.attempts.entries()) {
    const sale = sales.get(keyOf(row.sale));
    if (sale) yield { attempt: { ...row, place }, sale };
  }
}

function loadedPots({ world }: DayBook): Pots {
  const pots = new Pots();
  for (const { account, grants } of world.accounts) {
    for (const [avantage, amount] of Object.entries(grants)) {
      pots.load(potOf({ account, avantage }), amount);
    }
  }
  return pots;
}

function potNameOf(book: DayBook, sale: SaleFile): string | null {
  const account = accountOf(book, sale);
  const avantage = sale.began[0]?.intent.avantage ?? sale.entries[0]?.avantage;
  return account === null || avantage === undefined ? null : potOf({ account, avantage });
}

/** A terminal makes one PIN block after the other: the order of what it began is theirs. */
function blockNumbers({ facts }: DayBook): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  facts.forEach((fact, place) => {
    if (fact.type === "began") numbers.set(keyOf(fact.sale), place);
  });
  return numbers;
}

/** Null where nothing is to be expected: the attempt came too late, and only used up what it presented. */
function expect(at: {
  readonly book: DayBook;
  readonly sale: SaleFile;
  readonly cards: Cards;
  readonly intent: Intent;
  readonly attempt: RowOf<"attempts">;
  readonly balance: ReturnType<Pots["before"]>;
  readonly block: number;
}): Expected | null {
  const { book, sale, cards, intent, attempt, balance, block } = at;
  const presented = cards.present(intent, block);
  if (!attempt.approved && attempt.code === TOO_LATE && cameTooLate(sale, attempt)) return null;
  const avantage = book.world.avantages.find(({ code }) => code === intent.avantage);
  const isInquiry = attempt.kind === "inquiry";
  const wrong = isInquiry || !avantage ? null : malformed(intent, avantage);
  if (wrong) return wrong;
  const refused = cards.judge(intent, presented);
  if (refused) return declined(refused);
  // An inquiry shows what there is; what it shows of rights is not a matter of balances.
  if (isInquiry) return attempt.approved ? { takes: NOTHING, declines: [] } : null;
  return drawn(intent, avantage, balance);
}

/** Two instants of one clock, with fractions of a millisecond. */
const ROUNDING_MS = 1;

/** Whether a copy of the request had waited out its deadline when it was decided; of what nobody saw it is believed. */
function cameTooLate({ arrived }: SaleFile, { seenAtMs }: RowOf<"attempts">): boolean {
  if (seenAtMs === undefined) return true;
  return arrived.some(({ atMs, deadlineMs }) => seenAtMs - atMs >= deadlineMs - ROUNDING_MS);
}

const NOTHING = { least: 0, most: 0 } as const;

function* compare(at: {
  readonly book: DayBook;
  readonly sale: SaleFile;
  readonly attempt: RowOf<"attempts">;
  readonly expected: Expected;
}): Iterable<Violation> {
  const { book, sale, attempt, expected } = at;
  const { approved, code, units } = attempt;
  const { takes, declines } = expected;
  const intent = sale.began[0]?.intent;
  const account = accountOf(book, sale);
  const concerns = intent && {
    card: intent.card,
    avantage: intent.avantage,
    ...(account === null ? {} : { account }),
  };
  const rules = rulesSay(expected);
  if (!approved) {
    if (declines.includes(code)) return;
    const rule = declines.length === 0 ? RULE.approvable : RULE.reasonByRule;
    yield ofSale(rule, sale, `declined with ${code}, and ${rules}`, concerns);
  } else if (takes === null) {
    yield ofSale(RULE.declinable, sale, `approved with ${units}, and ${rules}`, concerns);
  } else if (units < takes.least || units > takes.most) {
    yield ofSale(RULE.unitsByRule, sale, `approved with ${units}, and ${rules}`, concerns);
  } else if (intent && attempt.holds !== intent.holds && attempt.kind === "sale") {
    const made = attempt.holds ? "is held" : "was taken at once";
    yield ofSale(RULE.unitsByRule, sale, `${made}, and the other was asked for`, concerns);
  }
}

function rulesSay({ takes, declines }: Expected): string {
  const reasons = declines.length > 0 ? `decline it (${declines.join(" or ")})` : null;
  if (takes === null) return `the rules ${reasons}`;
  const { least, most } = takes;
  const range = least === most ? `${least}` : `${least} to ${most}`;
  return `the rules approve ${range}${reasons ? ` or ${reasons}` : ""}`;
}

function* cardsAgree({ ledger }: DayBook, cards: Cards): Iterable<Violation> {
  for (const { card, messageCounter, pinFailures } of ledger.cards) {
    const state = cards.stateOf(card);
    if (!state) continue;
    if (messageCounter !== state.counter) {
      const found = `card ${card} stands at message ${messageCounter}, and ${state.counter} was the last`;
      yield ofNoSale(RULE.cardCounter, found, { card });
    }
    if (pinFailures !== state.failures) {
      const found = `card ${card} has ${pinFailures} wrong PINs, and ${state.failures} were made in a row`;
      yield ofNoSale(RULE.cardTries, found, { card });
    }
  }
}
