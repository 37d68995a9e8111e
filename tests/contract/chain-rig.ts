// A sealer on a shop whose timer stands still, and what verification says of the chain that it made.

import { expect } from "vitest";
import { auditKeyOf } from "../../gateway/src/crypto/audit-key.js";
import { createSealer, type SealerOptions } from "../../gateway/src/sealer.js";
import type { HeadRow } from "../../gateway/src/store/chain/driver.js";
import { type ChainReport, verifyChain } from "../../gateway/src/store/chain/verify-chain.js";
import type { Driver, EventRow } from "../../gateway/src/store/driver.js";
import { codeOf, type Shop } from "../support/shop.js";
import { type DayIds, playToldDay } from "./store/told-day.js";

export const AUDIT_KEY = auditKeyOf("5e".repeat(32));
export const OTHER_KEY = auditKeyOf("0f".repeat(32));

export interface Rig {
  /** Seals all there is. */
  seal(): Promise<void>;
  /** Heads that left the database, in their order. */
  readonly exported: readonly HeadRow[];
  /** What runs failed with. */
  readonly errors: readonly unknown[];
  verify(): Promise<ChainReport>;
}

/** A sealer that runs when it is told to. */
export function rigOf(shop: Shop, change: Partial<SealerOptions> = {}): Rig {
  const exported: HeadRow[] = [];
  const errors: unknown[] = [];
  const sealer = createSealer({
    chain: shop.store.chain,
    sign: AUDIT_KEY.sign,
    clock: shop.clock,
    exportHead: async (head) => void exported.push(head),
    onError: (error) => errors.push(error),
    after: () => () => {},
    ...change,
  });
  return {
    seal: sealer.run,
    exported,
    errors,
    verify: () => chainReport(shop.driver, exported),
  };
}

/** What verification says of a driver's chain and of heads that were exported. */
export function chainReport(
  driver: Driver,
  exported: readonly HeadRow[] | null,
): Promise<ChainReport> {
  return verifyChain(driver.chain, {
    publicKeys: [AUDIT_KEY.publicKey],
    exported: exported?.map((head, index) => ({ line: index + 1, head })) ?? null,
  });
}

export interface ChainDayIds extends DayIds {
  /** Of 4 €, held and captured. */
  readonly captured: string;
  /** Of 1 €, on what was captured. */
  readonly refund: string;
}

/** A day with a row in every source of the chain, in a shop that was opened with `DAY_GRANTS`. */
export async function playChainDay(shop: Shop): Promise<ChainDayIds> {
  const ids = await playToldDay(shop);
  const [captured, refund] = [shop.newId(), shop.newId()];
  await shop.authorize({ id: captured, purchaseCents: 400, capture: false });
  expect(codeOf(await shop.capture(captured))).toBe("CAPTURED");
  expect(codeOf(await shop.refund(captured, { id: refund, amountCents: 100 }))).toBe("REFUNDED");
  return { ...ids, captured, refund };
}

/** Commits so many rows of the audit trail: the cheapest backlog. */
export async function commitEvents(driver: Driver, count: number): Promise<void> {
  await driver.begin();
  for (let index = 1; index <= count; index += 1) await driver.applyEvent(anEvent(index), []);
  await driver.sync();
}

function anEvent(atMs: number): EventRow {
  return {
    id: `event-${atMs}`,
    agentId: "operator-1",
    role: "operator",
    type: "partner.saved",
    subject: "partner-1",
    atMs,
    fingerprint: Buffer.alloc(32, 7),
    outcome: "applied",
    refusal: null,
    notes: ["été"],
  };
}
