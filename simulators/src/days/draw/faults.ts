// Draws what goes wrong in a day: none, a few or a storm of each kind, and each kind from a stream of its own.

import type { Act, Fault } from "../plan.js";
import type { Stream } from "../world/random.js";
import type { StockPlan } from "../world/stock.js";

const MINUTE_MS = 60_000;
const DOWN_MS = [50, 300, 2_000, 4_500, 15_000] as const;

interface Draw {
  readonly stock: StockPlan;
  readonly acts: readonly Act[];
  readonly healsAtMs: number;
}

interface DrawOne extends Draw {
  readonly stream: Stream;
}

/** How many there may be of each kind on a day like any other, and in a storm; and what one is. */
const KINDS: readonly {
  readonly name: string;
  readonly few: number;
  readonly storm: number;
  readonly draw: (one: DrawOne) => Fault | readonly Fault[];
}[] = [
  ...(
    ["partition", "refuse", "loseUp", "loseDown", "slow", "cutUp", "cutDown", "duplicate"] as const
  ).map((what) => ({
    name: what,
    few: 2,
    storm: 6,
    draw: (one: DrawOne) => networkFault(one, what),
  })),
  { name: "gateway killed", few: 2, storm: 6, draw: gatewayKilled },
  { name: "gateway killed in a commit", few: 2, storm: 6, draw: gatewayKilledInCommit },
  { name: "commit fails", few: 2, storm: 5, draw: commitFails },
  { name: "slow commits", few: 1, storm: 3, draw: slowCommits },
  { name: "terminal killed", few: 2, storm: 6, draw: terminalKilled },
  { name: "terminal killed at its disk", few: 2, storm: 6, draw: terminalKilledAtDisk },
  { name: "terminal's disk fails", few: 1, storm: 4, draw: terminalDiskFails },
  { name: "skew", few: 1, storm: 3, draw: skew },
  { name: "answers lost after a sale", few: 2, storm: 4, draw: answersLostAfterSale },
  { name: "gateway killed after a sale", few: 2, storm: 4, draw: gatewayKilledAfterSale },
  { name: "terminal killed after a sale", few: 2, storm: 4, draw: terminalKilledAfterSale },
  { name: "commit fails after a sale", few: 2, storm: 4, draw: commitFailsAfterSale },
  { name: "full disk after a doubt", few: 1, storm: 3, draw: fullDiskAfterDoubt },
];

/** All faults of a day. `streams` opens the stream of a name. */
export function drawFaults(
  options: Draw & { readonly streams: (name: string) => Stream },
): readonly Fault[] {
  const { streams, ...day } = options;
  const climate = streams("climate").pick(["none", "one", "few", "few", "few", "storm"] as const);
  if (climate === "none") return [];
  const isOnly = climate === "one" ? streams("only").integer(0, KINDS.length - 1) : null;
  return KINDS.flatMap(({ name, few, storm, draw }, index) => {
    const stream = streams(name);
    if (isOnly !== null && isOnly !== index) return [];
    const isThere = isOnly !== null || stream.chance(climate === "storm" ? 0.7 : 0.3);
    if (!isThere) return [];
    const count = stream.integer(1, climate === "few" ? few : storm);
    return Array.from({ length: count }, () => draw({ ...day, stream })).flat();
  });
}

/** Where something goes on: shortly after an act began, mostly. */
function instant({ stream, acts, healsAtMs }: DrawOne): number {
  const act = acts[stream.integer(0, acts.length - 1)];
  if (act === undefined || stream.chance(0.2)) return stream.integer(0, healsAtMs - 1);
  return Math.min(
    healsAtMs - 1,
    act.atMs + stream.pick([0, 380, 430, 480, 520, 900, 2_450, 2_500]),
  );
}

function span(one: DrawOne): { readonly fromMs: number; readonly untilMs: number } {
  const { stream, healsAtMs } = one;
  const fromMs = Math.max(0, instant(one) - stream.pick([0, 1_000]));
  const lengthMs = stream.pick([500, 3_000, 12_000, MINUTE_MS, 5 * MINUTE_MS]);
  return { fromMs, untilMs: Math.min(healsAtMs, fromMs + lengthMs) };
}

const terminalOf = ({ stream, stock }: DrawOne) => stream.integer(0, stock.terminals - 1);

function networkFault(one: DrawOne, what: Extract<Fault, { type: "network" }>["what"]): Fault {
  const { stream } = one;
  const terminal = stream.chance(0.5) ? null : terminalOf(one);
  const probability = stream.pick([0.1, 0.3, 0.6, 1]);
  return { type: "network", ...span(one), terminal, what, probability };
}

function gatewayKilled(one: DrawOne): Fault {
  const when = { atMs: instant(one) + one.stream.integer(0, 60) };
  return { type: "gatewayDies", when, downMs: one.stream.pick(DOWN_MS) };
}

function gatewayKilledInCommit(one: DrawOne): Fault {
  const { stream } = one;
  const phase = stream.pick(["before", "within", "after"] as const);
  const when = { commit: commitOf(one), phase };
  return { type: "gatewayDies", when, downMs: stream.pick(DOWN_MS) };
}

function commitFails(one: DrawOne): Fault {
  const { stream } = one;
  const how = stream.pick(["full", "doubtKept", "doubtLost"] as const);
  return {
    type: "commitFails",
    when: { commit: commitOf(one) },
    how,
    downMs: stream.pick(DOWN_MS),
  };
}

