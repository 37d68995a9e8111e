// A till and who stands at it: plays a terminal's acts on the real SDK, life after life, and notes what it was told.

import type {
  CaptureResult,
  RecoveredSale,
  RefundResult,
  ReversalResult,
  SaleResult,
  TerminalEvent,
} from "@pass-tpe/terminal-sdk";
import type { Intent, SaleRef } from "../checker/facts.js";
import type { Act, Deed, SaleDeed } from "./plan.js";
import { type Amounts, unitsOf } from "./units.js";
import type { Life } from "./world/life.js";
import { type Stream, streamOf } from "./world/random.js";
import { RIGHT_PIN, type WorldCard, WRONG_PIN } from "./world/stock.js";
import { APDU_MS, type TerminalLife } from "./world/terminal-life.js";
import type { World } from "./world/world.js";

/** The holder needs so long to present a card once the till asks for it. */
const PRESENT_MS = 400;
/** A cashier waits so long for a card before the sale is cancelled. */
const PATIENCE_MS = 20_000;
const RECOVERED_AFTER_MS = 1_000;
/** What was refused for now is asked for again after so long. */
const ASK_AGAIN_MS = 20_000;
/** Retry classes of what will not be otherwise at another time. */
const FOR_GOOD: ReadonlySet<string> = new Set(["NO", "NONE"]);

/** The act of a plan, with its place in it. */
export type PlacedAct = Act & { readonly place: number };

/** How a mishap is told in the trace. */
export const MISHAP = "mishap: ";

export class Till {
  readonly name: string;
  readonly #world: World;
  readonly #acts: readonly PlacedAct[];
  readonly #whims: Stream;
  /** The sales that were made, by the place of their act. */
  readonly #made = new Map<number, { readonly ref: SaleRef; readonly outcome: string }>();
  #process: Life | null = null;
  #life: TerminalLife | null = null;
  #doing: string | null = null;
  #onLife: (life: TerminalLife) => void = () => undefined;
  /** What the sale that is going on wants, and the place of its act. */
  #wanted: { readonly intent: Intent; readonly place: number } | null = null;
  /** The id of the sale that is going on, once its request has left. */
  #underWay: string | null = null;
  #onSent: () => void = () => undefined;
  /** The places of the acts that sales were made by. */
  readonly #places = new Map<string, number>();
  #hasLostRecords = false;
  /** The sales that were told to be unknown: the customer has left without the goods, and none of them is kept. */
  readonly #leftInDoubt = new Set<string>();
  /** What was asked for in a life whose journal failed, and ended as unknown: the next life may know nothing of it. */
  readonly #toAskAgain: ((life: TerminalLife) => Promise<void>)[] = [];
  /** The life whose journal failed. */
  #failed: TerminalLife | null = null;
  readonly #inPieces = new Set<string>();

  constructor(options: { world: World; name: string; acts: readonly PlacedAct[]; seed: number }) {
    this.name = options.name;
    this.#world = options.world;
    this.#acts = options.acts;
    this.#whims = streamOf(options.seed, `whims of ${options.name}`);
  }

  /** The till as it is open now; null while it is down or on its way. */
  get life(): TerminalLife | null {
    return this.#life;
  }

  /** The process that runs now; null while none does. */
  get process(): Life | null {
    return this.#process;
  }

  /** Its disk failed at some time: what it did may be missing in its journal, and its day has to be reconciled. */
  get hasLostRecords(): boolean {
    return this.#hasLostRecords;
  }

  /** The act that is not over. */
  underWay(): readonly string[] {
    return this.#doing === null ? [] : [`${this.name}: ${this.#doing} has not ended`];
  }

