// Plays random lives on a store: makes commands of steps, and remembers which sales, refunds and payments there are.

import type { LoadEvent } from "../../../gateway/src/core/loading/event.js";
import type { Answer, Command } from "../../../gateway/src/core/ports.js";
import type { Payment } from "../../../gateway/src/core/settlement/model.js";
import type { SettlementStore } from "../../../gateway/src/core/settlement/ports.js";
import { createCutoffs } from "../../../gateway/src/settlement/calendar.js";
import { paymentFile } from "../../../gateway/src/settlement/files/payment-file.js";
import type { EmbeddedStore } from "../../../gateway/src/store/engine.js";
import type { LifeStep } from "../../support/random-life.js";
import { OPERATOR, REGION, type Shop } from "../../support/shop.js";

const SCHOOL_YEAR = "2022/2023";
const PERCENT = 100;
const PAYER = { name: "Region", iban: "FR7630006000011234567890189", bic: null };

/** Who asks in the place of a terminal that is lost. */
const LOST = { kind: "agent", agentId: "operator-1" } as const;

interface Made {
  readonly terminalId: string;
  readonly id: string;
  readonly amount: number;
  readonly inSeats: boolean;
  /** As its till knows it. */
  state: "asked" | "held" | "taken" | "over";
}

type StepOf<T extends LifeStep["type"]> = Extract<LifeStep, { type: T }>;

/** To which sales a step can happen, as far as a till knows. */
const FITTING: Readonly<Record<"capture" | "reversal" | "refund", readonly Made["state"][]>> = {
  capture: ["held"],
  reversal: ["held", "taken"],
  refund: ["taken"],
};

/** What a sale is after an answer about it, where the answer says so. */
const STATES: ReadonlyMap<string, Made["state"]> = new Map([
  ["APPROVED_HELD", "held"],
  ["APPROVED", "taken"],
  ["APPROVED_PARTIAL", "taken"],
  ["APPROVED_SEATS", "taken"],
  ["CAPTURED", "taken"],
  ["REVERSED", "over"],
]);

/** Plays one life on one store. Two players of one shop make equal commands of equal steps. */
export function lifePlayer(shop: Shop) {
  const made: Made[] = [];
  let lastRefund: Extract<Command, { type: "refund" }> | null = null;
  let papers = 0;

  function earlier(one: StepOf<"capture" | "reversal" | "refund">): Made | undefined {
    const { which, fitting, type } = one;
    const fit = made.filter(({ state }) => FITTING[type].includes(state));
    return fitting && fit.length > 0 ? fit.at(-1 - (which % fit.length)) : made.at(-1 - which);
  }
  const askerOf = (terminalId: string) => ({ kind: "terminal", terminalId }) as const;

  function sale(one: StepOf<"sale">): Command {
    const { id: terminalId } = shop.terminal(one.terminal);
    const request = {
      id: shop.newId(),
      evidence: shop.card(one.card).tap(),
      capture: one.capture,
      ...one.asked,
    };
    const inSeats = "quantity" in one.asked;
    const amount = "quantity" in one.asked ? one.asked.quantity : one.asked.purchaseCents;
    made.push({ terminalId, id: request.id, amount, inSeats, state: "asked" });
    const receivedAtMonotonicMs = shop.clock.monotonicMs();
    return { type: "authorize", terminalId, request, receivedAtMonotonicMs };
  }

  function partOf({ amount, inSeats }: Made, part: number | null) {
    if (part === null) return {};
    const value = Math.max(1, Math.floor((amount * part) / PERCENT));
    return inSeats ? { quantity: value } : { amountCents: value };
  }

  function refund(one: StepOf<"refund">): Command | null {
    const of = earlier(one);
    if (one.again && lastRefund) return lastRefund;
    if (!of) return null;
    lastRefund = {
      type: "refund",
      asker: one.lost ? LOST : askerOf(shop.terminal(one.terminal).id),
      of: { terminalId: one.lost ? of.terminalId : null, id: of.id },
      request: { id: shop.newId(), ...partOf(of, one.part) },
    };
    return lastRefund;
  }

  function eventOf(one: StepOf<"suspension" | "paper">): LoadEvent {
    if (one.type === "suspension") {
      const about = {
        beneficiary: `account-${one.account}`,
        suspension: "S-1",
        decisionRef: "D-1",
      };
      if (one.lifted) return { type: "suspension.lifted", ...about };
      return { type: "suspension.decided", ...about, campaign: "2022/2023", avantages: "ALL" };
    }
    const { partner } = one;
    switch (one.what) {
      case "bank": {
        const account = { holder: partner, iban: "FR7630006000011234567890189", bic: null };
        return { type: "bankAccount.saved", partner, account };
      }
      case "declared":
      case "notConcerned": {
        const types = one.what === "declared" ? (["OUTILLAGE"] as const) : [];
        return {
          type: "equipment.declared",
          partner,
          declaration: { schoolYear: SCHOOL_YEAR, types },
        };
      }
      case "received": {
        papers += 1;
        const justificatif = {
          reference: `J-${papers}`,
          schoolYear: SCHOOL_YEAR,
          kind: "PHOTO_STICKER",
          receivedOn: "2023-03-01",
          rejectedOn: null,
        } as const;
        return { type: "justificatif.received", partner, justificatif };
      }
      case "rejected":
        return {
          type: "justificatif.rejected",
          partner,
          reference: `J-${papers}`,
          rejectedOn: "2023-03-02",
        };
    }
  }

  return {
    /** Remembers what became of a sale. */
    learn(command: Command, answer: Answer): void {
      if (answer.type !== "decision" || command.type === "load") return;
      if (command.type === "inquire" || command.type === "refund") return;
      const id = command.type === "authorize" ? command.request.id : command.id;
      const sale = made.find((it) => it.id === id && it.terminalId === command.terminalId);
      const state = STATES.get(answer.code);
      if (sale && state) sale.state = state;
    },
    /** The command of a step; null where it comes back to nothing, or is settlement's. */
    command(one: LifeStep): Command | null {
      switch (one.type) {
        case "sale":
          return sale(one);
        case "capture": {
          const of = earlier(one);
          if (!of) return null;
          const { terminalId, id } = of;
          const request = partOf(of, one.part);
          const asker = one.lost ? LOST : askerOf(terminalId);
          return { type: "capture", asker, terminalId, id, request };
        }
        case "reversal": {
          const of = earlier(one);
          if (!of) return null;
          const { terminalId, id } = of;
          const { reason } = one;
          return { type: "reverse", asker: askerOf(terminalId), terminalId, id, reason };
        }
        case "refund":
          return refund(one);
        case "revocation": {
          const beneficiary = `account-${one.account}`;
          const revoked = { beneficiary, campaign: "2022/2023", avantages: ["CINEMA"] } as const;
          return shop.command({ type: "grants.revoked", ...revoked }, { agent: REGION });
        }
        case "suspension":
          return shop.command(eventOf(one), { agent: REGION });
        case "paper":
          return shop.command(eventOf(one), { agent: OPERATOR });
        case "settlement":
        case "bank":
          return null;
      }
    },
  };
}

