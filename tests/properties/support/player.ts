// Makes commands of random moves, and remembers what was sent and answered for the moves that come back to it.

import { type Evidence, PROOF_LIFETIME_MS } from "@pass-tpe/protocol";
import { parisDay } from "../../../gateway/src/catalogue/civil-dates.js";
import type { LoadEvent } from "../../../gateway/src/core/loading/event.js";
import type { Answer, Command, LoadCommand } from "../../../gateway/src/core/ports.js";
import type { AvantageRule, Programme } from "../../../gateway/src/core/programme.js";
import { WRONG_PIN } from "../../support/presentations.js";
import type { Shop } from "../../support/shop.js";
import { type EventWorld, eventOf } from "./event-of.js";
import type { Move, Step } from "./moves.js";

/** What moves become: sales, inquiries, reversals and events. */
export type PlayCommand = Extract<Command, { type: "authorize" | "inquire" | "reverse" | "load" }>;
type SaleCommand = Extract<PlayCommand, { type: "authorize" }>;

const UNKNOWN_PROOF = "AAAAAAAAAAAAAAAAAAAAAA";

/** Plays moves on a shop, in a world. */
export function player(of: {
  readonly shop: Shop;
  readonly programme: Programme;
  readonly world: Omit<EventWorld, "today">;
  readonly command: (event: LoadEvent) => LoadCommand;
}) {
  const { shop, programme, world } = of;
  const rules = [...programme.avantages.values()];
  const sent: Exclude<PlayCommand, { type: "load" }>[] = [];
  const all: PlayCommand[] = [];
  // What took something and has not given it back, by the key of each.
  const taken = new Map<string, SaleCommand>();
  const lastTap = new Map<number, Evidence>();
  // How long a driver remembers a proof that has run out is its own matter: such a one is not presented.
  let lastProof = { ref: UNKNOWN_PROOF, untilMs: 0 };

  function evidenceOf({ card: at, terminal: by, how }: Presented, rule?: AvantageRule): Evidence {
    const card = shop.card(at);
    const terminal = shop.terminal(by);
    switch (how === "fitting" ? fittingHow(rule) : how) {
      case "scan":
        return terminal.scan(card);
      case "key":
        return terminal.key(card);
      case "wrongPin":
        return terminal.scan(card, WRONG_PIN);
      case "proof":
        return { type: "proofRef", proofRef: proofOf(lastProof, shop.clock.nowMs()) };
      default: {
        const again = how === "sameTap" ? lastTap.get(at) : undefined;
        const tap = again ?? card.tap();
        lastTap.set(at, tap);
        return tap;
      }
    }
  }

  const received = () => ({ receivedAtMonotonicMs: shop.clock.monotonicMs() });
  const idOf = (command: (typeof sent)[number]) =>
    command.type === "reverse" ? command.id : command.request.id;
  // Two terminals may use one id.
  const keyOf = (command: (typeof sent)[number]) => `${command.terminalId} ${idOf(command)}`;

  function commandOf(one: Step): PlayCommand {
    switch (one.type) {
      case "event":
        return of.command(eventOf(one.step, { ...world, today: parisDay(shop.clock.nowMs()) }));
      case "repeat":
        return all.at(-1 - (one.which % Math.max(1, all.length))) ?? unknownReversal();
      case "reversal": {
        const earlier = earlierOf(one);
        if (!earlier) return unknownReversal();
        const other = shop.terminal(earlier.terminalId === shop.terminal(0).id ? 1 : 0).id;
        const terminalId = one.elsewhere ? other : earlier.terminalId;
        const asker = { kind: "terminal", terminalId } as const;
        return { type: "reverse", terminalId, id: idOf(earlier), reason: one.reason, asker };
      }
      default:
        return presentingCommand(one);
    }
  }

  function earlierOf({ which, ofTaken }: StepOf<"reversal">): (typeof sent)[number] | undefined {
    const sales = [...taken.values()];
    if (ofTaken && sales.length > 0) return sales.at(-1 - (which % sales.length));
    return sent.at(-1 - which);
  }

  function presentingCommand(one: Presented): PlayCommand {
    const rule = rules[one.avantage % rules.length];
    const avantage = rule?.code ?? "INCONNU";
    const terminalId = shop.terminal(one.terminal).id;
    const common = { id: shop.newId(), evidence: evidenceOf(one, rule), ...askedOf(one, rule) };
    if (one.type === "inquiry") {
      const request = one.named ? { ...common, avantage } : common;
      return { type: "inquire", terminalId, request, ...received() };
    }
    const request = { ...common, avantage, exact: one.exact };
    return { type: "authorize", terminalId, request, ...received() };
  }

  function unknownReversal(): PlayCommand {
    const { id: terminalId } = shop.terminal(0);
    const asker = { kind: "terminal", terminalId } as const;
    return { type: "reverse", terminalId, id: shop.newId(), reason: "automatic", asker };
  }

  function learnTaken(command: PlayCommand, answer: Answer): void {
    if (answer.type !== "decision") return;
    if (command.type === "authorize" && tookSomething(answer)) taken.set(keyOf(command), command);
    if (command.type === "reverse" && answer.code === "REVERSED") taken.delete(keyOf(command));
  }

  return {
    next({ waitMs, step: one }: Move): PlayCommand {
      shop.clock.advance(waitMs);
      const command = commandOf(one);
      all.push(command);
      if (command.type !== "load") sent.push(command);
      return atNow(command, shop);
    },
    learn(command: PlayCommand, answer: Answer): void {
      learnTaken(command, answer);
      // The proof in an answer of long ago may have run out since, however lately it was given again.
      if (answer.type !== "decision" || answer.replayed) return;
      if (answer.answer.proofRef === undefined) return;
      const onProof = "request" in command && command.request.evidence.type === "proofRef";
      const untilMs = onProof ? lastProof.untilMs : shop.clock.nowMs() + PROOF_LIFETIME_MS;
      lastProof = { ref: answer.answer.proofRef, untilMs };
    },
  };
}

function proofOf({ ref, untilMs }: { ref: string; untilMs: number }, nowMs: number): string {
  return nowMs < untilMs ? ref : UNKNOWN_PROOF;
}

type StepOf<T extends Step["type"]> = Extract<Step, { type: T }>;
type Presented = StepOf<"sale" | "inquiry">;

function fittingHow(rule: AvantageRule | undefined): "tap" | "scan" | "key" {
  if (!rule || rule.channels.includes("NFC")) return "tap";
  return rule.channels.includes("QR") ? "scan" : "key";
}

function tookSomething({ answer }: Extract<Answer, { type: "decision" }>): boolean {
  if (answer.outcome !== "approved") return false;
  const units = ("amountCents" in answer ? answer.amountCents : 0) ?? 0;
  return units > 0 || (("quantity" in answer ? answer.quantity : 0) ?? 0) > 0;
}

/** The form that the unit asks for, and now and then another. */
function askedOf({ odd, cents, quantity }: Presented, rule: AvantageRule | undefined) {
  if (odd) return { purchaseCents: cents, quantity };
  if (rule?.unit === "EUR_CENT") return { purchaseCents: cents };
  return rule?.unit === "SEAT" || rule?.unit === "COUPON" ? { quantity } : {};
}

/** The same command, as it arrives now. */
export function atNow<T extends Command>(command: T, shop: Shop): T {
  if (command.type !== "authorize" && command.type !== "inquire") return command;
  return { ...command, receivedAtMonotonicMs: shop.clock.monotonicMs() };
}
