// The scale run works end to end on a small population, and fails loudly where a sum does not agree.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

interface SentEvent {
  readonly id: string;
  readonly type: string;
  readonly beneficiary: string;
  readonly card?: { readonly number: string; readonly uid: string };
}
interface PopulationModule {
  personAt(index: number): { events: SentEvent[]; grants: number };
  writeBulkFile(options: { path: string; from: number; to: number }): {
    events: number;
    grants: number;
  };
}
interface KindsModule {
  KINDS: readonly { share: number }[];
}
interface TemplateModule {
  rowPattern(
    row: Record<string, string | number | null>,
    columns: readonly string[],
    real: SaleIdentity,
  ): (sale: SaleIdentity) => readonly unknown[];
}
interface SaleIdentity {
  readonly attemptId: string;
  readonly terminalId: string;
  readonly accountId: string;
  readonly atMs: number;
}
interface CheckModule {
  scaleFindings(outcome: {
    loaded: object;
    totals: object;
    past?: object;
    report: object;
  }): string[];
}

const url = (file: string) => new URL(file, import.meta.url).href;
const { personAt, writeBulkFile }: PopulationModule = await import(url("scale/population.mjs"));
const { KINDS }: KindsModule = await import(url("scale/kinds.mjs"));
const { rowPattern }: TemplateModule = await import(url("scale/past-template.mjs"));
const { scaleFindings }: CheckModule = await import(url("scale/check.mjs"));

const PEOPLE = 5_000;
const people = Array.from({ length: PEOPLE }, (_, index) => personAt(index));

test("no two people share a dossier, a card, a chip or an event's id", () => {
  const events = people.flatMap((person) => person.events);
  const cards = events.flatMap(({ card }) => (card ? [card] : []));
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(new Set(events.map(({ beneficiary }) => beneficiary)).size).toBe(PEOPLE);
  expect(new Set(cards.map(({ number }) => number)).size).toBe(PEOPLE);
  expect(new Set(cards.map(({ uid }) => uid)).size).toBe(PEOPLE);
});

test("a person has 11 grants on average, as 370,000 with 4 million have", () => {
  expect(KINDS.reduce((sum, { share }) => sum + share, 0)).toBe(100);
  const grants = people.reduce((sum, person) => sum + person.grants, 0);
  expect(Math.round(grants / PEOPLE)).toBe(11);
});

test("the bulk file of some people is theirs, whoever was written before", () => {
  const folder = mkdtempSync(join(tmpdir(), "bulk-"));
  try {
    const path = join(folder, "events.ndjson");
    const written = writeBulkFile({ path, from: 3, to: 5 });
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    const expected = [personAt(3), personAt(4)];
    expect(lines.map((line) => JSON.parse(line))).toEqual(expected.flatMap(({ events }) => events));
    const grants = expected.reduce((sum, person) => sum + person.grants, 0);
    expect(written).toEqual({ events: lines.length, grants });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const loaded = {
  events: 976,
  applied: 976,
  grants: 3_154,
  till: { sales: 8, approved: 8, approvedCents: 200 },
};
const totals = { answers: 92, approved: 92, approvedCents: 1_800 };
const report = {
  attempts: 100,
  approved: 100,
  grants: 3_154,
  debited: { EUR_CENT: 2_000 },
  faults: [],
};

test("a ledger that holds what was loaded and answered is no finding", () => {
  expect(scaleFindings({ loaded, totals, report })).toEqual([]);
});

test("a copied sale names its own id, terminal, account and instant, and nothing else is another", () => {
  const real = { attemptId: "a-1", terminalId: "T-4", accountId: "D22-1", atMs: 1_700 };
  const row = {
    id: "a-1",
    at_ms: 1_700,
    units: 17,
    none: null,
    input: '{"terminal":"T-4","other":"T-40","grant":"D22-1/YEAR","atMs":1700,"until":17000}',
  };
  const copy = { attemptId: "b-2", terminalId: "T-9", accountId: "D22-2", atMs: 1_800 };
  expect(rowPattern(row, Object.keys(row), real)(copy)).toEqual([
    "b-2",
    1_800,
    17,
    null,
    '{"terminal":"T-9","other":"T-40","grant":"D22-2/YEAR","atMs":1800,"until":17000}',
  ]);
});

test("past sales have to be in it as well", () => {
  const past = { sales: 10, approvedCents: 400 };
  const with10 = { ...report, attempts: 110, approved: 110, debited: { EUR_CENT: 2_400 } };
  expect(scaleFindings({ loaded, totals, past, report: with10 })).toEqual([]);
  expect(scaleFindings({ loaded, totals, past, report })).not.toEqual([]);
});

test.each([
  ["an event that was not applied", { loaded: { ...loaded, applied: 975 } }],
  ["a grant too many", { report: { ...report, grants: 3_155 } }],
  ["a sale of the till that is not there", { report: { ...report, attempts: 99 } }],
  ["a cent too few", { report: { ...report, debited: { EUR_CENT: 1_999 } } }],
])("%s is a finding", (_what, change) => {
  expect(scaleFindings({ loaded, totals, report, ...change })).toHaveLength(1);
});

test("a quick run loads both populations whole, fills in a past that verify holds, and compares both", async () => {
  const main = fileURLToPath(url("scale.mjs"));
  const past = 3_000;
  const sizes = ["--beneficiaries", "300", "--small", "100", "--past", String(past)];
  // It ends with 1 where a ledger is not what was loaded, filled and answered.
  const { stdout } = await promisify(execFile)(process.execPath, [
    main,
    ...sizes,
    "--quick",
    "--json",
  ]);
  const { loads, sales, serving, ...rest } = JSON.parse(stdout);
  for (const [index, beneficiaries] of [100, 300].entries()) {
    const due = people.slice(0, beneficiaries);
    const events = due.flatMap((person) => person.events).length;
    const grants = due.reduce((sum, person) => sum + person.grants, 0);
    expect(loads[index]).toMatchObject({ beneficiaries, events, applied: events, grants });
    expect(loads[index].till.approved).toBeGreaterThan(0);
    expect(loads[index].till.approved).toBe(loads[index].till.sales);
    expect(loads[index].databaseBytes).toBeGreaterThan(0);
  }
  expect(sales.map(({ connections }: { connections: number }) => connections)).toEqual([1, 32]);
  for (const { ratios } of sales) expect(ratios.time.median).toBeGreaterThan(0);
  expect(rest.past).toMatchObject({ sales: past, approvedCents: expect.any(Number) });
  expect(rest.past.databaseBytes).toBeGreaterThan(loads[1].databaseBytes + past * 1_000);
  expect(serving.big.readyMs).toBeGreaterThan(0);
  expect(serving.big.peakResidentBytes).toBeGreaterThanOrEqual(serving.big.residentBytes);
}, 120_000);
