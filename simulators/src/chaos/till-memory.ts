// What a till remembers over its deaths: read from its own facts, kept up to date as it tells new ones.

import type { Fact } from "../checker/facts.js";
import type { News } from "./fact-file.js";

type Asked = Extract<News, { type: "asked" }>;

/** Everything here is about one terminal's sales, by their ids. */
export class TillMemory {
  readonly #lastMessage = new Map<string, number>();
  readonly #began = new Set<string>();
  readonly #told = new Map<string, "approved" | "declined" | "unknown">();
  readonly #manual = new Set<string>();
  readonly #ended = new Set<string>();

  constructor(facts: readonly Fact[]) {
    for (const fact of facts) this.note(fact);
  }

  note(news: News): void {
    if (news.type === "began") {
      this.#began.add(news.sale.id);
      this.#noteMessage(news.intent);
    }
    if (news.type === "told") this.#told.set(news.sale.id, news.outcome);
    if (news.type === "asked") this.#noteAsked(news);
    if (news.type === "resolved") this.#ended.add(news.sale.id);
  }

  /** Of a chip's messages that were sent; zero where none was. */
  lastMessage(card: string): number {
    return this.#lastMessage.get(card) ?? 0;
  }

  /** Whether the till has asked for the reversal itself. */
  hasAskedToReverse(id: string): boolean {
    return this.#manual.has(id);
  }

  /** Whether it was left in doubt: told so, or never told anything, and not yet told what became of it. */
  isInDoubt(id: string): boolean {
    return !this.#ended.has(id) && (this.#told.get(id) ?? "unknown") === "unknown";
  }

  /** Sales that began and of which the till was told nothing. */
  untold(): readonly string[] {
    return [...this.#began].filter((id) => !this.#told.has(id));
  }

  #noteMessage({ card, message }: Extract<News, { type: "began" }>["intent"]): void {
    if (message === null) return;
    this.#lastMessage.set(card, Math.max(message, this.lastMessage(card)));
  }

  #noteAsked({ what, sale }: Asked): void {
    if (what === "reversal") this.#manual.add(sale.id);
  }
}
