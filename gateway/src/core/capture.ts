// The decision of a capture: it takes what an authorization holds, all or less, once, and lets go of the rest.

import { assert } from "./assert.js";
import type { Effect, Figures, Refusal } from "./decision.js";
import { availableUnits } from "./grants.js";
import { endOf, heldUnits, isExpired } from "./holds.js";
import { stateAt, wayOf } from "./life.js";
import type { Account, Grant, Hold } from "./model.js";
import type { AvantageRule } from "./programme.js";
import { type Asked, amountOf, askedUnits, type SaleFile } from "./sale-file.js";

interface Captured {
  /** Taken, in the grant's unit. */
  readonly units: number;
  readonly figures: Figures;
  readonly effects: readonly Effect[];
}

/** What a capture that comes too late writes: a clock that steps back makes no hold good again. */
export function expiryOf(sale: SaleFile, nowMs: number): readonly Effect[] {
  const { hold, account } = sale;
  if (!hold || !isExpired(hold, nowMs)) return [];
  return [endOf(hold, "expired"), ...movedOn(account, nowMs)];
}

function movedOn(account: Account | null, nowMs: number): readonly Effect[] {
  if (!account || nowMs <= account.lastDecisionAtMs) return [];
  const { id: accountId, lastDecisionAtMs: from } = account;
  return [{ type: "markDecided", accountId, from, to: nowMs }];
}

/**
 * Decides a capture. It keeps what the authorization promised: neither a suspension nor a revocation since then undoes
 * it. At the instant of its expiry a hold is over.
 */
export function capture(input: {
  readonly sale: SaleFile;
  readonly asked: Asked;
  readonly rule: AvantageRule;
  /** max(gateway's clock, the account's last decision). */
  readonly nowMs: number;
}): Captured | { readonly refusal: Refusal } {
  const { sale, asked, nowMs } = input;
  const { hold, grant } = sale;
  const way = wayOf(stateAt(sale.state, hold?.expiresAtMs ?? null, nowMs), "capture");
  assert(way, "a capture can be asked for in every state");
  if ("refused" in way) return { refusal: { code: way.refused } };
  assert(hold && grant, "a held sale has its hold and its grant");
  const wanted = askedUnits(grant, asked);
  if ("refusal" in wanted) return wanted;
  const units = wanted.units ?? hold.units;
  if (units > hold.units) {
    return {
      refusal: {
        code: "CAPTURE_OVER_HOLD",
        figures: { available: amountOf(grant, hold.units) },
      },
    };
  }
  return { units, figures: figuresOf(input, { grant, units }), effects: effectsOf(input, units) };
}

/** By the sale that placed it: a hold that was read twice is two objects. */
function isSameHold(one: Hold, other: Hold): boolean {
  return one.terminalId === other.terminalId && one.attemptId === other.attemptId;
}

function effectsOf(
  { sale, nowMs }: Parameters<typeof capture>[0],
  units: number,
): readonly Effect[] {
  const { hold, grant, account } = sale;
  assert(hold && grant && account, "a held sale has its account");
  return [
    endOf(hold, "captured"),
    { type: "post", grantId: grant.id, units, spentBefore: grant.spent },
    ...movedOn(account, nowMs),
  ];
}

function figuresOf(
  { sale, rule, nowMs }: Parameters<typeof capture>[0],
  { grant, units }: { readonly grant: Grant; readonly units: number },
): Figures {
  const { hold } = sale;
  const others = sale.holds.filter((it) => !hold || !isSameHold(it, hold));
  const after = { ...grant, spent: grant.spent + units };
  const flags = sale.partnerFlags;
  const left = availableUnits(rule, after, { flags }, heldUnits(others, grant.id, nowMs));
  const released = (hold?.units ?? units) - units;
  return {
    taken: amountOf(grant, units),
    remaining: amountOf(grant, left),
    ...(released === 0 ? {} : { released: amountOf(grant, released) }),
    ...(grant.unit === "EUR_CENT"
      ? { amountCents: units, ...restOf(sale, released) }
      : { quantity: units, collectCents: units * rule.copayCentsPerUnit }),
  };
}

/** What the hold left to collect is still to be collected; where less is captured, the till alone knows what was bought. */
function restOf({ collectCents }: SaleFile, released: number): Pick<Figures, "collectCents"> {
  return collectCents === null || released > 0 ? {} : { collectCents };
}
