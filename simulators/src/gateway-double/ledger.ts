// What the double remembers: balances, attempts by id with their answers, references to presentations.

import { createHmac, randomBytes } from "node:crypto";
import type { Channel } from "@pass-tpe/protocol";
import type { Debit, DoubleAvantage } from "./avantages.js";
import type { StoredAttempt, StoredRefund, StoredSale } from "./stored.js";

export interface Presentation {
  readonly channel: Channel;
  /** A tap of a card that shows a mere identifier: above the ceiling it needs the code secret. */
  readonly isCapped: boolean;
  readonly expiresAtMs: number;
}

const PROOF_REF_BYTES = 16;

export class Ledger {
  readonly #avantages: readonly DoubleAvantage[];
  /** Digests only: the double keeps no evidence, not even to compare. */
  readonly #digestKey = randomBytes(32);
  #balances = new Map<string, number>();
  #attempts = new Map<string, StoredAttempt>();
  #refunds = new Map<string, StoredRefund>();
  #proofs = new Map<string, Presentation>();

  constructor(avantages: readonly DoubleAvantage[]) {
    this.#avantages = avantages;
    this.clear();
  }

  avantage(code: string): DoubleAvantage | undefined {
    return this.#avantages.find(({ avantage }) => avantage === code);
  }

  avantages(): readonly DoubleAvantage[] {
    return this.#avantages;
  }

  /** Cents, seats or coupons; 0 for an avantage without a balance. */
  balance(avantage: string): number {
    return this.#balances.get(avantage) ?? 0;
  }

  /** @throws RangeError for an avantage without a balance, or an amount that is no whole number from 0. */
  setBalance(avantage: string, value: number): void {
    if (!this.#balances.has(avantage)) {
      throw new RangeError(`gateway double: ${avantage} has no balance here`);
    }
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`gateway double: a balance is a whole number from 0, not ${value}`);
    }
    this.#balances.set(avantage, value);
  }

  move({ avantage, value }: Debit, direction: "take" | "giveBack"): void {
    this.setBalance(avantage, this.balance(avantage) + (direction === "take" ? -value : value));
  }

  attempt(id: string): StoredAttempt | undefined {
    return this.#attempts.get(id);
  }

  /** The sale of an id; undefined for an inquiry, a tombstone, and what was never seen. */
  sale(id: string): StoredSale | undefined {
    const stored = this.#attempts.get(id);
    return stored?.kind === "authorization" ? stored : undefined;
  }

  /** In the order in which they came. */
  sales(): readonly (readonly [id: string, sale: StoredSale])[] {
    return [...this.#attempts].flatMap(([id, stored]) =>
      stored.kind === "authorization" ? [[id, stored] as const] : [],
    );
  }

  /** Frees what is held by sales whose time is over: from the very instant that they name. */
  endHolds(nowMs: number): void {
    for (const [, sale] of this.sales()) {
      if (sale.state !== "held" || sale.holdExpiresAtMs === null) continue;
      if (nowMs < sale.holdExpiresAtMs) continue;
      sale.state = "expired";
      this.giveBack(sale, sale.drawn?.value ?? 0);
    }
  }

  /** Gives a part of what a sale took or held back to the balance that it came from, if it came from one. */
  giveBack({ drawn, isDebited }: StoredAttempt, value: number): void {
    if (drawn !== null && isDebited) this.move({ ...drawn, value }, "giveBack");
  }

  /** A refund by its own id. */
  refund(id: string): StoredRefund | undefined {
    return this.#refunds.get(id);
  }

  keepRefund(id: string, refund: StoredRefund): void {
    this.#refunds.set(id, refund);
  }

  refundsOf(saleId: string): readonly StoredRefund[] {
    return [...this.#refunds.values()].filter(({ of }) => of === saleId);
  }

  keep(id: string, attempt: StoredAttempt): void {
    this.#attempts.set(id, attempt);
  }

  /** Equal for equal requests, whatever the order of their fields and however long they may wait. */
  fingerprint(kind: StoredAttempt["kind"], request: object): string {
    const fields = Object.entries({ ...request, kind }).filter(([name]) => name !== "deadlineMs");
    return createHmac("sha256", this.#digestKey).update(canonical(fields)).digest("hex");
  }

  issueProof(presentation: Presentation): string {
    const ref = randomBytes(PROOF_REF_BYTES).toString("base64url");
    this.#proofs.set(ref, presentation);
    return ref;
  }

  /** The presentation that a reference stands for, once; null when it stands for none any more. */
  takeProof(ref: string, nowMs: number): Presentation | null {
    const presentation = this.#proofs.get(ref);
    this.#proofs.delete(ref);
    return presentation === undefined || presentation.expiresAtMs <= nowMs ? null : presentation;
  }

  clear(): void {
    this.#attempts = new Map();
    this.#refunds = new Map();
    this.#proofs = new Map();
    this.#balances = new Map();
    for (const one of this.#avantages) {
      if (one.unit !== "RECORD") this.#balances.set(one.avantage, one.balance);
    }
  }
}

function canonical(entries: [string, unknown][]): string {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
