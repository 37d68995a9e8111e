// Compares what the terminals saw with what the ledger holds; each difference is a finding in words.

import type { AttemptRow } from "../../gateway/src/store/driver.js";
import { parseStoredInput, type StoredInput } from "../../gateway/src/store/stored-input.js";
import type { LedgerRows } from "./scratch-gateway.js";
import type { Journalled } from "./till.js";

const PIN_TRIES_MAX = 3;

/** Codes of decisions that looked at the PIN's value and found it wrong, in the order in which a card gives them. */
const WRONG_PIN_CODES = ["PIN_INCORRECT", "PIN_INCORRECT_LAST", "PIN_LOCKED"];
const REPLAY_CODES = ["CARD_NOT_GENUINE", "PIN_BLOCK_INVALID"];

/** Everything in which journals and ledger differ, and every counter that ran backwards. Empty when all is well. */
export function ledgerFindings(
  ledger: LedgerRows,
  journal: readonly Journalled[],
): readonly string[] {
  const decisions = ledger.attempts.flatMap((attempt) =>
    attempt.input === null ? [] : [{ attempt, input: parseStoredInput(attempt.input) }],
  );
  return [
    ...answerFindings(ledger, journal),
    ...moneyFindings(ledger, journal),
    ...replayFindings(journal),
    ...counterFindings(ledger, decisions),
    ...pinFindings(ledger, decisions),
  ];
}

interface DecisionRow {
  readonly attempt: AttemptRow;
  readonly input: StoredInput;
}

/** Every answer seen is stored once, word for word; and nothing is stored that no terminal asked for. */
function answerFindings({ attempts }: LedgerRows, journal: readonly Journalled[]): string[] {
  const seen = new Map(journal.map((entry) => [entry.sale.id, entry]));
  const findings = attempts
    .filter(({ id, terminalId }) => seen.get(id)?.terminalId !== terminalId)
    .map(({ id }) => `${id} is stored, and no terminal has an answer to it`);
  for (const { sale, answer, cutOff } of journal) {
    const stored = attempts.filter(({ id }) => id === sale.id);
    const same = sameAnswer(JSON.parse(stored[0]?.answer ?? "{}"), answer);
    if (cutOff !== null && !sameAnswer(cutOff, answer)) {
      findings.push(`${sale.id} was answered before a kill, and its repeat got another answer`);
    }
    if (stored.length !== 1) findings.push(`${sale.id} is stored ${stored.length} times`);
    else if (!same) findings.push(`${sale.id} is stored with another answer than was seen`);
  }
  return findings;
}

function sameAnswer(one: object, other: object): boolean {
  const sorted = (answer: object) => JSON.stringify(Object.entries(answer).sort());
  return sorted(one) === sorted(other);
}

/** One entry for each approval, of the amount that was seen; none for anything else; and the sums agree. */
function moneyFindings({ entries }: LedgerRows, journal: readonly Journalled[]): string[] {
  const findings = journal.flatMap(({ sale, answer }) => {
    const units = entries.filter(({ attemptId }) => attemptId === sale.id).map((it) => it.units);
    const expected = answer.outcome === "approved" ? [answer.amountCents ?? 0] : [];
    return JSON.stringify(units) === JSON.stringify(expected)
      ? []
      : [`${sale.id} was answered ${expected.join() || "no money"}, its entries are ${units}`];
  });
  const debited = entries.reduce((sum, { units }) => sum + units, 0);
  const approved = approvedCents(journal);
  if (debited !== approved) findings.push(`debited ${debited}, approved ${approved}`);
  return findings;
}

/** Σ of what the approvals that were seen took, in cents. */
export function approvedCents(journal: readonly Journalled[]): number {
  return journal.reduce(
    (sum, { answer }) => sum + (answer.outcome === "approved" ? (answer.amountCents ?? 0) : 0),
    0,
  );
}

/** What was used before a kill is refused after it. */
function replayFindings(journal: readonly Journalled[]): string[] {
  return journal
    .filter(({ replay, answer }) => replay && !REPLAY_CODES.includes(answer.code))
    .map(({ sale, answer }) => `${sale.id} presented used evidence again: ${answer.code}`);
}

/** In the order of decisions no counter is ever lower than before, and each is accepted once. */
function counterFindings(ledger: LedgerRows, decisions: readonly DecisionRow[]): string[] {
  const highest = new Map<string, number>();
  const accepted = new Set<string>();
  const findings: string[] = [];

  function see(counter: { name: string; stored: number; presented: number; accepted: boolean }) {
    const { name, stored, presented } = counter;
    const known = highest.get(name) ?? 0;
    if (stored < known) findings.push(`${name} went back from ${known} to ${stored}`);
    if (counter.accepted && accepted.has(`${name} ${presented}`)) {
      findings.push(`${name} accepted ${presented} twice`);
    }
    if (counter.accepted) accepted.add(`${name} ${presented}`);
    highest.set(name, Math.max(known, stored, counter.accepted ? presented : 0));
  }

  for (const { attempt, input } of decisions) {
    const { facts, snapshot } = input;
    const { card, terminal } = snapshot;
    if (card && facts.kind === "nfcMessage") {
      const { messageCounter: stored } = card;
      const isAccepted = attempt.code !== "CARD_NOT_GENUINE";
      see({ name: card.id, stored, presented: facts.counter, accepted: isAccepted });
    }
    if ((facts.kind === "qr" || facts.kind === "keyed") && facts.pin) {
      const isAccepted = attempt.code !== "PIN_BLOCK_INVALID";
      const { counter: presented } = facts.pin;
      const { id: name, ksnCounter: stored } = terminal;
      see({ name, stored, presented, accepted: isAccepted });
    }
  }
  for (const { id, messageCounter } of ledger.cards) {
    if (messageCounter < (highest.get(id) ?? 0)) findings.push(`${id} lost its last counter`);
  }
  return findings;
}

/** The wrong PINs of a card are evaluated at most three times, one count after the other, whatever was killed between. */
function pinFindings(ledger: LedgerRows, decisions: readonly DecisionRow[]): string[] {
  return ledger.cards.flatMap(({ id, pinFailures }) => {
    const codes = decisions
      .filter(({ input }) => input.snapshot.card?.id === id)
      .filter(({ attempt }) => WRONG_PIN_CODES.includes(attempt.code));
    const evaluated = codes.filter(
      ({ input }) => (input.snapshot.card?.pinFailures ?? 0) < PIN_TRIES_MAX,
    );
    const order = evaluated.map(({ attempt }) => attempt.code);
    const expected = WRONG_PIN_CODES.slice(0, evaluated.length);
    const inOrder = order.join() === expected.join() && evaluated.length <= PIN_TRIES_MAX;
    const kept = pinFailures === evaluated.length;
    return inOrder && kept
      ? []
      : [`${id}: wrong PINs were answered ${order.join()}, its count is ${pinFailures}`];
  });
}
