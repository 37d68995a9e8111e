// @ts-check
// A gateway's data folder before any beneficiary: the checked-in catalogue opened today, a partner, terminals, an operator.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parisDay } from "@pass-tpe/gateway";
import { PASS_TPE } from "../gateway-command.mjs";
import { runToEnd } from "../processes.mjs";
import { loadPartner, openShop } from "../shop.mjs";
import { storeKeyFile } from "../store-key.mjs";
import { CAMPAIGN, CAMPAIGN_BEFORE, uidOf } from "./population.mjs";

const DAY_MS = 24 * 3_600_000;
/** Whose windows in two campaigns overlap here, so that both have something to spend. */
const FAMILIES = ["CULTURE", "SPORT", "SANTE"];
const TERMINALS = 8;

/**
 * @typedef {object} Shop
 * @property {string} folder
 * @property {string} programmeFile
 * @property {string} credentialsFile an operator's
 * @property {import("../connection.mjs").Credentials[]} terminals
 * @property {(index: number, counter: number) => import("../requests.mjs").BenchCard} cardOf the card of a person
 */

/** As in June, when a new campaign has begun and the last one has not ended. @param {number} nowMs */
function programmeAround(nowMs) {
  const url = new URL("../../../fixtures/programme/2022-2023.json", import.meta.url);
  const programme = JSON.parse(readFileSync(url, "utf8"));
  /** @param {number} days */
  const dayIn = (days) => parisDay(nowMs + days * DAY_MS);
  // Two versements of one formation are never spendable together: SCOLAIRE ends before it begins again.
  const campaigns = [
    campaign({
      code: CAMPAIGN_BEFORE,
      days: { firstDay: dayIn(-350), lastDay: dayIn(20) },
      scolaire: { firstDay: dayIn(-350), lastDay: dayIn(2) },
    }),
    campaign({
      code: CAMPAIGN,
      days: { firstDay: dayIn(-10), lastDay: dayIn(350) },
      scolaire: { firstDay: dayIn(3), lastDay: dayIn(350) },
    }),
  ];
  // No event brings a code secret: the holder chooses it at a place that is not built yet.
  const settings = { ...programme.settings, nfcRequiresPinDefined: false };
  return { ...programme, campaigns, settings };
}

/** @typedef {{ firstDay: string, lastDay: string }} Days */

/** @param {{ code: string, days: Days, scolaire: Days }} options */
function campaign({ code, days, scolaire }) {
  const invented = "The bench's campaign.";
  /** @param {string} family @param {Days} open */
  const window = (family, open) => {
    return { id: `${code}/${family}`, kind: "window", family, ...open, invented };
  };
  const windows = [window("SCOLAIRE", scolaire), ...FAMILIES.map((family) => window(family, days))];
  const orders = { id: `${code}/orders`, kind: "ordersFrom", day: days.firstDay, invented };
  const validations = { ...orders, id: `${code}/validations`, kind: "validationsFrom" };
  return { code, rules: [...windows, orders, validations] };
}

/** @param {string} folder new @returns {Promise<Shop>} */
export async function makeEmptyShop(folder) {
  mkdirSync(folder);
  const nowMs = Date.now();
  const programme = programmeAround(nowMs);
  const gateway = await openShop(folder, programme);
  await loadPartner(gateway, nowMs);
  const terminals = await Promise.all(
    Array.from({ length: TERMINALS }, (_, index) =>
      gateway.operator.issueTerminal({ id: `T-${index}`, pointOfSaleId: "POS-1" }),
    ),
  );
  await gateway.close();
  const programmeFile = join(folder, "programme.json");
  writeFileSync(programmeFile, JSON.stringify(programme));
  const credentialsFile = join(folder, "operator.json");
  const data = ["--data", folder, "--store-key", storeKeyFile(folder)];
  const agent = ["agent", "issue", ...data, "--id", "bench", "--role", "operator"];
  const { exitCode } = await runToEnd([...PASS_TPE, ...agent, "--out", credentialsFile]);
  if (exitCode !== 0) throw new Error(`pass-tpe agent issue ended with ${exitCode}`);
  return {
    folder,
    programmeFile,
    credentialsFile,
    terminals,
    // Keys are of the folder, not of the process: they are the same at the gateway that is started on it later.
    cardOf(index, counter) {
      const uid = Buffer.from(uidOf(index), "hex");
      return { uid, ...gateway.operator.cardKeys(uid), counter };
    },
  };
}
