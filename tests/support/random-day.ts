// A day of random sales, inquiries, reversals, events and repeats as data, and what turns it into commands.

import type { Evidence } from "@pass-tpe/protocol";
import fc from "fast-check";
import type { BeneficiaryEvent, Scope } from "../../gateway/src/core/loading/event.js";
import type { Answer, Command, LoadCommand } from "../../gateway/src/core/ports.js";
import { WRONG_PIN } from "./presentations.js";
import type { Shop } from "./shop.js";

type TerminalCommand = Extract<Command, { type: "authorize" | "inquire" | "reverse" }>;

export const DAY_CARDS = 3;
export const DAY_TERMINALS = 2;
/** Small, so that everything runs out within a day. */
export const DAY_GRANTS = { SPECTACLE: 500, CINEMA: 4, LICENCE: 300, MUSEE: 0 };

const HOWS = ["tap", "sameTap", "scan", "wrongPin", "appCode", "sameAppCode", "proof"] as const;

const presented = {
  card: fc.nat({ max: DAY_CARDS - 1 }),
  terminal: fc.nat({ max: DAY_TERMINALS - 1 }),
  how: fc.oneof(fc.constantFrom("tap", "scan"), fc.constantFrom(...HOWS)),
};
const purchaseCents = fc.integer({ min: 1, max: 400 });
const exact = fc.boolean();

/** What is asked for: mostly what a till would ask, now and then anything. */
const asked = fc.oneof(
  fc.record({ avantage: fc.constantFrom("SPECTACLE", "LICENCE"), purchaseCents, exact }),
  fc.record({ avantage: fc.constant("CINEMA"), quantity: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ avantage: fc.constant("MUSEE") }),
  fc.record({
    avantage: fc.constantFrom(...Object.keys(DAY_GRANTS), "INCONNU"),
    purchaseCents: fc.option(fc.integer({ min: -1, max: 101 }), { nil: undefined }),
    quantity: fc.option(fc.integer({ min: -1, max: 2 }), { nil: undefined }),
  }),
);

const sale = fc.record({ type: fc.constant("sale"), ...presented, asked });
const inquiry = fc.record({ type: fc.constant("inquiry"), ...presented, purchaseCents });
/** One of the last commands again: as it was, with another amount, or from another terminal. */
const repeat = fc.record({
  type: fc.constant("repeat"),
  which: fc.nat({ max: 9 }),
  change: fc.constantFrom("none", "amount", "terminal"),
});
const reversal = fc.record({
  type: fc.constant("reversal"),
  which: fc.nat({ max: 9 }),
  reason: fc.constantFrom("automatic", "manual"),
  elsewhere: fc.boolean(),
});
const early = fc.record({ type: fc.constant("earlyReversal"), terminal: presented.terminal });
/** What the Région does to an account, under few names, so that one event meets another. */
const event = fc.record({
  type: fc.constant("event"),
  account: fc.nat({ max: DAY_CARDS - 1 }),
  what: fc.constantFrom("suspend", "lift", "revoke"),
  suspension: fc.constantFrom("S-1", "S-2"),
  avantages: fc.constantFrom<Scope>("ALL", ["SPECTACLE"], ["CINEMA", "LICENCE"]),
});
/** One of the last events again: as it was, or with another content under its id. */
const repeatedEvent = fc.record({
  type: fc.constant("repeatedEvent"),
  which: fc.nat({ max: 3 }),
  other: fc.boolean(),
});

