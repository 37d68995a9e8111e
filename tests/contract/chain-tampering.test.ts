// What somebody changes in a sealed file is found, also where the chain was made anew after it, and the row is named.

import { beforeAll, describe, expect, it } from "vitest";
import type { AuditKey } from "../../gateway/src/crypto/audit-key.js";
import type { HeadRow } from "../../gateway/src/store/chain/driver.js";
import { headMessage } from "../../gateway/src/store/chain/link.js";
import { SEALED_PER_STEP_MAX } from "../../gateway/src/store/chain/seal.js";
import type { Driver } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { chainStepsOn } from "../support/chain-steps.js";
import { openShop } from "../support/shop.js";
import { tamperCopy } from "../support/tamper.js";
import { tempFiles } from "../support/temp-folder.js";
import { type ChainDayIds, chainReport, OTHER_KEY, playChainDay, rigOf } from "./chain-rig.js";
import { DAY_GRANTS } from "./store/told-day.js";

const newFile = tempFiles();
let original: string;
let ids: ChainDayIds;
let exported: readonly HeadRow[];

beforeAll(async () => {
  original = newFile();
  const shop = await openShop(sqliteDriver(original), { grants: DAY_GRANTS });
  const rig = rigOf(shop);
  ids = await playChainDay(shop);
  await rig.seal();
  await shop.authorize({ purchaseCents: 100 });
  await rig.seal();
  exported = [...rig.exported];
  await shop.store.close();
});

/** A copy of the file after some SQL, by somebody whom no trigger and no key holds up. */
function changed(sql: string): string {
  const path = newFile();
  const rows = tamperCopy({ original, copy: path }, sql);
  if (sql !== "") expect(rows).toBeGreaterThan(0);
  return path;
}

async function opened<T>(path: string, work: (driver: Driver) => Promise<T>): Promise<T> {
  const driver = sqliteDriver(path);
  try {
    return await work(driver);
  } finally {
    await driver.close();
  }
}

const reportOf = (path: string, heads: readonly HeadRow[] | null = exported) =>
  opened(path, (driver) => chainReport(driver, heads));

const faultsOf = async (path: string, heads: readonly HeadRow[] | null = exported) =>
  (await reportOf(path, heads)).faults;

/** Seals all that stands in no link, as the gateway would. */
function sealAgain(path: string): Promise<void> {
  return opened(path, async (driver) => {
    const steps = chainStepsOn(driver);
    while ((await steps.seal()).sealed === SEALED_PER_STEP_MAX);
  });
}

/** Keeps a head for the last link. */
function signAgain(path: string, key: AuditKey): Promise<void> {
  return opened(path, async (driver) => {
    const last = await driver.chain.lastLink();
    if (!last) throw new Error("there is a chain");
    const head = { no: last.no, hash: last.hash, atMs: 1 };
    await driver.begin();
    await driver.chain.keepHead({ ...head, signature: key.sign(headMessage(head)) });
    await driver.sync();
  });
}

const SPECTACLE = "grant account-0 account-0/SPECTACLE";
const ANEW = "the chain was made anew after it was signed";

type Told = (day: ChainDayIds) => string;

