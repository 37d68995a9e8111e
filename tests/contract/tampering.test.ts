// What somebody changes in the file of a stopped gateway is found by verify or by replay, and the row is named.

import { beforeAll, describe, expect, it } from "vitest";
import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import { ledgerOf, type TrailRows } from "../../gateway/src/store/memory/ledger.js";
import { replayLedger } from "../../gateway/src/store/replay.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { verifyLedger } from "../../gateway/src/store/verify.js";
import { readLedger, readTrail, VERIFY_OPTIONS } from "../support/ledger.js";
import { readTestProgramme } from "../support/programme.js";
import { openShop } from "../support/shop.js";
import { tamperCopy } from "../support/tamper.js";
import { tempFiles } from "../support/temp-folder.js";
import { DAY_GRANTS, type DayIds, playToldDay } from "./store/told-day.js";

const newFile = tempFiles();
let original: string;
let ids: DayIds;

beforeAll(async () => {
  original = newFile();
  const shop = await openShop(sqliteDriver(original), { grants: DAY_GRANTS });
  ids = await playToldDay(shop);
  await shop.store.close();
});

/** What both proofs say of a copy of the file after some SQL. */
async function proofsAfter(sql: string) {
  const path = newFile();
  const rows = tamperCopy({ original, copy: path }, sql);
  const driver = sqliteDriver(path);
  try {
    const { faults } = await verifyLedger(driver.ledger(), VERIFY_OPTIONS);
    const replayed = await replayLedger(driver.ledger(), readTestProgramme);
    const differences = [...replayed.differences, ...replayed.reworded];
    const decidedOtherwise = replayed.differences;
    return { faults, differences, decidedOtherwise, rows };
  } finally {
    await driver.close();
  }
}

const PUPILS = "pupil/2022/2023";
const RAW = "account-0/SPECTACLE";
const SPECTACLE = `${PUPILS}/SPECTACLE`;
const LIVRES = `${PUPILS}/LIVRES_LOISIR`;
const LICENCE = `${PUPILS}/LICENCE`;
const CINEMA = `${PUPILS}/CINEMA`;
const PERMIS = "pupil/PERMIS_B/1";
const VERSEMENT = "pupil/EQUIPEMENT/BACPRO_CUISINE/1";
const DAY_LATER = "+ 86400000";

/** What is changed, where, and how. */
const GRANTS: readonly (readonly [string, string, string])[] = [
  ["its amount", SPECTACLE, "amount = 999999"],
  ["its amount, drawn on and without a rule", RAW, "amount = 999999"],
  ["its amount, to less than a sale saw", RAW, "amount = 1000"],
  ["its amount and its rule", LIVRES, "amount = 3500, rule = 'LIVRES_LOISIR/terminale'"],
  ["an amount where there is none", `${PUPILS}/MUSEE`, "amount = 1"],
  ["a versement's amount", VERSEMENT, "amount = 15000"],
  ["the amount for a commitment", PERMIS, "amount = 999999"],
  ["a supplement", SPECTACLE, "supplement_amount = 3000, supplement_flag = 'combatSport'"],
  ["a bigger supplement", LICENCE, "supplement_amount = 9000"],
  ["a supplement at other partners", LICENCE, "supplement_flag = 'achatGroupe'"],
  ["a longer window", SPECTACLE, `to_ms = to_ms ${DAY_LATER}`],
  ["a window that opens earlier", SPECTACLE, "from_ms = NULL"],
  ["another last day", SPECTACLE, "last_day = '2099-12-31'"],
  ["a longer window, drawn on and without a rule", RAW, `to_ms = to_ms ${DAY_LATER}`],
  ["longer months of its own", PERMIS, `to_ms = to_ms ${DAY_LATER}`],
  ["later months of its own", PERMIS, `from_ms = from_ms ${DAY_LATER}, to_ms = to_ms ${DAY_LATER}`],
  ["its unit", SPECTACLE, "unit = 'SEAT'"],
  ["its avantage", SPECTACLE, "avantage = 'LIVRES_LOISIR'"],
  ["its campaign", SPECTACLE, "campaign = '2021/2022'"],
  ["the rule of another avantage", SPECTACLE, "rule = 'PSC1/base'"],
  ["the rule of some partners alone", LICENCE, "rule = 'LICENCE/combat-sport', amount = 6000"],
  ["a rule taken from what was drawn on", LIVRES, "rule = '', amount = 9000"],
  ["ages of what was drawn on", LIVRES, "age_from_ms = 0, age_to_ms = 1"],
  ["a revocation", RAW, "revoked = 1"],
];