  /** A process was started, which is not open yet. */
  begin(process: Life): void {
    this.#process = process;
    process.atEnd(() => {
      if (this.#process === process) this.#process = null;
    });
  }

  /** A process of this till is open from now on. */
  take(life: TerminalLife): void {
    this.#life = life;
    life.life.atEnd(() => {
      if (this.#life === life) this.#life = null;
    });
    life.terminal.on("*", (event) => this.#hear(event, life));
    for (const ask of this.#toAskAgain.splice(0)) this.#askAgain(ask, life);
    this.#onLife(life);
  }

  /** Also in the life after, where this one ends before its answer. */
  #askAgain(ask: (life: TerminalLife) => Promise<void>, life: TerminalLife): void {
    let isAnswered = false;
    life.life.after(ASK_AGAIN_MS, () => {
      const answered = ask(life).catch((thrown: unknown) => {
        this.#world.say(this.name, `could not ask again: ${String(thrown)}`);
      });
      void answered.then(() => {
        isAnswered = true;
      });
    });
    life.life.atEnd(() => {
      if (!isAnswered) this.#toAskAgain.push(ask);
    });
  }

  /** A journal that failed may hold as ended what its till was told to be unknown: then nothing more is told of it. */
  #noteUnknown(ask: (life: TerminalLife) => Promise<void>, life: TerminalLife): void {
    if (this.#failed === life) this.#toAskAgain.push(ask);
  }

  /** Plays all acts, one after the other; those that a crash cuts short are not tried again. */
  async play(): Promise<void> {
    const { timeline } = this.#world;
    for (const act of this.#acts) {
      await timeline.pause(Math.max(0, act.atMs - timeline.nowMs));
      const life = this.#life ?? (await this.#nextLife());
      const died = new Promise<void>((resolve) => life.life.atEnd(resolve));
      this.#doing = `act ${act.place}, ${act.deed.type}`;
      await Promise.race([died, this.#do(act, life)]);
      this.#doing = null;
      this.#wanted = null;
      this.#underWay = null;
      this.#onSent = () => undefined;
    }
  }

  #nextLife(): Promise<TerminalLife> {
    return new Promise((resolve) => {
      this.#onLife = (life) => {
        this.#onLife = () => undefined;
        resolve(life);
      };
    });
  }

  async #do({ deed, place }: PlacedAct, life: TerminalLife): Promise<void> {
    try {
      await this.#perform(deed, { life, place });
    } catch (thrown) {
      // Refused at the till: nothing was sent, or the journal cannot be used and the till must be opened again.
      this.#world.say(this.name, `${deed.type} was refused: ${String(thrown)}`);
    }
  }

  #perform(deed: Deed, at: { life: TerminalLife; place: number }): Promise<void> {
    switch (deed.type) {
      case "sale":
        return this.#sell(deed, at);
      case "capture":
        return this.#capture(deed, at.life);
      case "refund":
        return this.#refund(deed, at.life);
      case "reverse":
        return this.#reverse(deed.of, at.life);
      case "inquire":
        return this.#inquire(deed.card, at);
    }
  }

  async #sell(deed: SaleDeed, { life, place }: { life: TerminalLife; place: number }) {
    const card = this.#card(deed.card);
    const { avantage, purchaseCents, quantity, exact, holds } = deed;
    const intent = {
      terminal: this.name,
      card: card.name,
      how: deed.how,
      message: null,
      pin: deed.how === "tap" ? null : deed.pin,
      avantage,
      purchaseCents,
      quantity,
      exact,
      holds,
    };
    this.#wanted = { intent, place };
    const request = {
      avantage,
      purchaseCents,
      ...(quantity === null ? {} : { quantity }),
      ...(exact ? { exact } : {}),
      ...(holds ? { capture: false } : {}),
    };
    const holder = new Holder(life);
    this.#present(deed, { card, life, holder });
    const result = await life.terminal.sell(request).finally(() => {
      this.#onSent = () => undefined;
      holder.leave();
    });
    if (result.outcome === "unknown") life.awaits(`the end of ${result.id}`, result.resolved);
    this.#hand(result, place);
  }