/** What is changed, how, and what the fault says of it. */
const CHANGES: readonly (readonly [string, Told, Told])[] = [
  [
    "an entry's amount",
    (day) => `UPDATE entries SET units = 999 WHERE attempt_id = '${day.sale}'`,
    (day) => `entry of 999 on ${SPECTACLE} by terminal-0 ${day.sale} is not what was sealed`,
  ],
  [
    "one blank in an answer",
    (day) => `UPDATE attempts SET answer = answer || ' ' WHERE id = '${day.sale}'`,
    (day) => `attempt terminal-0 ${day.sale} is not what was sealed`,
  ],
  [
    "that an attempt had an account",
    (day) => `UPDATE attempts SET account_id = NULL WHERE id = '${day.sale}'`,
    (day) => `attempt terminal-0 ${day.sale} is not what was sealed`,
  ],
  [
    "a reversal's reason",
    (day) => `UPDATE reversals SET reason = 'manual' WHERE id = '${day.reversed}'`,
    (day) => `reversal terminal-0 ${day.reversed} is not what was sealed`,
  ],
  [
    "a refund's units",
    (day) => `UPDATE operations SET units = 50 WHERE id = '${day.refund}'`,
    (day) => `refund ${day.refund} of terminal-0 ${day.captured} is not what was sealed`,
  ],
  [
    "whom an event is about",
    () => "UPDATE events SET subject = 'another' WHERE type = 'grants.revoked'",
    () => "grants.revoked of another is not what was sealed",
  ],
  [
    "an event's notes, so that nobody can read them",
    () => "UPDATE events SET notes = '{' WHERE type = 'grants.revoked'",
    () => "grants.revoked of pupil is not what was sealed",
  ],
  [
    "an event's fingerprint",
    () => "UPDATE events SET fingerprint = zeroblob(32) WHERE type = 'grants.revoked'",
    () => "grants.revoked of pupil is not what was sealed",
  ],
  [
    "that there was an event",
    () => "DELETE FROM events WHERE seq = 2",
    () => "events 2: the row was sealed and is gone",
  ],
  [
    "that there was an attempt",
    (day) => `DELETE FROM attempts WHERE id = '${day.declined}'`,
    () => "attempts 3: the row was sealed and is gone",
  ],
  [
    "the places of two entries",
    () =>
      `UPDATE entries SET seq = 900 WHERE seq = 1; UPDATE entries SET seq = 1 WHERE seq = 2;
       UPDATE entries SET seq = 2 WHERE seq = 900`,
    () => "entries 1: ",
  ],
  [
    "what came first, by a row before it",
    (day) => `INSERT INTO entries VALUES (0, 'account-0', 'g', 'terminal-0', '${day.sale}', -7, 1)`,
    (day) =>
      `entries 0: entry of -7 on grant account-0 g by terminal-0 ${day.sale} stands among sealed rows`,
  ],
  ["a link", () => "UPDATE links SET hash = zeroblob(32) WHERE no = 3", () => "link 3, "],
  [
    "that there was a link",
    () => "DELETE FROM links WHERE no = 3",
    () => "it follows link 2, and what belongs between them is gone",
  ],
  [
    "which row a link stands for",
    () => "UPDATE links SET row_seq = 1000 WHERE no = 3",
    () => "attempts 1000: the row was sealed and is gone",
  ],
  [
    "the order of two links",
    () =>
      `UPDATE links SET row_seq = 1000 WHERE no = 1; UPDATE links SET row_seq = 1 WHERE no = 2;
       UPDATE links SET row_seq = 2 WHERE no = 1`,
    () => "link 2, attempts 1: sealed twice, or out of order after 2",
  ],
  [
    "a head that is kept",
    () => "UPDATE heads SET at_ms = at_ms + 1",
    () => "it is not signed with the gateway's audit key",
  ],
];

describe("a file as the gateway left it", () => {
  it("has no fault", async () => {
    expect(await reportOf(changed(""))).toMatchObject({
      unsealed: [],
      heads: { count: 2 },
      exportedHeads: { count: 2 },
      faults: [],
    });
  });
});

describe("without the chain made anew", () => {
  it.each(CHANGES)("%s cannot be changed unseen", async (_what, sql, fault) => {
    expect((await faultsOf(changed(sql(ids)))).join("\n")).toContain(fault(ids));
  });

  it("one row that was changed is one fault", async () => {
    const path = changed(`UPDATE entries SET units = 999 WHERE attempt_id = '${ids.sale}'`);
    expect(await faultsOf(path)).toHaveLength(1);
  });
});