/** The sealer commits every few seconds of what the tills do. */
function commitOf({ stream, acts, healsAtMs }: DrawOne): number {
  return stream.integer(1, acts.length + Math.floor(healsAtMs / 5_000));
}

function slowCommits(one: DrawOne): Fault {
  const takeMs = one.stream.pick([80, 700, 2_500, 4_200, 7_000]);
  return { type: "slowCommits", ...span(one), takeMs };
}

function terminalKilled(one: DrawOne): Fault {
  const { stream } = one;
  const when = { atMs: instant(one) + stream.integer(0, 120) };
  return {
    type: "terminalDies",
    terminal: terminalOf(one),
    when,
    downMs: stream.pick(DOWN_MS),
  };
}

function terminalKilledAtDisk(one: DrawOne): Fault {
  const when = { diskUse: diskUseOf(one) };
  return {
    type: "terminalDies",
    terminal: terminalOf(one),
    when,
    downMs: one.stream.pick(DOWN_MS),
  };
}

function terminalDiskFails(one: DrawOne): Fault {
  return {
    type: "terminalDiskFails",
    terminal: terminalOf(one),
    diskUse: diskUseOf(one),
    downMs: one.stream.pick(DOWN_MS),
  };
}

/** A till writes and syncs a few lines for each of its acts. */
function diskUseOf({ stream, stock, acts }: DrawOne): number {
  return stream.integer(1, 5 + Math.ceil((acts.length / stock.terminals) * 5));
}

function skew(one: DrawOne): Fault {
  const { stream } = one;
  const terminal = stream.chance(0.6) ? terminalOf(one) : null;
  const size = stream.pick([40, 900, 20_000, 4 * MINUTE_MS, 40 * MINUTE_MS]);
  return { type: "skew", terminal, fromMs: instant(one), ms: stream.chance(0.5) ? size : -size };
}

/** When something after a sale begins, and at which terminal; another act where there is none. */
function afterSale({ stream, acts, healsAtMs }: DrawOne): Pick<Act, "atMs" | "terminal"> {
  const late = acts.filter(({ deed }) => deed.type !== "sale" && deed.type !== "inquire");
  const all = late.length > 0 ? late : acts;
  const { atMs = 0, terminal = 0 } = all[stream.integer(0, all.length - 1)] ?? {};
  return { atMs: Math.min(atMs, healsAtMs - 1), terminal };
}

/** The journal is written first, then it is sent, decided, and heard. */
const afterSaleMs = (stream: Stream) => stream.integer(5, 60);

function answersLostAfterSale(one: DrawOne): Fault {
  const { stream, healsAtMs } = one;
  const { atMs: fromMs, terminal } = afterSale(one);
  const untilMs = Math.min(healsAtMs, fromMs + stream.pick([100, 3_000, 12_000, 30_000]));
  const what = stream.pick(["loseDown", "cutDown"] as const);
  return { type: "network", fromMs, untilMs, terminal, what, probability: 1 };
}

function gatewayKilledAfterSale(one: DrawOne): Fault {
  const { stream } = one;
  const when = { atMs: afterSale(one).atMs + afterSaleMs(stream) };
  return { type: "gatewayDies", when, downMs: stream.pick(DOWN_MS) };
}

/** Now and then once more when it was just started: in the middle of what it takes up again. */
function terminalKilledAfterSale(one: DrawOne): readonly Fault[] {
  const { stream } = one;
  const { atMs, terminal } = afterSale(one);
  const first = atMs + afterSaleMs(stream);
  const downMs = stream.pick([50, 300, 2_000]);
  const again = first + downMs + stream.integer(5, 300);
  const instants = stream.chance(0.5) ? [first, again] : [first];
  return instants.map((at) => ({ type: "terminalDies", terminal, when: { atMs: at }, downMs }));
}

function commitFailsAfterSale(one: DrawOne): Fault {
  const { stream, healsAtMs } = one;
  const fromMs = afterSale(one).atMs;
  const untilMs = Math.min(healsAtMs, fromMs + stream.pick([60, 3_000, 10_000]));
  const how = stream.pick(["full", "doubtKept", "doubtLost"] as const);
  return { type: "commitFails", when: { fromMs, untilMs }, how, downMs: stream.pick(DOWN_MS) };
}

/** A sale whose answers are lost until nobody waits for it any more, and a disk that is full when it is reversed. */
function fullDiskAfterDoubt(one: DrawOne): readonly Fault[] {
  const { stream, acts, healsAtMs } = one;
  const sales = acts.filter(({ deed }) => deed.type === "sale");
  const { atMs = 0, terminal = 0 } = sales[stream.integer(0, sales.length - 1)] ?? {};
  const network = { type: "network", what: "loseDown", probability: 1, terminal } as const;
  const untilMs = Math.min(healsAtMs, atMs + stream.pick([4_000, 6_000, 9_000]));
  const fullFromMs = Math.min(healsAtMs, atMs + stream.pick([1_000, 4_000, 5_500]));
  const full = {
    fromMs: fullFromMs,
    untilMs: Math.min(healsAtMs, fullFromMs + stream.pick([5_000, 12_000])),
  };
  return [
    { ...network, fromMs: Math.min(atMs, untilMs), untilMs },
    { type: "commitFails", when: full, how: "full", downMs: 0 },
  ];
}