const step = fc.oneof(
  { weight: 5, arbitrary: sale },
  { weight: 1, arbitrary: inquiry },
  { weight: 3, arbitrary: repeat },
  { weight: 3, arbitrary: reversal },
  { weight: 1, arbitrary: early },
  { weight: 1, arbitrary: event },
  { weight: 1, arbitrary: repeatedEvent },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What happens at once, after so many milliseconds. */
const round = fc.record({
  waitMs: fc.constantFrom(0, 1, 20_000, 61_000),
  reload: fc.boolean(),
  steps: fc.array(step, { minLength: 1, maxLength: 6, size: "max" }),
});

/** Rounds of steps. Everything in one round arrives at once. */
export const randomDay = fc.noBias(fc.array(round, { minLength: 1, maxLength: 20, size: "max" }));

/** Makes commands of steps, and remembers what was sent and answered for the steps that come back to it. */
export function dayPlayer(shop: Shop) {
  const sent: TerminalCommand[] = [];
  const events: LoadCommand[] = [];
  const lastTap = new Map<number, Evidence>();
  const lastAppCode = new Map<number, string>();
  let lastProof = "AAAAAAAAAAAAAAAAAAAAAA";

  function remembered<T>(map: Map<number, T>, card: number, make: () => T): T {
    const value = map.get(card) ?? make();
    map.set(card, value);
    return value;
  }

  function evidenceOf(at: {
    card: number;
    terminal: number;
    how: (typeof HOWS)[number];
  }): Evidence {
    const card = shop.card(at.card);
    const terminal = shop.terminal(at.terminal);
    const byCode = (token: string): Evidence => ({
      type: "qr",
      token,
      pinBlock: terminal.pinBlock(card),
    });
    switch (at.how) {
      case "tap":
        lastTap.delete(at.card);
        return remembered(lastTap, at.card, () => card.tap());
      case "sameTap":
        return remembered(lastTap, at.card, () => card.tap());
      case "scan":
        return terminal.scan(card);
      case "wrongPin":
        return terminal.scan(card, WRONG_PIN);
      case "appCode":
        lastAppCode.delete(at.card);
        return byCode(remembered(lastAppCode, at.card, () => card.appCode(shop.clock.nowMs())));
      case "sameAppCode":
        return byCode(remembered(lastAppCode, at.card, () => card.appCode(shop.clock.nowMs())));
      case "proof":
        return { type: "proofRef", proofRef: lastProof };
    }
  }

  const terminalId = (index: number) => shop.terminal(index).id;
  const received = () => ({ receivedAtMonotonicMs: shop.clock.monotonicMs() });
  const otherThan = (id: string) => terminalId(id === terminalId(0) ? 1 : 0);

  function repeated(
    command: TerminalCommand,
    change: "none" | "amount" | "terminal",
  ): TerminalCommand {
    if (change === "none") return command;
    if (change === "terminal") return { ...command, terminalId: otherThan(command.terminalId) };
    if (command.type !== "authorize") return command;
    const { request } = command;
    return { ...command, request: { ...request, purchaseCents: (request.purchaseCents ?? 0) + 1 } };
  }

  type EventStep = Extract<Step, { type: "event" | "repeatedEvent" }>;

  function commandOf(one: Exclude<Step, EventStep>): TerminalCommand {
    const earlier = "which" in one ? sent.at(-1 - one.which) : undefined;
    switch (one.type) {
      case "sale": {
        const request = { id: shop.newId(), evidence: evidenceOf(one), ...one.asked };
        return { type: "authorize", terminalId: terminalId(one.terminal), request, ...received() };
      }
      case "inquiry": {
        const request = {
          id: shop.newId(),
          evidence: evidenceOf(one),
          purchaseCents: one.purchaseCents,
        };
        return { type: "inquire", terminalId: terminalId(one.terminal), request, ...received() };
      }
      case "repeat":
        return earlier ? { ...repeated(earlier, one.change), ...received() } : reverseNew(0);
      case "reversal": {
        if (!earlier) return reverseNew(0);
        const id = earlier.type === "reverse" ? earlier.id : earlier.request.id;
        const from = one.elsewhere ? otherThan(earlier.terminalId) : earlier.terminalId;
        const asker = { kind: "terminal", terminalId: from } as const;
        return { type: "reverse", terminalId: from, id, reason: one.reason, asker };
      }
      case "earlyReversal":
        return reverseNew(one.terminal);
    }
  }

  function eventOf(one: Extract<Step, { type: "event" }>): BeneficiaryEvent {
    const { suspension, avantages } = one;
    const beneficiary = `account-${one.account}`;
    const about = { beneficiary, campaign: "2022/2023", avantages };
    const decisionRef = `D-${suspension}`;
    switch (one.what) {
      case "suspend":
        return { type: "suspension.decided", ...about, suspension, decisionRef };
      case "lift":
        return { type: "suspension.lifted", beneficiary, suspension, decisionRef };
      case "revoke":
        return { type: "grants.revoked", ...about };
    }
  }

  function eventCommandOf(one: EventStep): LoadCommand {
    const earlier = "which" in one ? events.at(-1 - one.which) : undefined;
    if (one.type === "event") return shop.command(eventOf(one));
    if (!earlier) {
      const event = { type: "card.restored", beneficiary: "account-0", cardId: "none" } as const;
      return shop.command(event);
    }
    if (!one.other) return earlier;
    return { ...earlier, fingerprint: Buffer.of(0) };
  }

  function reverseNew(terminal: number): TerminalCommand {
    const from = terminalId(terminal);
    const asker = { kind: "terminal", terminalId: from } as const;
    return { type: "reverse", terminalId: from, id: shop.newId(), reason: "automatic", asker };
  }

  return {
    next(one: Step): TerminalCommand | LoadCommand {
      if (one.type === "event" || one.type === "repeatedEvent") {
        const command = eventCommandOf(one);
        events.push(command);
        return command;
      }
      const command = commandOf(one);
      sent.push(command);
      return command;
    },
    learn(answer: Answer): void {
      if (answer.type === "decision") lastProof = answer.answer.proofRef ?? lastProof;
    },
  };
}
