// Each pattern at the edge of its threshold: one short of it is no alert, and what is alerted tells its figures.

import { expect, test } from "vitest";
import { createParisDays, startOfDayMs } from "../../catalogue/civil-dates.js";
import type { ObservedSale } from "../../core/settlement/observed-sale.js";
import type { Alert } from "../../core/settlement/ports.js";
import { alertsOf, observedFrom } from "./alerts.js";
import { dayNoOf, dayOfNo } from "./pattern.js";

const DAY = "2023-03-08";
const MINUTE_MS = 60_000;
const NOON_MS = 12 * 60 * MINUTE_MS;
/** What rules the patterns look at; the rest of an avantage's rule is nothing to them. */
const AVANTAGES = new Map([
  ["SPECTACLE", { label: "Spectacle vivant", singleUse: false, individual: false }],
  ["LICENCE", { label: "Licence sportive", singleUse: true, individual: false }],
  ["PSC1", { label: "PSC1", singleUse: true, individual: true }],
]);

let count = 0;
/** A sale of 10 € of 30 €, of somebody else each time, in the middle of a long window. */
function sale(change: Partial<ObservedSale> = {}): ObservedSale {
  count += 1;
  return {
    partnerId: "P-1",
    avantage: "SPECTACLE",
    unit: "EUR_CENT",
    grantKey: `grant-${count}`,
    units: 1_000,
    amountOfGrant: 3_000,
    spentBefore: 0,
    windowToMs: startOfDayMs("2024-01-01"),
    takenAtMs: startOfDayMs(DAY) + NOON_MS,
    ...change,
  };
}

const sales = (length: number, change: Partial<ObservedSale> = {}) =>
  Array.from({ length }, () => sale(change));
const daysBefore = (days: number, day = DAY) => dayOfNo(dayNoOf(day) - days);
const at = (day: string) => ({ takenAtMs: startOfDayMs(day) + NOON_MS });

/** The alerts of a kind, by default on one day alone. */
async function seen(
  kind: Alert["kind"],
  observed: readonly ObservedSale[],
  days: { readonly firstDay: string; readonly lastDay: string } = { firstDay: DAY, lastDay: DAY },
): Promise<readonly Alert[]> {
  const found = await alertsOf({
    ...days,
    sales: observed,
    avantages: AVANTAGES,
    dayOf: createParisDays(),
  });
  return found.filter((alert) => alert.kind === kind);
}

const whole = { units: 3_000 };

test("ten untouched pots, each taken whole, at one merchant in one day are an alert, and nine are none", async () => {
  expect(await seen("FULL_BALANCES", sales(9, whole))).toEqual([]);
  expect(await seen("FULL_BALANCES", sales(10, whole))).toMatchObject([
    { partnerId: "P-1", day: DAY, figures: { fullBalances: 10, debits: 10 } },
  ]);
});

test("whole pots are an alert while they are four fifths of the day's debits, and not below", async () => {
  const twelve = sales(12, whole);
  expect(await seen("FULL_BALANCES", [...twelve, ...sales(3)])).toHaveLength(1);
  expect(await seen("FULL_BALANCES", [...twelve, ...sales(4)])).toEqual([]);
});

test.each([
  ["the rest of a pot that was drawn on", { units: 2_000, spentBefore: 1_000 }],
  ["all but a cent", { units: 2_999 }],
  ["an avantage that is used once", { ...whole, avantage: "LICENCE" }],
])("%s is no whole balance", async (_what, change) => {
  expect(await seen("FULL_BALANCES", sales(20, change))).toEqual([]);
});

test("whole balances are counted by merchant, and by Paris day", async () => {
  const midnight = startOfDayMs(DAY);
  const spread = [
    ...sales(9, whole),
    ...sales(9, { ...whole, partnerId: "P-2" }),
    ...sales(9, { ...whole, takenAtMs: midnight - 1 }),
  ];
  const days = { firstDay: daysBefore(1), lastDay: DAY };
  expect(await seen("FULL_BALANCES", spread, days)).toEqual([]);
  const first = sale({ ...whole, takenAtMs: midnight });
  expect(await seen("FULL_BALANCES", [...spread, first], days)).toMatchObject([{ day: DAY }]);
});

/** Debits of one day on one pot of 30 €. */
const split = (...units: readonly number[]) => {
  const { grantKey } = sale();
  return units.map((it) => sale({ grantKey, units: it }));
};

test("three pots of which more than half is taken in small debits are an alert, and two are none", async () => {
  const two = [...split(1_000, 501), ...split(1_500, 1_500)];
  expect(await seen("SPLIT_ABOVE_HALF", two)).toEqual([]);
  expect(await seen("SPLIT_ABOVE_HALF", [...two, ...split(600, 600, 600)])).toMatchObject([
    { partnerId: "P-1", day: DAY, figures: { splits: 3, debits: 7 } },
  ]);
});