const TOLD: readonly (readonly [string, string, string])[] = [
  [
    "a revocation taken back",
    `UPDATE grants SET revoked = 0 WHERE id = '${CINEMA}'`,
    "account pupil",
  ],
  [
    "a revocation without its event",
    "DELETE FROM events WHERE type = 'grants.revoked'",
    `grant pupil ${CINEMA}`,
  ],
  [
    "an aid without the event of its commitment",
    "DELETE FROM events WHERE type = 'commitment.fulfilled'",
    `grant pupil ${PERMIS}`,
  ],
  ["a suspension removed", "DELETE FROM suspensions WHERE id = 'S-2'", "account pupil"],
  [
    "a suspension added",
    "INSERT INTO suspensions VALUES ('account-0', 'S-9', '2022/2023', '\"ALL\"', 'D', 1, NULL, NULL)",
    "suspension account-0 S-9",
  ],
  [
    "a suspension lifted",
    "UPDATE suspensions SET lifted_at_ms = decided_at_ms WHERE id = 'S-2'",
    "suspension pupil S-2",
  ],
  [
    "a suspension in force again",
    "UPDATE suspensions SET lifted_at_ms = NULL WHERE id = 'S-1'",
    "account pupil",
  ],
  [
    "a suspension of another day",
    `UPDATE suspensions SET decided_at_ms = decided_at_ms ${DAY_LATER} WHERE id = 'S-1'`,
    "suspension pupil S-1",
  ],
  [
    "a suspension without its event",
    "DELETE FROM events WHERE type = 'suspension.decided'",
    "suspension pupil S-1",
  ],
  [
    "a kept programme",
    "UPDATE programmes SET json = replace(json, 'compte.example', 'other.example')",
    "programme ",
  ],
];

type Of = keyof DayIds;
const SOME_ID = "0186e4a8-3c00-7000-8000-00000000ffff";
const answer = (path: string, value: string) =>
  `answer = json_set(answer, '$.${path}', json('${value}'))`;
/** Where each stands in a stored input, which has no names. */
const IN_INPUT = { id: "[2][2]", terminalId: "[4][0]", nowMs: "[14]" };
const input = (name: keyof typeof IN_INPUT, value: string) =>
  `input = json_set(input, '$${IN_INPUT[name]}', json('${value}'))`;
const LONG_AGO = "decided_at_ms = decided_at_ms - 1";

const DECISIONS: readonly (readonly [string, Of, string])[] = [
  ["the code in its answer", "sale", answer("code", '"APPROVED_PARTIAL"')],
  ["what the cashier read", "sale", "answer = replace(answer, '7,00', '70,00')"],
  ["what the holder was to pay", "sale", answer("collectCents", "1")],
  ["its receipt", "sale", answer("receipt.cardLastFour", '"0000"')],
  ["whether it may come again", "declined", answer("retry", '"WHENEVER"')],
  ["a field that was never answered", "sale", answer("more", "1")],
  ["a holder's name where none was told", "declined", answer("holder", '"Camille D."')],
  ["the instant in its answer", "sale", answer("decidedAtMs", "1")],
  ["an inquiry's balances", "inquiry", answer("avantages[0].remaining.value", "1")],
  ["an inquiry's answer", "inquiry", answer("avantages", "[]")],
  ["a decline's state", "declined", "state = 'approved'"],
  [
    "a decline's state and answer",
    "declined",
    `state = 'approved', ${answer("outcome", '"approved"')}`,
  ],
  ["a sale's state and answer", "sale", `state = 'declined', ${answer("outcome", '"declined"')}`],
  ["its avantage", "sale", "avantage = 'CINEMA'"],
  ["its instant", "declined", LONG_AGO],
  ["its account", "declined", "account_id = 'pupil'"],
  ["that it had none", "inquiry", "account_id = NULL"],
  ["its kind", "declined", "kind = 'inquiry'"],
  ["that it was a sale at all", "declined", "kind = 'tombstone', state = 'reversed'"],
  ["the id that was asked under", "sale", input("id", `"${SOME_ID}"`)],
  ["the terminal that it came from", "sale", input("terminalId", '"terminal-1"')],
  ["the instant that it was decided at", "sale", input("nowMs", "1679000000000")],
  ["a tombstone's answer", "tombstone", `answer = '{"outcome":"approved"}'`],
  ["a tombstone's state", "tombstone", "state = 'approved'"],
];

const REVERSALS: readonly (readonly [string, Of, string])[] = [
  ["what came back", "reversed", answer("returned.value", "99900")],
  ["that anything came back", "reversed", "answer = json_remove(answer, '$.returned')"],
  ["what the cashier read", "reversed", "answer = replace(answer, '3,00', '999,00')"],
  ["its instant", "reversed", "at_ms = at_ms + 1"],
  ["whose answer it is", "reversed", answer("id", `"${SOME_ID}"`)],
  ["that nothing came back", "tombstone", answer("returned", '{"unit":"EUR_CENT","value":100}')],
];

