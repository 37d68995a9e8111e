// What presentations use up: a chip's messages, a card's PIN tries, the serial numbers of a terminal's PIN blocks.

import type { Intent, World } from "../facts.js";

/** What the model keeps of a card. */
interface CardState {
  /** The last of the chip's messages that was decided on. */
  counter: number;
  /** Wrong PINs in a row, over all terminals and channels. */
  failures: number;
}

/** A presentation that did not pass: the codes that say so. Null: it passed. */
type Refused = readonly string[] | null;

/** All cards of a day, as the ledger's attempts leave them. */
export class Cards {
  readonly #cards = new Map<string, CardState>();
  /** The last PIN block that counted, by terminal: its number among the sales that the terminal began. */
  readonly #blocks = new Map<string, number>();
  readonly #triesMax: number;

  constructor(world: World) {
    this.#triesMax = world.pinTriesMax;
    for (const { card } of world.cards) this.#cards.set(card, { counter: 0, failures: 0 });
  }

  /** Null for a card that the world has not. */
  stateOf(card: string): Readonly<CardState> | null {
    return this.#cards.get(card) ?? null;
  }

  /**
   * Uses up what every decided attempt uses up, whatever its outcome: a newer message, a newer PIN block. Says whether
   * they were new: what was seen before is worth nothing.
   *
   * @param block the place of its sale among those that its terminal began: PIN blocks are made in that order.
   */
  present(intent: Intent, block: number): { readonly isNew: boolean } {
    if (intent.how === "tap") {
      const card = this.#cards.get(intent.card);
      const message = intent.message ?? 0;
      const isNew = card !== undefined && message > card.counter;
      if (isNew) card.counter = message;
      return { isNew };
    }
    if (intent.pin === null) return { isNew: true };
    const last = this.#blocks.get(intent.terminal) ?? -1;
    if (block <= last) return { isNew: false };
    this.#blocks.set(intent.terminal, block);
    return { isNew: true };
  }

  /** The credential, in its order: the message; or the PIN: there, readable, not locked, right. Tries are used here. */
  judge(intent: Intent, { isNew }: { readonly isNew: boolean }): Refused {
    const card = this.#cards.get(intent.card);
    if (!card) return ["CARD_UNKNOWN", "QR_INVALID", "CARD_NOT_GENUINE"];
    if (intent.how === "tap") return isNew ? null : ["CARD_NOT_GENUINE"];
    if (intent.pin === null) return ["PIN_REQUIRED"];
    if (!isNew) return ["PIN_BLOCK_INVALID"];
    if (card.failures >= this.#triesMax) return ["PIN_LOCKED"];
    if (intent.pin === "right") {
      card.failures = 0;
      return null;
    }
    card.failures += 1;
    return [wrongPin(this.#triesMax - card.failures)];
  }
}

/** The last try's answer says already that there is no other. */
function wrongPin(triesLeft: number): string {
  if (triesLeft === 0) return "PIN_LOCKED";
  return triesLeft === 1 ? "PIN_INCORRECT_LAST" : "PIN_INCORRECT";
}