describe("with the chain made anew", () => {
  const PLANTED = "UPDATE entries SET units = 999 WHERE seq = 1";
  const REMOVED = "DELETE FROM events WHERE seq = 2";

  it.each([
    ["a changed entry", PLANTED],
    ["a removed event", REMOVED],
  ])("%s leaves links that hold, and heads that do not", async (_what, sql) => {
    const path = changed(`${sql}; DELETE FROM links`);
    await sealAgain(path);
    const faults = await faultsOf(path);
    expect(faults.every((fault) => /^(exported )?head \d+/.test(fault))).toBe(true);
    expect(faults.filter((fault) => fault.includes(ANEW))).not.toEqual([]);
  });

  it("is found by the exported heads alone, when those beside the chain are gone too", async () => {
    const path = changed(`${PLANTED}; DELETE FROM links; DELETE FROM heads`);
    await sealAgain(path);
    expect(await faultsOf(path, null)).toEqual([]);
    expect(await faultsOf(path)).toEqual([
      expect.stringMatching(`^exported head \\d+ \\(line 1\\): ${ANEW}$`),
      expect.stringMatching(`^exported head \\d+ \\(line 2\\): ${ANEW}$`),
    ]);
  });

  it("is found where another key signed it again", async () => {
    const path = changed(`${PLANTED}; DELETE FROM links; DELETE FROM heads`);
    await sealAgain(path);
    await signAgain(path, OTHER_KEY);
    expect((await faultsOf(path)).join("\n")).toContain(
      "it is not signed with the gateway's audit key",
    );
  });
});

describe("a chain without its end", () => {
  const CUT = (sql: string) =>
    `${sql}; DELETE FROM attempts WHERE seq = (SELECT max(seq) FROM attempts);
     DELETE FROM entries WHERE seq = (SELECT max(seq) FROM entries)`;
  const LINKS = `DELETE FROM links WHERE no > (SELECT min(no) FROM heads)`;

  it("is found by the heads beside it", async () => {
    expect((await faultsOf(changed(CUT(LINKS)), null)).join("\n")).toContain(
      "what was sealed after it is gone",
    );
  });

  it("is found by the exported heads alone, when its heads are gone too", async () => {
    const path = changed(`${CUT(LINKS)}; DELETE FROM heads WHERE no > (SELECT max(no) FROM links)`);
    expect(await faultsOf(path, null)).toEqual([]);
    expect(await faultsOf(path)).toEqual([
      expect.stringMatching(/^exported head \d+ \(line 2\): the chain ends at link \d+/),
    ]);
  });

  it("is found when nothing of it is left", async () => {
    const path = changed("DELETE FROM links; DELETE FROM heads");
    const report = await reportOf(path);
    expect(report.links).toBe(0);
    expect(report.unsealed.length).toBeGreaterThan(0);
    expect(report.faults).toHaveLength(2);
  });
});

describe("exported heads", () => {
  it("that another key signed are worth nothing", async () => {
    const forged = exported.map((head) => ({
      ...head,
      signature: OTHER_KEY.sign(headMessage(head)),
    }));
    const { exportedHeads, faults } = await reportOf(changed(""), forged);
    expect(exportedHeads).toMatchObject({ count: 2, upTo: 0 });
    expect(faults).toHaveLength(2);
  });

  it("of another hash under a good signature's bytes are worth nothing", async () => {
    const [first] = exported;
    if (!first) throw new Error("a head was exported");
    const faults = await faultsOf(changed(""), [{ ...first, hash: Buffer.alloc(32) }]);
    expect(faults.join()).toContain("not signed");
  });

  it("that end before the ones beside the chain are missed", async () => {
    const [first, last] = exported;
    const faults = await faultsOf(changed(""), exported.slice(0, 1));
    expect(faults).toEqual([
      `exported heads: they end at link ${first?.no}, and a head of link ${last?.no} was exported and is gone; name the newest file, and with several gateways the files of all`,
    ]);
  });

  it("that are all gone are missed", async () => {
    expect((await faultsOf(changed(""), [])).join()).toContain("exported heads: there is none");
  });
});
