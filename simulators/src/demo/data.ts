// The demo's programme, partner and cards: one campaign that is open today, invented, loaded through the operator.

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Gateway, parisDay, windowOfDays } from "@pass-tpe/gateway";
import { withLuhn } from "@pass-tpe/protocol/standards";

const DAY_MS = 24 * 3_600_000;
export const DEMO_CAMPAIGN = "DEMO";
export const DEMO_POINT_OF_SALE = "DEMO-LYON";
const PARTNER = "DEMO-PARTENAIRE";
const PROGRAMME_FILE = new URL("../../../fixtures/programme/2022-2023.json", import.meta.url);

/** The demo's young people choose this PIN. */
export const DEMO_PIN = "4821";
const DEMO_TERMINAL = "DEMO-TERMINAL";

/** The demo's window: since a month, for most of a year, so that the demo works on any day. */
export function openDays(nowMs: number): { readonly firstDay: string; readonly lastDay: string } {
  return { firstDay: parisDay(nowMs - 30 * DAY_MS), lastDay: parisDay(nowMs + 300 * DAY_MS) };
}

/** The checked-in programme with one campaign that is open today. */
export async function demoProgramme(nowMs: number): Promise<object> {
  const days = openDays(nowMs);
  const invented = "The demo's campaign, open on any day.";
  const rules = ["SCOLAIRE", "CULTURE", "SPORT", "SANTE"].map((family) => {
    return { id: `DEMO/${family}`, kind: "window", family, ...days, invented };
  });
  const programme = JSON.parse(await readFile(PROGRAMME_FILE, "utf8"));
  return { ...programme, campaigns: [{ code: DEMO_CAMPAIGN, rules }] };
}

/** Loads a partner with a convention in force and its point of sale. Loading again changes nothing. */
export async function loadDemoPartner(gateway: Gateway, nowMs: number): Promise<void> {
  await gateway.operator.load({
    partners: [
      {
        id: PARTNER,
        name: "Le Petit Théâtre",
        status: "active",
        types: ["SPECTACLE", "CINEMA", "LIBRAIRIE"],
        flags: [],
        conventions: [
          {
            signature: { reference: "DEMO-SIGNATURE", atMs: nowMs - 365 * DAY_MS },
            reference: "DEMO-CONVENTION",
            state: "IN_FORCE",
            fromMs: nowMs - 365 * DAY_MS,
            toMs: nowMs + 365 * DAY_MS,
          },
        ],
        agrements: ["SPECTACLE", "CINEMA", "LIVRES_LOISIR"],
      },
    ],
    pointsOfSale: [
      {
        id: DEMO_POINT_OF_SALE,
        partnerId: PARTNER,
        name: "Le Petit Théâtre, caisse 1",
        city: "Lyon",
      },
    ],
  });
}

export interface DemoCard {
  readonly cardNumber: string;
  readonly uid: Buffer;
}

/** Loads a new young person with a card, 30 € of shows, five cinema seats and 15 € of books. */
export async function loadDemoCard(gateway: Gateway, nowMs: number): Promise<DemoCard> {
  const tag = randomBytes(6);
  const id = tag.toString("hex");
  const accountId = `DEMO-${id}`;
  const cardNumber = withLuhn(String(tag.readUIntBE(0, 6)).padStart(15, "9").slice(-15));
  const uid = Buffer.concat([Buffer.from([0x04]), tag]);
  const { firstDay, lastDay } = openDays(nowMs);
  const grant = { accountId, campaign: DEMO_CAMPAIGN, window: windowOfDays(firstDay, lastDay) };
  await gateway.operator.load({
    accounts: [{ id: accountId, holder: "Inès M." }],
    cards: [
      {
        id: `DEMO-CARD-${id}`,
        accountId,
        status: "ACTIVE",
        generation: "SDM-1",
        cardNumber,
        uid,
        pin: DEMO_PIN,
      },
    ],
    grants: [
      { ...grant, id: `${accountId}/S`, avantage: "SPECTACLE", unit: "EUR_CENT", amount: 3_000 },
      { ...grant, id: `${accountId}/C`, avantage: "CINEMA", unit: "SEAT", amount: 5 },
      {
        ...grant,
        id: `${accountId}/L`,
        avantage: "LIVRES_LOISIR",
        unit: "EUR_CENT",
        amount: 1_500,
      },
    ],
  });
  return { cardNumber, uid };
}

/** Issues the demo terminal's credentials at the demo's point of sale. */
export function issueDemoTerminal(gateway: Gateway) {
  return gateway.operator.issueTerminal({ id: DEMO_TERMINAL, pointOfSaleId: DEMO_POINT_OF_SALE });
}
