// A whole gateway on a temporary folder with one partner, its terminals and cards, for tests that cross packages.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createLogger,
  type Gateway,
  type GatewayOptions,
  type NewCard,
  parisDay,
  startGateway,
  type TerminalCredentials,
  windowOfDays,
} from "@pass-tpe/gateway";
import { withLuhn } from "@pass-tpe/protocol/standards";
import { catalogueBetween } from "./programme.js";
import { TEST_STORE_KEY } from "./store-key.js";

const DAY_MS = 24 * 3_600_000;
export const TEST_CAMPAIGN = "TEST";
export const TEST_PIN = "4821";
export const POINT_OF_SALE = "POS-1";

/** The checked-in programme with one campaign whose windows are open around an instant. */
export function programmeAround(nowMs: number): object {
  return catalogueBetween(TEST_CAMPAIGN, {
    firstDay: parisDay(nowMs - 30 * DAY_MS),
    lastDay: parisDay(nowMs + 300 * DAY_MS),
  });
}

export interface TestCard extends NewCard {
  readonly uid: Buffer;
}

export interface TestGateway {
  readonly gateway: Gateway;
  readonly dataFolder: string;
  /** Issues a terminal at the test's point of sale. */
  terminal(id?: string): Promise<TerminalCredentials>;
  /** Loads a young person with a card and grants; by default 30 € of shows and five cinema seats. */
  card(options?: {
    readonly pin?: string | null;
    readonly generation?: string;
    readonly grants?: Readonly<Record<string, number>>;
  }): Promise<TestCard>;
  /** Closes the gateway and starts another on the same folder. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Writes the partner and point of sale that the test terminals stand at. */
export async function loadTestPartner(gateway: Gateway, nowMs: number): Promise<void> {
  await gateway.operator.load({
    partners: [
      {
        id: "P-1",
        name: "Partenaire de test",
        status: "active",
        types: ["SPECTACLE", "CINEMA", "LIBRAIRIE", "MUSEE", "CLUB_SPORTIF"],
        flags: [],
        conventions: [
          {
            signature: { reference: "S-1", atMs: nowMs - 365 * DAY_MS },
            reference: "C-1",
            state: "IN_FORCE",
            fromMs: nowMs - 365 * DAY_MS,
            toMs: nowMs + 365 * DAY_MS,
          },
        ],
        agrements: ["SPECTACLE", "CINEMA", "LIVRES_LOISIR", "MUSEE", "LICENCE"],
      },
    ],
    pointsOfSale: [{ id: POINT_OF_SALE, partnerId: "P-1", name: "Caisse de test", city: "Lyon" }],
  });
}

const DEFAULT_GRANTS = { SPECTACLE: 3_000, CINEMA: 5, LIVRES_LOISIR: 1_500 };

/** Loads a card with an account of its own, and what it was granted. */
export async function loadTestCard(
  gateway: Gateway,
  options: {
    readonly nowMs: number;
    readonly pin: string | null;
    /** Default: the one with a one-time message. */
    readonly generation?: string;
    readonly grants: Readonly<Record<string, number>>;
  },
): Promise<TestCard> {
  const tag = randomBytes(6).toString("hex");
  const digits = String(randomBytes(6).readUIntBE(0, 6)).padStart(15, "0").slice(-15);
  const card: TestCard = {
    id: `CARD-${tag}`,
    accountId: `ACCOUNT-${tag}`,
    status: "ACTIVE",
    generation: options.generation ?? "SDM-1",
    cardNumber: withLuhn(digits),
    uid: Buffer.concat([Buffer.from([0x04]), Buffer.from(tag, "hex")]),
    pin: options.pin,
  };
  const { nowMs } = options;
  const window = windowOfDays(parisDay(nowMs - 30 * DAY_MS), parisDay(nowMs + 300 * DAY_MS));
  await gateway.operator.load({
    accounts: [{ id: card.accountId, holder: "Inès M." }],
    cards: [card],
    grants: Object.entries(options.grants).map(([avantage, amount]) => ({
      id: `${card.accountId}/${avantage}`,
      accountId: card.accountId,
      avantage,
      campaign: TEST_CAMPAIGN,
      unit: avantage === "CINEMA" ? "SEAT" : "EUR_CENT",
      amount,
      window,
    })),
  });
  return card;
}

/** Starts a gateway with a test partner. `stop` removes its folder. */
export async function startTestGateway(
  options: Partial<GatewayOptions> = {},
): Promise<TestGateway> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), "pass-tpe-test-"));
  const nowMs = Date.now();
  const open = () =>
    startGateway({
      programme: programmeAround(nowMs),
      storeKey: TEST_STORE_KEY,
      port: 0,
      healthPort: 0,
      log: createLogger({ level: process.env["PASS_TPE_LOG"] ?? "silent" }),
      ...options,
      dataFolder,
    });
  let gateway = await open();
  await loadTestPartner(gateway, nowMs);
  return {
    get gateway() {
      return gateway;
    },
    dataFolder,
    terminal: (id = `T-${randomBytes(4).toString("hex")}`) =>
      gateway.operator.issueTerminal({ id, pointOfSaleId: POINT_OF_SALE }),
    card: ({ pin = TEST_PIN, grants = DEFAULT_GRANTS, ...more } = {}) =>
      loadTestCard(gateway, { nowMs, pin, grants, ...more }),
    async restart() {
      await gateway.close();
      gateway = await open();
    },
    async stop() {
      await gateway.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