test.each([
  ["just half of the pot", [1_000, 500]],
  ["more than half in one of the debits", [1_501, 600]],
  ["more than half in a single debit", [2_000]],
])("%s is no split", async (_what, units) => {
  const many = Array.from({ length: 5 }, () => split(...units)).flat();
  expect(await seen("SPLIT_ABOVE_HALF", many)).toEqual([]);
});

test("debits of one pot at two merchants, or on two days, are no split", async () => {
  const apart = Array.from({ length: 5 }, () => {
    const [first, second] = split(1_000, 1_000);
    return [{ ...first, partnerId: "P-2" }, second] as ObservedSale[];
  }).flat();
  expect(await seen("SPLIT_ABOVE_HALF", apart)).toEqual([]);
  const later = apart.map((it, index) => ({
    ...it,
    partnerId: "P-1",
    ...at(daysBefore(index % 2)),
  }));
  const days = { firstDay: daysBefore(1), lastDay: DAY };
  expect(await seen("SPLIT_ABOVE_HALF", later, days)).toEqual([]);
});

/** So many debits on each of these days before the day. */
const usual = (perDay: number, ...days: readonly number[]) =>
  days.flatMap((it) => sales(perDay, at(daysBefore(it))));

test("more than five times the usual number of debits is an alert, and five times is none", async () => {
  const before = usual(8, 1, 2, 3);
  expect(await seen("VOLUME_OUT_OF_LINE", [...before, ...sales(40)])).toEqual([]);
  expect(await seen("VOLUME_OUT_OF_LINE", [...before, ...sales(41)])).toMatchObject([
    { figures: { sales: 41, cents: 41_000, usualSales: 8, usualCents: 8_000 } },
  ]);
});

test("a volume below the floors is no alert, whatever was before", async () => {
  expect(await seen("VOLUME_OUT_OF_LINE", sales(39))).toEqual([]);
  expect(await seen("VOLUME_OUT_OF_LINE", sales(40))).toHaveLength(1);
});

test("few debits of much money are an alert from the floor of the amount on", async () => {
  const much = { units: 50_000, amountOfGrant: 100_000 };
  expect(await seen("VOLUME_OUT_OF_LINE", [...sales(3, much), sale({ units: 49_999 })])).toEqual(
    [],
  );
  expect(await seen("VOLUME_OUT_OF_LINE", sales(4, much))).toMatchObject([
    { figures: { sales: 4, cents: 200_000 } },
  ]);
});

test("seats are counted as debits, not as money", async () => {
  const seats = sales(39, { unit: "SEAT", units: 100_000, amountOfGrant: 200_000 });
  expect(await seen("VOLUME_OUT_OF_LINE", seats)).toEqual([]);
});

test("the usual is the median of the days with sales among the 28 before, not of closed ones or older ones", async () => {
  const today = sales(60);
  const busy = usual(12, 7, 14, 28);
  expect(await seen("VOLUME_OUT_OF_LINE", [...busy, ...today])).toEqual([]);
  expect(await seen("VOLUME_OUT_OF_LINE", [...usual(12, 29), ...today])).toHaveLength(1);
  const oneSurge = [...usual(1, 1, 2, 3), ...usual(500, 4)];
  expect(await seen("VOLUME_OUT_OF_LINE", [...oneSurge, ...today])).toMatchObject([
    { figures: { usualSales: 1 } },
  ]);
});

/** The last day of use of a window, and sales on its grants. */
const END = "2023-03-10";
const expiring = (length: number, day: string) =>
  sales(length, { windowToMs: startOfDayMs(dayOfNo(dayNoOf(END) + 1)), ...at(day) });
const LAST_WEEK = { firstDay: daysBefore(6, END), lastDay: END };

test("thirty debits in a window's last week are a rush where they are more than half of five weeks' debits", async () => {
  const late = [...expiring(10, daysBefore(6, END)), ...expiring(20, END)];
  const before = (length: number) => expiring(length, daysBefore(7, END));
  expect(await seen("RUSH_BEFORE_EXPIRY", [...before(30), ...late], LAST_WEEK)).toEqual([]);
  expect(await seen("RUSH_BEFORE_EXPIRY", [...before(29), ...late], LAST_WEEK)).toMatchObject([
    { day: END, figures: { late: 30, before: 29, sharePercent: 50 } },
  ]);
  expect(await seen("RUSH_BEFORE_EXPIRY", late.slice(1), LAST_WEEK)).toEqual([]);
});

test("what was sold more than 35 days before a window's end is not in the comparison", async () => {
  const late = expiring(30, END);
  const in35 = expiring(30, daysBefore(34, END));
  const before35 = expiring(30, daysBefore(35, END));
  expect(await seen("RUSH_BEFORE_EXPIRY", [...in35, ...late], LAST_WEEK)).toEqual([]);
  expect(await seen("RUSH_BEFORE_EXPIRY", [...before35, ...late], LAST_WEEK)).toHaveLength(1);
});

