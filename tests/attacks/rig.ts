// A running gateway under attack: tills over mutual TLS, cards in the wrong hands, and what the ledger says afterwards.

import type { GatewayOptions, TerminalCredentials } from "@pass-tpe/gateway";
import { DEADLINE_MS_MAX, type Evidence } from "@pass-tpe/protocol";
import { stepUpNumber } from "@pass-tpe/protocol/standards";
import { expect } from "vitest";
import type { Driver, LedgerCard } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { type Heard, type RawTill, rawTill, type SaleFields } from "../codes/raw-till.js";
import { contractClock } from "../contract-http/clock.js";
import { type VirtualClock, virtualClock } from "../support/clock.js";
import { readLedger } from "../support/ledger.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import type { MakePinBlock } from "../support/pin-blocks.js";
import {
  POINT_OF_SALE,
  startTestGateway,
  type TestCard,
  type TestGateway,
} from "../support/running-gateway.js";
import { enrolFleet } from "./fleet.js";

/** What tests sell where they say nothing else. */
export const SOLD = "SPECTACLE";
/** What a wrong code secret is in these tests. */
export const WRONG_PIN = "1357";
/** The strength of an attack in parallel, where the list of attacks names none. */
export const REPLAYS = 50;

type Numbered = Pick<TestCard, "cardNumber">;
export type Tap = ReturnType<typeof nfcEvidence>;

export interface AttackedGateway extends TestGateway {
  /** Stands still until it is moved. */
  readonly clock: VirtualClock;
  /** A terminal with a connection that stands, at the test's point of sale where no other is named. */
  till(place?: { readonly id?: string; readonly pointOfSaleId?: string }): Promise<RawTill>;
  tills(count: number): Promise<readonly RawTill[]>;
  /** The next message of a card's chip. */
  tap(card: TestCard): Tap;
  /** Evidence by a printed code, with a code secret where a pad's block is given. */
  scan(card: Numbered, pinBlock?: ReturnType<MakePinBlock>): Evidence;
  /** What the gateway keeps of a card. */
  kept(card: TestCard): Promise<LedgerCard>;
  /** What was spent of a grant of a card's holder, in its unit. */
  spent(card: TestCard, avantage?: string): Promise<number>;
  /** How many sales and inquiries were decided. */
  attempts(): Promise<number>;
}

type MakeDriver = NonNullable<GatewayOptions["makeDriver"]>;

/** Makes the next attacked gateway's driver. */
let newDriver: () => Promise<MakeDriver> = async () => sqliteDriver;

/** Whatever is attacked from now on in this test file has its ledger elsewhere than in a SQLite file. */
export function attackOn(make: () => Promise<MakeDriver>): void {
  newDriver = make;
}

/**
 * Starts a gateway with the limits that `serve` has by default, where nothing else is said. When it is stopped, its
 * ledger must be without a fault, whatever was tried.
 */
export async function startAttacked(
  options: Partial<GatewayOptions> = {},
): Promise<AttackedGateway> {
  // Noon, so that no test meets midnight.
  const clock = virtualClock(contractClock().nowMs());
  let driver: Driver | null = null;
  const makeDriver = await newDriver();
  const running = await startTestGateway({
    clock,
    makeDriver(path) {
      driver = makeDriver(path);
      return driver;
    },
    ...options,
  });
  const ends: (() => void)[] = [];
  let terminals = 0;
  const stopGateway = running.stop;
  const ledger = () => {
    if (driver === null) throw new Error("the gateway opened no database");
    return readLedger(driver);
  };

  const newId = () => {
    terminals += 1;
    return `T-${terminals}`;
  };

  async function connected(credentials: TerminalCredentials): Promise<RawTill> {
    const made = rawTill(running.gateway.url, credentials);
    ends.push(() => made.close());
    expect((await made.read("/v1/terminal")).status).toBe(200);
    return made;
  }

  async function till({ pointOfSaleId = POINT_OF_SALE, id = newId() } = {}): Promise<RawTill> {
    return connected(await running.gateway.operator.issueTerminal({ id, pointOfSaleId }));
  }

  return Object.assign(running, {
    clock,
    till,
    async tills(count: number) {
      const first = await till();
      const ids = Array.from({ length: count - 1 }, newId);
      const fleet = await enrolFleet(running, { ids, keyOf: first.credentials });
      return [first, ...(await Promise.all(fleet.map(connected)))];
    },
    tap: (card: TestCard) => nfcEvidence(running.gateway, card),
    scan({ cardNumber }: Numbered, pinBlock?: ReturnType<MakePinBlock>): Evidence {
      const token = running.gateway.operator.qrToken({ kind: "printed", cardNumber });
      return { type: "qr", token, ...(pinBlock && { pinBlock }) };
    },
    async kept({ id }: TestCard) {
      const found = (await ledger()).cards.find((card) => card.id === id);
      if (!found) throw new Error(`${id} is not in the ledger`);
      return found;
    },
    async spent({ accountId }: TestCard, avantage = SOLD) {
      const { grants } = await ledger();
      return (
        grants.find((it) => it.accountId === accountId && it.avantage === avantage)?.spent ?? 0
      );
    },
    attempts: async () => (await ledger()).attempts.length,
    async stop() {
      for (const end of ends) end();
      const { faults } = await running.gateway.operator.verify();
      await stopGateway();
      expect(faults).toEqual([]);
    },
  });
}

/** A sale of some euros by what was presented. A hundred at once on a busy machine take longer than one usually may. */
export function saleBy(evidence: Evidence, purchaseCents = 100): SaleFields {
  return { evidence, avantage: SOLD, purchaseCents, deadlineMs: DEADLINE_MS_MAX };
}

/** Evidence by an earlier tap and a code secret, as the sale that follows the tap sends it. */
export function stepUp(
  tap: Pick<Heard, "body">,
  pinBlockFor: (number: string) => ReturnType<MakePinBlock>,
): Pick<SaleFields, "evidence" | "stepUpOf"> {
  const proofRef = String(tap.body["proofRef"]);
  const pinBlock = pinBlockFor(stepUpNumber(proofRef));
  return {
    evidence: { type: "proofRef", proofRef, pinBlock },
    stepUpOf: String(tap.body["id"]),
  };
}

/** The code of an answer, of a decision or a problem. */
export const codeOf = ({ body }: Pick<Heard, "body">): string => String(body["code"]);

/** How often each code was heard. */
export function tally(answers: readonly Pick<Heard, "body">[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[codeOf(answer)] = (counts[codeOf(answer)] ?? 0) + 1;
  return counts;
}

/** So many at once. */
export const atOnce = <T>(count: number, act: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => act(index)));