/** What settlement does in a step: closes the last period, at once or step by step, or hears from the bank. */
export async function playSettlement(
  store: EmbeddedStore,
  one: StepOf<"settlement" | "bank">,
  nowMs: number,
): Promise<void> {
  const { settlement: books } = store;
  if (one.type === "bank") return hearFromBank(books, one, nowMs);
  const period = createCutoffs(7).lastClosed(nowMs);
  const close = () => closePeriod(books, period);
  // Two cut-offs at once: each step of either finds what the other has done.
  if (one.atOnce) await Promise.all([close(), close()]);
  else await close();
}

async function closePeriod(
  books: SettlementStore,
  period: { readonly lastDay: string; readonly cutoffMs: number },
): Promise<void> {
  const { lastDay: settlement } = period;
  while ((await books.accrue()).more);
  await books.beginSettlement(period);
  for (const partnerId of await books.partnersToSettle(settlement)) {
    await books.settlePartner({ settlement, partnerId });
  }
  const payments = await books.payments(settlement);
  const returns = await books.returnsToBook();
  const input = { lastDay: settlement, madeAtMs: period.cutoffMs, payments, payer: PAYER };
  const file = payments.length === 0 ? new Uint8Array(0) : paymentFile(input);
  const made = { file, accounts: "", payments: payments.length, returns };
  await books.fileSettlement(settlement, made);
}

async function hearFromBank(
  books: SettlementStore,
  { which, status }: StepOf<"bank">,
  saidAtMs: number,
): Promise<void> {
  const payments = await paymentsOf(books);
  const payment = payments.at(-1 - which);
  if (!payment) return;
  const { settlement, partnerId } = payment;
  const word = { status, reason: null, about: "payment", saidAtMs } as const;
  await books.recordStatus([{ settlement, partnerId, ...word }]);
}

/** Every payment of every settlement. */
export async function paymentsOf(books: SettlementStore): Promise<readonly Payment[]> {
  const settlements = await books.settlements();
  return (await Promise.all(settlements.map(({ lastDay }) => books.payments(lastDay)))).flat();
}