test("a rush is told once, on the day on which it became one", async () => {
  const late = [3, 2, 1, 0].flatMap((it) => expiring(15, daysBefore(it, END)));
  expect(await seen("RUSH_BEFORE_EXPIRY", late, LAST_WEEK)).toMatchObject([
    { day: daysBefore(2, END), figures: { late: 30 } },
  ]);
  const after = { firstDay: daysBefore(1, END), lastDay: END };
  expect(await seen("RUSH_BEFORE_EXPIRY", late, after)).toEqual([]);
});

test("the sales that are asked for are enough to see the usual of the first day", async () => {
  const asked = { firstDay: END, lastDay: END };
  const observed = [...expiring(30, daysBefore(34, END)), ...expiring(30, END)].filter(
    ({ takenAtMs }) => takenAtMs >= startOfDayMs(observedFrom(END)),
  );
  expect(await seen("RUSH_BEFORE_EXPIRY", observed, asked)).toEqual([]);
});

/** PSC1 debits of 60 €, so many milliseconds after the day's noon. */
const courses = (...afterMs: readonly number[]) =>
  afterMs.map((ms) =>
    sale({ avantage: "PSC1", units: 6_000, takenAtMs: startOfDayMs(DAY) + NOON_MS + ms }),
  );
const everyMinute = (length: number) => Array.from({ length }, (_, index) => index * MINUTE_MS);

test("sixteen PSC1 of one partner within an hour are an alert, and fifteen are none (T-34)", async () => {
  expect(await seen("MANY_PSC1", courses(...everyMinute(15)))).toEqual([]);
  expect(await seen("MANY_PSC1", courses(...everyMinute(16)))).toMatchObject([
    { partnerId: "P-1", day: DAY, figures: { debits: 16, minutes: 60 } },
  ]);
});

test("the hour slides, and what was taken just an hour before is out of it (T-34)", async () => {
  const HOUR_MS = 60 * MINUTE_MS;
  const fifteen = Array.from({ length: 15 }, () => HOUR_MS - MINUTE_MS);
  expect(await seen("MANY_PSC1", courses(-MINUTE_MS, ...fifteen))).toEqual([]);
  expect(await seen("MANY_PSC1", courses(-MINUTE_MS + 1, ...fifteen))).toHaveLength(1);
});

test("an hour over midnight belongs to the day on which it ends, and a day tells its busiest hour alone (T-34)", async () => {
  const overMidnight = courses(...everyMinute(20).map((ms) => ms - NOON_MS - 10 * MINUTE_MS));
  const days = { firstDay: daysBefore(1), lastDay: DAY };
  expect(await seen("MANY_PSC1", overMidnight, days)).toMatchObject([
    { day: DAY, figures: { debits: 20 } },
  ]);
  expect(await seen("MANY_PSC1", [...overMidnight, ...courses(...everyMinute(17))])).toHaveLength(
    1,
  );
});

test("debits of one hour at two partners, or of other avantages, are not many PSC1", async () => {
  const two = courses(...everyMinute(30)).map((it, index) => ({
    ...it,
    partnerId: `P-${index % 2}`,
  }));
  expect(await seen("MANY_PSC1", two)).toEqual([]);
  expect(await seen("MANY_PSC1", sales(30, { avantage: "LICENCE" }))).toEqual([]);
});

test("alerts come by day and partner, in French, and name nobody", async () => {
  const observed = [
    ...sales(50, { ...whole, partnerId: "P-2" }),
    ...sales(50, { ...whole, partnerId: "P-1" }),
    ...sales(50, { ...whole, partnerId: "P-2", ...at(daysBefore(1)) }),
  ];
  const alerts = await seen("FULL_BALANCES", observed, { firstDay: daysBefore(1), lastDay: DAY });
  expect(alerts.map(({ day, partnerId }) => [day, partnerId])).toEqual([
    [daysBefore(1), "P-2"],
    [DAY, "P-1"],
    [DAY, "P-2"],
  ]);
  expect(alerts[0]?.words).toBe(
    "50 soldes intacts débités chacun en totalité et en une seule fois, sur 50 débits du jour.",
  );
  expect(JSON.stringify(alerts)).not.toContain("grant-");
});

test("the words of every pattern carry its figures", async () => {
  const words = async (...input: Parameters<typeof seen>) => (await seen(...input))[0]?.words;
  const splits = Array.from({ length: 3 }, () => split(1_000, 1_000)).flat();
  expect(await words("SPLIT_ABOVE_HALF", splits)).toContain("3 avantages débités");
  expect(await words("VOLUME_OUT_OF_LINE", [...usual(1, 1), ...sales(40)])).toMatch(
    /^40 débits et 400,00\s€ dans la journée, contre 1 débit et 10,00\s€ un jour ordinaire/,
  );
  const late = expiring(30, END);
  expect(await words("RUSH_BEFORE_EXPIRY", late, LAST_WEEK)).toContain(
    "30 débits depuis le 04/03/2023 sur des avantages qui expirent le 10/03/2023, contre 0 ",
  );
  expect(await words("MANY_PSC1", courses(...everyMinute(16)))).toBe(
    "16 débits « PSC1 » en 60 minutes, alors que l'aide est individuelle.",
  );
});