  #hand(result: SaleResult, place: number): void {
    const { id, outcome, code, moneyMoved } = result;
    if (id === undefined) {
      this.#world.say(this.name, `told ${outcome} ${code}, nothing was sent`);
      return;
    }
    const sale = this.#ref(id);
    const isApproved = outcome === "approved";
    const units = isApproved ? unitsOf(result) : 0;
    const holds = isApproved && result.hold !== undefined;
    this.#world.note({ type: "told", sale, outcome, code, moneyMoved, units, holds });
    this.#made.set(place, { ref: sale, outcome });
    if (outcome === "unknown") this.#leftInDoubt.add(id);
    if (isApproved && result.quantity !== undefined) this.#inPieces.add(id);
  }

  /** Presents what the deed says, once a card is waited for. */
  #present(deed: SaleDeed, at: { card: WorldCard; life: TerminalLife; holder: Holder }): void {
    const { card, life, holder } = at;
    const { mishap } = deed;
    const { pad } = this.#device();
    pad.digits = deed.pin === "right" ? RIGHT_PIN : WRONG_PIN;
    const { reader, keyed, terminal } = life;
    holder.whenAsked(() => {
      switch (deed.how) {
        case "tap":
          return this.#tap(deed, at);
        case "code":
          return reader.scan(card.code);
        case "number":
          return keyed.enter(card.number);
      }
    });
    if (mishap?.type !== "cancel") return;
    const cancel = () => {
      this.#mishap(this.#underWay === null ? "cancel before it has left" : "cancel in flight");
      void terminal.cancel();
    };
    if (mishap.since === "begun") holder.after(mishap.afterMs, cancel);
    else this.#onSent = () => holder.after(mishap.afterMs, cancel);
  }

  /** Tells what a mishap met with, for the figures: a card that was read already cannot be torn off. */
  #mishap(what: string): void {
    this.#world.say(this.name, `${MISHAP}${what}`);
  }

  #tap(deed: SaleDeed, at: { card: WorldCard; life: TerminalLife; holder: Holder }): void {
    const { card, life, holder } = at;
    const { reader } = life;
    const { mishap } = deed;
    const before = life.lastTap();
    const isRead = () => (life.lastTap() === before ? "in a read" : "after the read");
    switch (mishap?.type) {
      case "twoCards":
        reader.tap(this.#card(mishap.other).chip);
        holder.after(mishap.beforeMs, () => {
          this.#mishap(`twoCards ${isRead()}`);
          reader.tap(card.chip);
        });
        return;
      case "replay": {
        const recorded = this.#world.shown.get(mishap.of);
        if (recorded === undefined) break;
        this.#mishap("replay");
        life.replay(recorded);
        return;
      }
      case "torn":
        reader.tap(card.chip);
        holder.after(mishap.afterApdus * APDU_MS, () => {
          this.#mishap(`torn ${isRead()}`);
          reader.remove();
          holder.after(PRESENT_MS, () => reader.tap(card.chip));
        });
        return;
      case "doubleTap":
        holder.after(mishap.afterMs, () => {
          this.#mishap(`doubleTap ${isRead()}`);
          reader.tap(card.chip);
        });
        break;
    }
    reader.tap(card.chip);
  }

  async #capture(
    { of, units }: Extract<Deed, { type: "capture" }>,
    life: TerminalLife,
  ): Promise<void> {
    const sale = this.#madeBy(of);
    if (sale === null) return;
    this.#world.note({ type: "asked", what: "capture", sale, operation: null, units });
    const part = this.#part(sale, units);
    const result = await life.terminal.capture(sale.id, part);
    this.#captured(result, life);
    if (result.outcome !== "unknown") return;
    this.#noteUnknown(async (next) => {
      this.#captured(await next.terminal.capture(sale.id, part), next);
    }, life);
  }

  /** What an unknown one comes to is told by an event, in this life or a later one. */
  #captured(result: CaptureResult, life: TerminalLife): void {
    const sale = this.#ref(result.id);
    const done = { type: "done", what: "capture", sale, operation: null } as const;
    this.#world.note({ ...done, ...wordsOf(result, "captured") });
    if (result.outcome === "unknown") life.awaits(`the capture of ${result.id}`, result.resolved);
  }

  async #refund(
    { of, units }: Extract<Deed, { type: "refund" }>,
    life: TerminalLife,
  ): Promise<void> {
    const sale = this.#madeBy(of);
    if (sale === null) return;
    this.#world.note({ type: "asked", what: "refund", sale, operation: null, units });
    const request = { of: sale.id, ...this.#part(sale, units) };
    const result = await life.terminal.refund(request);
    this.#refunded(result, life);
    if (result.outcome !== "unknown") return;
    const { id: refundId } = result;
    this.#noteUnknown(async (next) => {
      this.#refunded(await next.terminal.refund({ ...request, refundId }), next);
    }, life);
  }

  #refunded(result: RefundResult, life: TerminalLife): void {
    const sale = this.#ref(result.of);
    const { id: operation = null } = result;
    const done = { type: "done", what: "refund", sale, operation } as const;
    this.#world.note({ ...done, ...wordsOf(result, "refunded") });
    if (result.outcome === "unknown") life.awaits(`the refund of ${result.of}`, result.resolved);
  }

  async #reverse(of: number, life: TerminalLife): Promise<void> {
    const sale = this.#madeBy(of);
    if (sale !== null) await this.#undo(sale, life);
  }

  async #undo(sale: SaleRef, life: TerminalLife): Promise<ReversalResult> {
    this.#world.note({ type: "asked", what: "reversal", sale, operation: null, units: null });
    const result = await life.terminal.reverse(sale.id);
    const words = wordsOf(result, "reversed");
    this.#world.note({ type: "done", what: "reversal", sale, operation: null, ...words });
    if (result.outcome === "unknown") {
      this.#noteUnknown(async (next) => void (await this.#undo(sale, next)), life);
    }
    return result;
  }

  /** What must not be kept is asked for until the gateway serves. */
  async #undoInAnyCase(sale: SaleRef, life: TerminalLife): Promise<void> {
    for (;;) {
      const result = await this.#undo(sale, life);
      if (result.outcome !== "declined" || FOR_GOOD.has(result.retry)) return;
      await life.life.pause(ASK_AGAIN_MS);
    }
  }

  /** Its message is used up like any other: so it is told what was presented, and no more. */
  async #inquire(card: number, { life, place }: { life: TerminalLife; place: number }) {
    const { name, chip } = this.#card(card);
    const nothing = {
      avantage: "",
      purchaseCents: 0,
      quantity: null,
      exact: false,
      holds: false,
      inquires: true,
    };
    const tapped = {
      terminal: this.name,
      card: name,
      how: "tap",
      message: null,
      pin: null,
    } as const;
    this.#wanted = { intent: { ...tapped, ...nothing }, place };
    const holder = new Holder(life);
    holder.whenAsked(() => life.reader.tap(chip));
    const { outcome, code } = await life.terminal.inquire().finally(() => holder.leave());
    this.#world.say(this.name, `inquiry: ${outcome} ${code}`);
  }

  #hear(event: TerminalEvent, life: TerminalLife): void {
    switch (event.type) {
      case "sending":
        if (event.tryNumber === 1) this.#begin(event.id, life);
        return;
      case "reversalDone":
        this.#world.note({ type: "resolved", sale: this.#ref(event.id), code: event.code });
        return;
      case "captureDone":
        this.#settled("capture", event.id, null, event);
        return;
      case "refundDone":
        this.#settled("refund", event.of, event.id, event);
        return;
      case "captureRefused":
        if (event.final) this.#refused("capture", event.id, null, event.code);
        return;
      case "refundRefused":
        if (event.final) this.#refused("refund", event.of, event.id, event.code);
        return;
      case "recovered":
        this.#recover(event, life);
        return;
      case "journalFailed":
        this.#hasLostRecords = true;
        this.#failed = life;
        // Its sales are refused until it is opened again: whoever stands there does that.
        this.#world.note({ type: "journalFailed", terminal: this.name });
        return;
      default:
        return;
    }
  }

  /** The first try of a sale leaves: what was really presented is known by now. */
  #begin(id: string, life: TerminalLife): void {
    const wanted = this.#wanted;
    if (wanted === null) return;
    const { intent, place } = wanted;
    this.#places.set(id, place);
    this.#underWay = id;
    this.#onSent();
    this.#onSent = () => undefined;
    const tapped = intent.how === "tap" ? life.lastTap() : null;
    if (tapped !== null) this.#world.shown.set(place, tapped);
    const read = tapped === null ? null : this.#world.readTap(tapped);
    const { card, message } = read ?? { card: intent.card, message: null };
    const sale = this.#ref(id);
    this.#world.note({ type: "began", sale, intent: { ...intent, card, message } });
  }

  #settled(
    what: "capture" | "refund",
    saleId: string,
    operation: string | null,
    { code, ...moved }: { readonly code: string } & Amounts,
  ): void {
    const sale = this.#ref(saleId);
    const units = unitsOf(moved);
    this.#world.note({ type: "done", what, sale, operation, outcome: "done", code, units });
  }

  #refused(what: "capture" | "refund", saleId: string, operation: string | null, code: string) {
    const sale = this.#ref(saleId);
    const outcome = "declined";
    this.#world.note({ type: "done", what, sale, operation, outcome, code, units: 0 });
  }

  /** The cashier's word on an approval that a crash kept from the till. */
  #recover(recovered: RecoveredSale, life: TerminalLife): void {
    const sale = this.#ref(recovered.id);
    const holds = recovered.hold !== undefined;
    this.#world.note({ type: "recovered", sale, units: unitsOf(recovered), holds });
    const place = this.#places.get(recovered.id);
    if (place !== undefined) this.#made.set(place, { ref: sale, outcome: "approved" });
    if (recovered.quantity !== undefined) this.#inPieces.add(recovered.id);
    const isKept = this.#whims.chance(0.6);
    life.life.after(RECOVERED_AFTER_MS, () => void this.#decideOn(sale, { holds, isKept, life }));
  }

  async #decideOn(
    sale: SaleRef,
    { holds, isKept, life }: { holds: boolean; isKept: boolean; life: TerminalLife },
  ): Promise<void> {
    try {
      if (this.#leftInDoubt.has(sale.id)) await this.#undoInAnyCase(sale, life);
      else if (!isKept) await this.#undo(sale, life);
      else if (holds) {
        const asked = { type: "asked", what: "capture", sale, operation: null } as const;
        this.#world.note({ ...asked, units: null });
        this.#captured(await life.terminal.capture(sale.id), life);
      } else {
        await life.terminal.acknowledge(sale.id);
        this.#world.note({ type: "acknowledged", sale });
      }
    } catch (thrown) {
      this.#world.say(this.name, `no word on ${sale.id}: ${String(thrown)}`);
    }
  }

  #part(sale: SaleRef, units: number | null): { amountCents?: number; quantity?: number } {
    if (units === null) return {};
    const isPieces = this.#inPieces.has(sale.id);
    return isPieces ? { quantity: units } : { amountCents: units };
  }

  /** Approved sales alone: of the others the till has nothing in hand. */
  #madeBy(place: number): SaleRef | null {
    const made = this.#made.get(place);
    return made?.outcome === "approved" ? made.ref : null;
  }

  #ref(id: string): SaleRef {
    return { terminal: this.name, id };
  }

  #card(index: number): WorldCard {
    const card = this.#world.stock.cards[index];
    if (card === undefined) throw new Error(`there is no card ${index}`);
    return card;
  }

  #device() {
    const found = this.#world.stock.terminals.find(({ name }) => name === this.name);
    if (found === undefined) throw new Error(`there is no ${this.name}`);
    return found;
  }
}

