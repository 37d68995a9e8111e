// Writes days as they should be, for tests: sales with every end that they can have, and what the tills see of them.

import type { Fact, Intent, SaleRef, Units, World } from "../facts.js";
import type { DayDraft, Draft } from "./draft.js";
import { PlainLedger } from "./plain-ledger.js";

/** What a test says of a sale; the rest is of no matter. */
export type SaleWish = Partial<Omit<Intent, "message">> & { readonly message?: number };

/** How a sale ends that is not simply told. */
export type SaleEnd =
  | "told"
  /** Decided, and the answer was lost. */
  | "unknown"
  /** Reversed before it arrived. */
  | "tombstone"
  /** Its terminal died before the answer was kept. */
  | "crashed"
  /** Its terminal died after the answer was kept, and before the till was told. */
  | "recovered"
  /** Decided after its deadline. */
  | "late";

/** Two cards of one account and one of another: cents, pieces, and an avantage that is good for one sale. */
export const WORLD: World = {
  avantages: [
    { code: "SPECTACLE", unit: "cents" },
    { code: "CINEMA", unit: "pieces" },
    { code: "LICENCE", unit: "cents", singleUse: true },
  ],
  accounts: [
    { account: "a1", grants: { SPECTACLE: 3000, CINEMA: 5, LICENCE: 3000 } },
    { account: "a2", grants: { SPECTACLE: 10_000, CINEMA: 5 } },
  ],
  cards: [
    { card: "c1", account: "a1" },
    { card: "c2", account: "a2" },
    { card: "c3", account: "a1" },
  ],
  pinTriesMax: 3,
  holdMs: 1_800_000,
  // A day by chance lets hours go by between the beginning and the end of a sale.
  wordWithinMs: 86_400_000,
};

/** Instants of a test's day begin here. */
const DAY_MS = 1_790_000_000_000;

/** From a wish to its decision. */
const ASKING_MS = 2_000;

/** Writes one day, a second after the other. */
export class DayWriter {
  readonly facts: Draft<Fact>[] = [];
  readonly #world: World;
  readonly #ledger: PlainLedger;
  readonly #messages = new Map<string, number>();
  readonly #totals = new Map<string, Map<string, Units>>();
  #nowMs = DAY_MS;
  #ids = 0;

  constructor(world: World = WORLD) {
    this.#world = world;
    this.#ledger = new PlainLedger(world);
    this.facts.push({ type: "gatewayStarted", readyAfterMs: 100, atMs: this.#nowMs });
    this.#pass();
  }

  #pass(ms = 1_000): void {
    this.#nowMs += ms;
  }

  /** Lets time go by. */
  wait(ms: number): this {
    this.#pass(ms);
    return this;
  }

  /** One fact, at the present instant; then a second goes by. */
  #note(fact: Draft<DistributiveOmit<Fact, "atMs">>): void {
    this.facts.push({ ...fact, atMs: this.#nowMs });
    this.#pass();
  }

  /** A sale from its beginning to its end. */
  sale(wish: SaleWish = {}, end: SaleEnd = "told"): SaleRef {
    const begun = this.begin(wish);
    this.end(begun, end);
    return begun;
  }

  /** A sale leaves its terminal. */
  begin(wish: SaleWish = {}): SaleRef {
    this.#ids += 1;
    const intent = this.#intentOf(wish);
    const sale = { terminal: intent.terminal, id: `s${this.#ids}` };
    this.#ledger.intents.set(sale.id, intent);
    this.#note({ type: "began", sale, intent });
    return sale;
  }

  /** What becomes of a sale that began. */
  end(sale: SaleRef, end: SaleEnd = "told"): void {
    const intent = this.#intent(sale);
    if (end === "tombstone") {
      this.#tellUnknown(sale);
      this.#ledger.reverse(sale, intent, "automatic");
      this.#ledger.decide(this.#attempt(sale));
      this.#note({ type: "resolved", sale, code: "REVERSED" });
      return;
    }
    const decision = this.#ledger.decide({ ...this.#attempt(sale), late: end === "late" });
    if (!decision) throw new Error("the test's sale was reversed before it ended");
    const { approved, code, units } = decision;
    if (intent.inquires) return;
    if (end === "unknown") {
      this.#tellUnknown(sale);
      this.#ledger.reverse(sale, intent, "automatic");
      this.#note({ type: "resolved", sale, code: "REVERSED" });
    } else if (end === "crashed") {
      this.#restart(sale.terminal);
      this.#ledger.reverse(sale, intent, "automatic");
    } else {
      this.#note({ type: "answered", sale, about: "sale", approved, code, units });
      if (approved && !intent.holds) this.#count(sale.terminal, intent.avantage, units);
      if (end === "recovered" && approved) this.#recover(sale, units);
      else this.#tell(sale, decision);
    }
  }

  #attempt(sale: SaleRef) {
    const block = Number(sale.id.slice(1));
    return { sale, intent: this.#intent(sale), block, nowMs: this.#nowMs };
  }

  #tell(
    sale: SaleRef,
    { approved, code, units }: { approved: boolean; code: string; units: Units },
  ): void {
    const holds = approved && this.#intent(sale).holds;
    const outcome = approved ? "approved" : "declined";
    const moneyMoved = approved && !holds ? "yes" : "no";
    this.#note({ type: "told", sale, outcome, code, moneyMoved, units, holds });
  }

  #tellUnknown(sale: SaleRef): void {
    const nothing = { units: 0, holds: false, moneyMoved: "unknown" } as const;
    this.#note({ type: "told", sale, outcome: "unknown", code: "TIMEOUT", ...nothing });
  }

