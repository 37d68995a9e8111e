// Which sales of a till left on the wire without a word that they were refused: kept in a file, over its deaths.

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { HeardAnswer, TappedRequest } from "./wire-tap.js";

const SALES_PATH = "/v1/authorizations";
/** The gateway says by these that it did not begin to decide. */
const UNDECIDED: readonly unknown[] = ["RATE_LIMITED", "MAINTENANCE"];
const LINE = /^(left|refused) (\S+);$/;

export class WireBook {
  readonly #path: string;
  /** Tries that left, less those that were refused, by id. */
  readonly #open = new Map<string, number>();

  /** Goes on with what earlier lives have written. What a kill cut off was not yet on the wire. */
  constructor(path: string) {
    this.#path = path;
    if (existsSync(path)) {
      for (const line of readFileSync(path, "utf8").split("\n")) {
        const [, what, id = ""] = LINE.exec(line) ?? [];
        if (what !== undefined) this.#note(what, id);
      }
    }
    appendFileSync(path, "\n", { mode: 0o600 });
  }

  left({ path, id }: TappedRequest): void {
    if (path === SALES_PATH && id !== null) this.#write("left", id);
  }

  heard({ path, id, status, body }: HeardAnswer): void {
    const isRefused = path === SALES_PATH && status !== 200 && UNDECIDED.includes(body["code"]);
    if (isRefused && id !== null) this.#write("refused", id);
  }

  /** Whether a try of this sale may have been decided: it left, and the gateway did not say that it has not begun. */
  mayBeDecided(id: string): boolean {
    return (this.#open.get(id) ?? 0) > 0;
  }

  #write(what: string, id: string): void {
    appendFileSync(this.#path, `${what} ${id};\n`);
    this.#note(what, id);
  }

  #note(what: string, id: string): void {
    this.#open.set(id, (this.#open.get(id) ?? 0) + (what === "left" ? 1 : -1));
  }
}