/** Who stands at the till for one sale, and does nothing more there once it is over. */
class Holder {
  readonly #life: TerminalLife;
  readonly #ends: (() => void)[] = [];

  constructor(life: TerminalLife) {
    this.#life = life;
    this.after(PATIENCE_MS, () => void life.terminal.cancel());
  }

  after(delayMs: number, run: () => void): void {
    this.#ends.push(this.#life.life.after(delayMs, run));
  }

  /** Does something a little after a card is asked for, the first time. */
  whenAsked(present: () => void): void {
    const stop = this.#life.terminal.on("waitingForCard", () => {
      stop();
      this.after(PRESENT_MS, present);
    });
    this.#ends.push(stop);
  }

  /** Takes the card along. */
  leave(): void {
    for (const end of this.#ends) end();
    this.#life.reader.remove();
  }
}

function wordsOf(
  result: { readonly outcome: string } & Partial<Amounts> & { readonly code?: string },
  made: "captured" | "refunded" | "reversed",
) {
  const { outcome, code = "" } = result;
  const isDone = outcome === made;
  const told: "done" | "unknown" | "declined" = isDone
    ? "done"
    : outcome === "unknown"
      ? "unknown"
      : "declined";
  return { outcome: told, code, units: isDone ? unitsOf(result) : 0 };
}
