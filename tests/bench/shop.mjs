// @ts-check
// A gateway's data folder loaded for the bench: partners with their terminals, and cards whose balances outlast every run.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLogger, parisDay, startGateway, windowOfDays } from "@pass-tpe/gateway";
import { withLuhn } from "@pass-tpe/protocol/standards";
import { openAssembly } from "./assembly.mjs";
import { STORE_KEY } from "./store-key.mjs";
import { HOT_POINT_OF_SALE, makeTerminals } from "./terminals.mjs";

const DAY_MS = 24 * 3_600_000;
const CAMPAIGN = "BENCH";
const CARDS = 2_048;
/** Each with one point of sale and one terminal, over which sales are spread in turns: more than any run has connections. */
const PARTNERS = 200;
/** At the first partner's point of sale beside its own: the crowd before one counter of a festival. */
const HOT_TERMINALS = 64;
const PIN = "4821";
/** In cents; only the bench's cards are so rich. */
const GRANT_CENTS = 100_000_000;

/** What each young person holds; sales take from SPECTACLE, and each decision reads all. */
const GRANTS = /** @type {const} */ ([
  ["SPECTACLE", "EUR_CENT", GRANT_CENTS],
  ["LIVRES_LOISIR", "EUR_CENT", 1_500],
  ["EQUIPEMENT", "EUR_CENT", 20_000],
  ["CINEMA", "SEAT", 5],
]);

/** @param {number} nowMs */
function daysAround(nowMs) {
  return { firstDay: parisDay(nowMs - 30 * DAY_MS), lastDay: parisDay(nowMs + 300 * DAY_MS) };
}

/** @param {number} nowMs @returns {object} the checked-in programme with one campaign that is open now */
function programmeAround(nowMs) {
  const url = new URL("../../fixtures/programme/2022-2023.json", import.meta.url);
  const days = daysAround(nowMs);
  const invented = "The bench's campaign.";
  const rules = ["SCOLAIRE", "CULTURE", "SPORT", "SANTE"].map((family) => {
    return { id: `BENCH/${family}`, kind: "window", family, ...days, invented };
  });
  return { ...JSON.parse(readFileSync(url, "utf8")), campaigns: [{ code: CAMPAIGN, rules }] };
}

/** The partner `P-1` at `POS-1`. @param {import("@pass-tpe/gateway").Gateway} gateway @param {number} nowMs */
export async function loadPartner(gateway, nowMs) {
  await gateway.operator.load(partners(1, nowMs));
}

/** @param {number} count @param {number} nowMs what is loaded of the partners `P-1` … at `POS-1` … */
function partners(count, nowMs) {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const types = ["SPECTACLE", "LIBRAIRIE", "EQUIPEMENT", "CINEMA"];
  const agrements = GRANTS.map(([avantage]) => avantage);
  return {
    partners: numbers.map((number) => ({
      id: `P-${number}`,
      name: "Partenaire",
      status: /** @type {const} */ ("active"),
      types,
      flags: [],
      conventions: [
        {
          reference: `C-${number}`,
          state: /** @type {const} */ ("IN_FORCE"),
          fromMs: nowMs - 365 * DAY_MS,
          toMs: nowMs + 365 * DAY_MS,
          signature: null,
        },
      ],
      agrements,
    })),
    pointsOfSale: numbers.map((number) => {
      return { id: `POS-${number}`, partnerId: `P-${number}`, name: "Caisse", city: "Lyon" };
    }),
  };
}

/**
 * @param {import("../../gateway/dist/parts.js").Assembly} assembly
 * @param {number} nowMs
 * @returns {Promise<import("./requests.mjs").BenchCard[]>}
 */
async function loadCards({ operator }, nowMs) {
  const { firstDay, lastDay } = daysAround(nowMs);
  const window = windowOfDays(firstDay, lastDay);
  const cards = Array.from({ length: CARDS }, (_, index) => ({
    id: `CARD-${index}`,
    accountId: `ACCOUNT-${index}`,
    status: /** @type {const} */ ("ACTIVE"),
    generation: "SDM-1",
    cardNumber: withLuhn(`9${String(index).padStart(14, "0")}`),
    uid: Buffer.from(`04${index.toString(16).padStart(12, "0")}`, "hex"),
    pin: PIN,
  }));
  await operator.load({
    accounts: cards.map(({ accountId }) => ({ id: accountId, holder: "Inès M." })),
    cards,
    grants: cards.flatMap(({ accountId }) =>
      GRANTS.map(([avantage, unit, amount]) => {
        const id = `${accountId}/${avantage}`;
        return { id, accountId, avantage, campaign: CAMPAIGN, unit, amount, window };
      }),
    ),
  });
  return cards.map(({ uid, cardNumber, pin }) => {
    const token = operator.qrToken({ kind: "printed", cardNumber });
    return { uid, ...operator.cardKeys(uid), counter: 0, printed: { token, cardNumber, pin } };
  });
}

/** A gateway in this process. @param {string} folder @param {object} programme @param {string} [url] of its database */
export function openShop(folder, programme, url) {
  const log = createLogger({ level: "silent" });
  const database = url === undefined ? null : { url };
  const data = { dataFolder: folder, storeKey: STORE_KEY, programme, database };
  return startGateway({ ...data, port: 0, healthPort: 0, log });
}

/**
 * Loads a folder through a gateway of this process, and closes it.
 *
 * @param {string} folder
 * @param {string} [url] of the PostgreSQL database that the ledger is in, where it is not in the folder
 */
export async function makeShop(folder, url) {
  const nowMs = Date.now();
  const programme = programmeAround(nowMs);
  const log = createLogger({ level: "silent" });
  const at = url === undefined ? {} : { url };
  const { assembly, close } = await openAssembly({ path: folder, programme, log, ...at });
  await assembly.operator.load(partners(PARTNERS, nowMs));
  const cards = await loadCards(assembly, nowMs);
  const spread = Array.from({ length: PARTNERS }, (_, index) => `POS-${index + 1}`);
  const hot = Array.from({ length: HOT_TERMINALS }, () => HOT_POINT_OF_SALE);
  const terminals = await makeTerminals(assembly, [...spread, ...hot]);
  await close();
  const programmeFile = join(folder, "programme.json");
  writeFileSync(programmeFile, JSON.stringify(programme));
  return { programme, programmeFile, cards, terminals };
}

/**
 * What the ledger of a folder holds; no process may be on it.
 *
 * @param {{ folder: string, programme: object, url?: string | undefined }} shop
 */
export async function verifyShop({ folder, programme, url }) {
  const gateway = await openShop(folder, programme, url);
  const report = await gateway.operator.verify();
  await gateway.close();
  return report;
}
