// A ledger kept in the plainest way, for tests: it adds everything up anew for each decision.

import type { Intent, SaleRef, Units, World } from "../facts.js";
import type { DayDraft, Draft } from "./draft.js";

type Ledger = DayDraft["ledger"];
type AttemptRow = Ledger["attempts"][number];

/** What a decision says. */
interface Decision {
  readonly approved: boolean;
  readonly code: string;
  readonly units: Units;
}

const isOf =
  (ref: SaleRef) =>
  ({ sale }: { readonly sale: SaleRef }) =>
    sale.id === ref.id && sale.terminal === ref.terminal;

/** Decides sales and keeps their rows; asked for nothing that a till could not ask. */
export class PlainLedger {
  readonly rows: Ledger;
  /** What was wanted, by the sale's id: a hold's row alone does not name its grant. */
  readonly intents = new Map<string, Intent>();
  readonly #world: World;
  readonly #lastBlock = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
    this.rows = {
      atMs: 0,
      attempts: [],
      reversals: [],
      operations: [],
      entries: [],
      grants: world.accounts.flatMap(({ account, grants }) =>
        Object.entries(grants).map(([avantage, amount]) => ({
          account,
          avantage,
          amount,
          spent: 0,
        })),
      ),
      holds: [],
      cards: world.cards.map(({ card }) => ({ card, messageCounter: 0, pinFailures: 0 })),
    };
  }

  /** Decides a sale or an inquiry and keeps it; null where its id was reversed before. */
  decide(at: {
    readonly sale: SaleRef;
    readonly intent: Intent;
    /** Rises with each PIN block of its terminal. */
    readonly block: number;
    readonly nowMs: number;
    readonly late?: boolean;
  }): Decision | null {
    const { sale, intent, nowMs } = at;
    if (this.rows.reversals.some(isOf(sale))) return null;
    const isNew = this.#useUp(intent, at.block);
    const made = at.late ? refused("DEADLINE_PASSED") : this.#judge({ intent, isNew, nowMs });
    const kind = intent.inquires ? "inquiry" : "sale";
    const holds = made.approved && intent.holds && kind === "sale";
    const row: AttemptRow = { sale, kind, ...made, holds, decidedAtMs: nowMs };
    this.rows.attempts.push(row);
    if (!made.approved || kind === "inquiry") return made;
    if (holds) {
      const expiresAtMs = nowMs + this.#world.holdMs;
      this.rows.holds.push({ sale, units: made.units, expiresAtMs });
    } else this.#enter(sale, intent, made.units);
    return made;
  }

  capture(sale: SaleRef, intent: Intent, units: Units, atMs: number): void {
    this.#letGo(sale);
    const afterAttempts = this.rows.attempts.length;
    this.rows.operations.push({ kind: "capture", sale, id: sale.id, units, afterAttempts, atMs });
    this.#enter(sale, intent, units);
  }

  refund(sale: SaleRef, intent: Intent, refund: { id: string; units: Units; atMs: number }): void {
    const afterAttempts = this.rows.attempts.length;
    this.rows.operations.push({ kind: "refund", sale, ...refund, afterAttempts });
    this.#enter(sale, intent, -refund.units);
  }

  reverse(sale: SaleRef, intent: Intent, reason: "automatic" | "manual"): void {
    this.#letGo(sale);
    const afterAttempts = this.rows.attempts.length;
    this.rows.reversals.push({ sale, reason, afterAttempts });
    const left = this.#netOf(sale);
    if (left > 0) this.#enter(sale, intent, -left);
  }

  /** What a sale took and has not given back. */
  #netOf(sale: SaleRef): Units {
    return this.rows.entries.filter(isOf(sale)).reduce((sum, { units }) => sum + units, 0);
  }

  #enter(sale: SaleRef, { card, avantage }: Intent, units: Units): void {
    const account = this.#accountOf(card);
    this.rows.entries.push({ sale, account, avantage, units });
    const grant = this.rows.grants.find(
      (one) => one.account === account && one.avantage === avantage,
    );
    if (grant) grant.spent += units;
  }

  #letGo(sale: SaleRef): void {
    const { rows } = this;
    rows.holds = rows.holds.filter((hold) => !isOf(sale)(hold));
  }

  #accountOf(card: string): string {
    return this.#world.cards.find((one) => one.card === card)?.account ?? "";
  }

  #useUp(intent: Intent, block: number): boolean {
    if (intent.how !== "tap") {
      if (block <= (this.#lastBlock.get(intent.terminal) ?? 0)) return false;
      this.#lastBlock.set(intent.terminal, block);
      return true;
    }
    const card = this.#card(intent.card);
    if ((intent.message ?? 0) <= card.messageCounter) return false;
    card.messageCounter = intent.message ?? 0;
    return true;
  }

  #card(name: string): Draft<Ledger["cards"][number]> {
    const card = this.rows.cards.find((one) => one.card === name);
    if (!card) throw new Error(`the test's world has no card ${name}`);
    return card;
  }

  #judge(at: { intent: Intent; isNew: boolean; nowMs: number }): Decision {
    const { intent, isNew, nowMs } = at;
    if (intent.how === "tap") {
      if (!isNew) return refused("CARD_NOT_GENUINE");
    } else {
      const wrong = isNew ? this.#tryPin(intent) : "PIN_BLOCK_INVALID";
      if (wrong) return refused(wrong);
    }
    if (intent.inquires) return { approved: true, code: "INQUIRY_ANSWERED", units: 0 };
    return this.#draw(intent, nowMs);
  }

  #tryPin({ card: name, pin }: Intent): string | null {
    const card = this.#card(name);
    if (card.pinFailures === this.#world.pinTriesMax) return "PIN_LOCKED";
    card.pinFailures = pin === "right" ? 0 : card.pinFailures + 1;
    if (pin === "right") return null;
    const codes = ["PIN_LOCKED", "PIN_INCORRECT_LAST"];
    return codes[this.#world.pinTriesMax - card.pinFailures] ?? "PIN_INCORRECT";
  }

  #draw(intent: Intent, nowMs: number): Decision {
    const account = this.#accountOf(intent.card);
    const { avantage, purchaseCents, quantity, exact } = intent;
    const grant = this.rows.grants.find(
      (one) => one.account === account && one.avantage === avantage,
    );
    if (!grant) return refused("AVANTAGE_NOT_GRANTED");
    const left = grant.amount - grant.spent - this.#heldOf({ account, avantage, nowMs });
    const rule = this.#world.avantages.find(({ code }) => code === avantage);
    if (rule?.singleUse && left < grant.amount) return refused("ALREADY_USED");
    if (rule?.unit === "pieces") {
      if ((quantity ?? 0) > left) return refused("SEATS_EXHAUSTED");
      return { approved: true, code: "APPROVED_SEATS", units: quantity ?? 0 };
    }
    if (left === 0) return refused("BALANCE_EXHAUSTED");
    if (exact && purchaseCents > left) return refused("INSUFFICIENT_BALANCE");
    const code = purchaseCents > left ? "APPROVED_PARTIAL" : "APPROVED";
    return { approved: true, code, units: Math.min(purchaseCents, left) };
  }

  #heldOf(at: { account: string; avantage: string; nowMs: number }): Units {
    return this.rows.holds
      .filter(({ sale, expiresAtMs }) => {
        const intent = this.intents.get(sale.id);
        const isOwn =
          intent?.avantage === at.avantage && this.#accountOf(intent.card) === at.account;
        return isOwn && expiresAtMs > at.nowMs;
      })
      .reduce((sum, { units }) => sum + units, 0);
  }
}

function refused(code: string): Decision {
  return { approved: false, code, units: 0 };
}