  #recover(sale: SaleRef, units: Units): void {
    this.#restart(sale.terminal);
    this.#note({ type: "recovered", sale, units, holds: this.#intent(sale).holds });
    this.#note({ type: "acknowledged", sale });
  }

  #restart(terminal: string): void {
    this.#note({ type: "terminalDied", terminal });
    this.#note({ type: "terminalStarted", terminal });
  }

  /** The gateway is killed and comes back. */
  restartGateway(): void {
    this.#note({ type: "gatewayDied", why: "killed" });
    this.#note({ type: "gatewayStarted", readyAfterMs: 100 });
  }

  /** Takes what is held, all of it or less. */
  capture(sale: SaleRef, units: Units, how: "atOnce" | "later" = "atOnce"): void {
    const intent = this.#intent(sale);
    this.#note({ type: "asked", what: "capture", sale, operation: null, units });
    this.#ledger.capture(sale, intent, units, this.#nowMs);
    this.#count(sale.terminal, intent.avantage, units);
    this.#done({ what: "capture", sale, operation: null, units, code: "CAPTURED" }, how);
  }

  /** Gives back a part, at this terminal or another. */
  refund(sale: SaleRef, units: Units, at: { by?: string; how?: "atOnce" | "later" } = {}): string {
    const intent = this.#intent(sale);
    const { by, how = "atOnce" } = at;
    this.#ids += 1;
    const id = `r${this.#ids}`;
    const asker = by === undefined ? {} : { by };
    this.#note({ type: "asked", what: "refund", sale, operation: id, units, ...asker });
    this.#ledger.refund(sale, intent, { id, units, atMs: this.#nowMs });
    this.#count(by ?? sale.terminal, intent.avantage, -units);
    this.#done({ what: "refund", sale, operation: id, units, code: "REFUNDED", ...asker }, how);
    return id;
  }

  /** The cashier undoes it. */
  reverse(sale: SaleRef, how: "atOnce" | "later" = "atOnce"): void {
    const intent = this.#intent(sale);
    this.#note({ type: "asked", what: "reversal", sale, operation: null, units: null });
    const before = this.#spentBy(sale);
    this.#ledger.reverse(sale, intent, "manual");
    this.#count(sale.terminal, intent.avantage, -before);
    this.#done({ what: "reversal", sale, operation: null, units: before, code: "REVERSED" }, how);
  }

  #done(
    word: Omit<Extract<Draft<Fact>, { type: "done" }>, "type" | "atMs" | "outcome">,
    how: "atOnce" | "later",
  ): void {
    if (how === "later") {
      this.#note({ type: "done", ...word, outcome: "unknown", code: "TIMEOUT", units: 0 });
    }
    this.#note({ type: "done", ...word, outcome: "done" });
  }

  /** The day as it stands, with each terminal's totals. */
  close(): DayDraft {
    for (const [terminal, units] of this.#totals) {
      this.#note({ type: "dayTotals", terminal, units: Object.fromEntries(units) });
    }
    const world = structuredClone(this.#world) as Draft<World>;
    const ledger = structuredClone({ ...this.#ledger.rows, atMs: this.#nowMs });
    return { world, facts: structuredClone(this.facts), ledger };
  }

  /** What can still be done with a sale. */
  stateOf(sale: SaleRef): { readonly held: Units; readonly taken: Units } {
    const hold = this.#ledger.rows.holds.find((one) => one.sale.id === sale.id);
    const isOver = !hold || hold.expiresAtMs <= this.#nowMs + ASKING_MS;
    return { held: isOver ? 0 : hold.units, taken: this.#spentBy(sale) };
  }

  #spentBy(sale: SaleRef): Units {
    return this.#ledger.rows.entries
      .filter((entry) => entry.sale.id === sale.id)
      .reduce((sum, { units }) => sum + units, 0);
  }

  #count(terminal: string, avantage: string, units: Units): void {
    const totals = this.#totals.get(terminal) ?? new Map<string, Units>();
    this.#totals.set(terminal, totals);
    totals.set(avantage, (totals.get(avantage) ?? 0) + units);
  }

  #intent(sale: SaleRef): Intent {
    const intent = this.#ledger.intents.get(sale.id);
    if (!intent) throw new Error(`the test began no sale ${sale.id}`);
    return intent;
  }

  #intentOf(wish: SaleWish): Intent {
    const { card = "c1", how = "tap", avantage = "SPECTACLE", message } = wish;
    const { terminal = "t1", pin = "right", exact = false, holds = false } = wish;
    const next = (this.#messages.get(card) ?? 0) + 1;
    if (how === "tap" && message === undefined) this.#messages.set(card, next);
    const isCounted = this.#world.avantages.some(
      ({ code, unit }) => code === avantage && unit === "pieces",
    );
    return {
      terminal,
      card,
      how,
      message: how === "tap" ? (message ?? next) : null,
      pin: how === "tap" ? null : pin,
      avantage,
      purchaseCents: wish.purchaseCents ?? 1000,
      quantity: wish.quantity ?? (isCounted ? 1 : null),
      exact,
      holds,
      ...(wish.inquires ? { inquires: true } : {}),
    };
  }
}

type DistributiveOmit<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;