describe("a file as the store left it", () => {
  it("has no fault", async () => {
    expect(await proofsAfter("")).toEqual({
      faults: [],
      differences: [],
      decidedOtherwise: [],
      rows: 0,
    });
  });
});

describe("verify names the row", () => {
  it.each(GRANTS)("of a grant that was given %s: %s", async (_what, id, set) => {
    const { faults, rows } = await proofsAfter(`UPDATE grants SET ${set} WHERE id = '${id}'`);
    expect(rows).toBe(1);
    const account = id.slice(0, id.indexOf("/"));
    expect(faults).toEqual(expect.arrayContaining([expect.stringContaining(`${account} ${id}: `)]));
  });

  it.each(TOLD)("of %s", async (_what, sql, named) => {
    const { faults, rows } = await proofsAfter(sql);
    expect(rows).toBeGreaterThan(0);
    expect(faults.map((fault) => fault.slice(0, named.length))).toContain(named);
  });

  it("of a reversal without its attempt", async () => {
    const { faults } = await proofsAfter(
      `INSERT INTO reversals (terminal_id, id, reason, asked_by, units, at_ms, answer)
       VALUES ('terminal-0', '${SOME_ID}', 'manual', 'terminal terminal-0', 0, 1, '{}')`,
    );
    expect(faults).toEqual([`reversal terminal-0 ${SOME_ID} belongs to no attempt`]);
  });

  it("of a reversal that says another amount", async () => {
    const { faults } = await proofsAfter(
      `UPDATE reversals SET ${answer("returned.value", "99900")} WHERE id = '${ids.reversed}'`,
    );
    expect(faults).toEqual([
      `attempt terminal-0 ${ids.reversed}: its reversal says 99900 came back, and is stored with 300`,
      `attempt terminal-0 ${ids.reversed}: its reversal says 99900 came back, and 300 did`,
    ]);
  });

  it("of an entry of another instant", async () => {
    const { faults } = await proofsAfter(
      `UPDATE entries SET at_ms = at_ms - 1 WHERE attempt_id = '${ids.sale}'`,
    );
    expect(faults).toEqual([expect.stringContaining(`attempt terminal-0 ${ids.sale}: `)]);
  });
});

describe("replay names the row", () => {
  it.each(DECISIONS)("of an attempt with another %s (%s)", async (_what, of, set) => {
    const { differences, rows } = await proofsAfter(
      `UPDATE attempts SET ${set} WHERE id = '${ids[of]}'`,
    );
    expect(rows).toBe(1);
    expect(differences.join("\n")).toContain(`attempt terminal-0 ${ids[of]}: `);
  });

  it("of an attempt in other words, and does not say that it was decided otherwise", async () => {
    const { differences, decidedOtherwise } = await proofsAfter(
      `UPDATE attempts SET ${answer("message", '"Autrement dit."')} WHERE id = '${ids.sale}'`,
    );
    expect(differences).toEqual([
      expect.stringContaining(`attempt terminal-0 ${ids.sale}: worded`),
    ]);
    expect(decidedOtherwise).toEqual([]);
  });

  it("of an attempt under another id, with its answer", async () => {
    const { differences } = await proofsAfter(
      `UPDATE attempts SET id = '${SOME_ID}', ${answer("id", `"${SOME_ID}"`)} WHERE id = '${ids.inquiry}'`,
    );
    expect(differences.join("\n")).toContain(`attempt terminal-0 ${SOME_ID}: `);
  });

  it.each(REVERSALS)("of a reversal with another %s (%s)", async (_what, of, set) => {
    const { differences, rows } = await proofsAfter(
      `UPDATE reversals SET ${set} WHERE id = '${ids[of]}'`,
    );
    expect(rows).toBe(1);
    expect(differences.join("\n")).toContain(`attempt terminal-0 ${ids[of]}: its reversal`);
  });
});

describe("the same day in memory", () => {
  async function faultsOf(change: (trail: TrailRows) => Partial<TrailRows>) {
    const driver = memoryDriver();
    await playToldDay(await openShop(driver, { grants: DAY_GRANTS }));
    const trail = await readTrail(driver);
    const ledger = ledgerOf({ ...(await readLedger(driver)), ...trail, ...change(trail) });
    return (await verifyLedger(ledger, VERIFY_OPTIONS)).faults;
  }

  it("has no fault, and misses a suspension and an event that are gone", async () => {
    expect(await faultsOf(() => ({}))).toEqual([]);
    expect((await faultsOf(() => ({ suspensions: [] }))).join()).toContain("account pupil: ");
    const gone = (await faultsOf(() => ({ events: [] }))).join("\n");
    expect(gone).toContain("suspension pupil S-1: ");
    expect(gone).toContain(`grant pupil ${CINEMA}: `);
  });
});
