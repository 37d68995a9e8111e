// Plays a plan from its first act until everything has come to rest, and tells what was seen and what is in the ledger.

import type { DayTotals } from "@pass-tpe/terminal-sdk";
import type { Fact, World as Known, LedgerFacts, SaleRef } from "../checker/facts.js";
import { ledgerFacts } from "../ledger-facts.js";
import { faultinessOf } from "./faultiness.js";
import type { Hands } from "./hands.js";
import type { Plan } from "./plan.js";
import { Till } from "./till.js";
import { type Amounts, unitsOf } from "./units.js";
import type { Asked, Exchanged } from "./world/overhear.js";
import { theProgramme, World, type WorldOptions } from "./world/world.js";

/** After the last act and once all is healed, so long for every doubt to end: twice the longest wait of what is owed. */
const REST_MS = 180_000;
/** A day that is not over by then hangs. */
const HANGS_AFTER_MS = 24 * 3_600_000;

export interface DayOptions
  extends Pick<WorldOptions, "makeDriver" | "wrapDriver" | "wrapGatewayDriver"> {
  /** Changes a till's ports: for bugs that are made on purpose. */
  readonly wrapTerminal?: WorldOptions["wrapTerminal"];
  readonly wrapWeather?: (weather: WorldOptions["weather"]) => WorldOptions["weather"];
}

export interface DayOutcome {
  readonly facts: readonly Fact[];
  readonly ledger: LedgerFacts;
  readonly world: Known;
  /** A line for each thing that happened; the same for the same plan. */
  readonly trace: readonly string[];
  /** Acts that never ended, and promises that never settled: there must be none. */
  readonly unsettled: readonly string[];
}

/** Plays a plan. The same plan gives the same outcome, line by line. */
export async function runPlan(plan: Plan, options: DayOptions = {}): Promise<DayOutcome> {
  const { seed, stock, acts, healsAtMs } = plan;
  const hands: Hands = {
    nowMs: () => world.timeline.nowMs,
    after: (delayMs, run) => void world.timeline.after(delayMs, run),
    afterInGateway: (delayMs, run) => world.afterInGateway(delayMs, run),
    killGateway: (downMs) => killGateway(downMs),
    killTerminal: (terminal, downMs) => killTerminal(terminal, downMs),
    say: (what) => world.say("fault", what),
  };
  const faults = faultinessOf(plan, hands);
  const world = new World({
    ...options,
    seed,
    stock,
    weather: options.wrapWeather?.(faults.weather) ?? faults.weather,
    gatewayDisk: faults.gatewayDisk,
    diskWeather: (terminal) => faults.diskWeather(terminal),
    skewMs: (machine) => faults.skewMs(machine),
    onLeft: (asked) => noteSale(world, asked, "left"),
    onArrived: (asked) => noteSale(world, asked, "arrived"),
    onExchanged: (exchanged) => noteAnswer(world, exchanged),
    onDoubt: () => void timeline.after(faults.downAfterDoubtMs(), () => world.startGateway()),
  });
  const { timeline } = world;
  const placed = acts.map((act, place) => ({ ...act, place }));
  const tills = world.stock.terminals.map(({ name }, index) => {
    const own = placed.filter(({ terminal }) => terminal === index);
    return new Till({ world, name, acts: own, seed });
  });

  function killGateway(downMs: number): boolean {
    if (!world.gatewayIsUp) return false;
    world.endGateway("killed");
    timeline.after(downMs, () => world.startGateway());
    return true;
  }

  function killTerminal(place: number, downMs: number): boolean {
    const till = tills[place];
    if (till === undefined || till.process === null) return false;
    till.process.end();
    timeline.after(downMs, () => open(till));
    return true;
  }

  /** A till that cannot be opened is opened once more, as a cashier would. */
  function open(till: Till): void {
    const { life, opened } = world.startTerminal(till.name);
    till.begin(life);
    opened.then(
      (living) => till.take(living),
      (thrown) => {
        world.say(till.name, `cannot be opened: ${String(thrown)}`);
        life.end();
        timeline.after(REOPEN_AFTER_MS, () => open(till));
      },
    );
  }

  await world.furnish();
  world.startGateway();
  for (const till of tills) open(till);
  faults.begin();
  let played = 0;
  for (const till of tills) {
    till.play().then(
      () => {
        played += 1;
      },
      (thrown) => {
        throw thrown;
      },
    );
  }
  const ended = await timeline.runUntil(
    () => played === tills.length && timeline.nowMs >= healsAtMs,
    HANGS_AFTER_MS,
  );
  await timeline.runUntil(() => false, timeline.nowMs + REST_MS);
  const reconciling = Promise.all(tills.map((till) => reconcile(world, till)));
  await timeline.runUntil(() => false, timeline.nowMs + RECONCILED_MS);
  await reconciling;
  for (const till of tills) noteDay(world, till);
  const ledger = await ledgerFacts({
    driver: world.durable,
    atMs: Math.floor(world.nowMs),
    witness: world.witness,
  });
  const hung = ended ? [] : tills.flatMap((till) => till.underWay());
  const unsettled = tills.flatMap((till) =>
    (till.life?.unsettled() ?? ["a till that is not open"]).map((it) => `${till.name}: ${it}`),
  );
  // What follows is no part of the day.
  const facts = [...world.facts];
  const trace = [...world.trace];
  for (const till of tills) till.process?.end();
  world.endGateway("killed");
  return {
    facts,
    ledger,
    world: knownOf(plan, world),
    trace,
    unsettled: [...hung, ...unsettled],
  };
}

const REOPEN_AFTER_MS = 2_000;
const RECONCILED_MS = 30_000;
/** A till is told within the sale's deadline, and of what it asks for after two tries at most; disks take their time too. */
const WORD_WITHIN_MS = 10_000;

/** Whose journal lost records has its day compared with the gateway's, which mends what can be mended. */
async function reconcile(world: World, { name, life, hasLostRecords }: Till): Promise<void> {
  if (life === null || !hasLostRecords) return;
  const { concordant } = await life.terminal.reconcile();
  world.say(name, `reconciled, ${concordant ? "and nobody has to do anything" : "and differs"}`);
}

/** What the checker may know of the world. */
function knownOf({ stock }: Plan, world: World): Known {
  const { avantages, settings } = theProgramme();
  const used = new Set(stock.accounts.flatMap((grants) => Object.keys(grants)));
  return {
    avantages: [...used].map((code) => ({
      code,
      unit: avantages.get(code)?.unit === "EUR_CENT" ? "cents" : "pieces",
    })),
    accounts: world.stock.accounts.map((account, index) => ({
      account,
      grants: stock.accounts[index] ?? {},
    })),
    cards: world.stock.cards.map(({ name, account }) => ({ card: name, account })),
    pinTriesMax: settings.pinTriesMax,
    holdMs: settings.holdMs,
    gatewayLatestMs: world.gatewayLatestMs,
    seesTheWire: true,
    wordWithinMs: WORD_WITHIN_MS,
  };
}

const SALE_PATH = /^\/v1\/authorizations(?:\/([^/]+)\/(capture|reversal|refunds))?$/;

const ASKS_TO_DECIDE: ReadonlySet<string> = new Set(["/v1/authorizations", "/v1/inquiries"]);

/** Notes where the request for a decision is: on the wire, or at the gateway. */
function noteSale(world: World, { terminal, method, path, body }: Asked, type: "left" | "arrived") {
  if (method !== "POST" || !ASKS_TO_DECIDE.has(path) || body === null) return;
  const sale: SaleRef = { terminal, id: String(body["id"]) };
  if (type === "left") world.note({ type, sale });
  else world.note({ type, sale, deadlineMs: Number(body["deadlineMs"]) });
}

/** Notes an answer that has arrived whole at a terminal. */
function noteAnswer(world: World, { terminal, method, path, body, status, answer }: Exchanged) {
  const found = SALE_PATH.exec(path);
  if (answer === null || found === null || method !== "POST") return;
  const [, saleId = String(body?.["id"]), what] = found;
  const about = what === "refunds" ? "refund" : ((what ?? "sale") as "sale");
  if (status !== 200) {
    const code = String(answer["code"]);
    world.say(terminal, `${about} ${saleId}: HTTP ${status} ${code}`);
    if (about === "sale") world.note({ type: "refused", sale: { terminal, id: saleId }, code });
    return;
  }
  const sale: SaleRef = { terminal, id: saleId };
  const approved = answer["outcome"] === "approved";
  const units = approved ? unitsOf(answer as Amounts) : 0;
  world.note({ type: "answered", sale, about, approved, code: String(answer["code"]), units });
}

function noteDay(world: World, till: Till): void {
  const totals: DayTotals | undefined = till.life?.terminal.dayTotals();
  if (totals === undefined) return;
  const units = Object.fromEntries(
    totals.totals.map(({ avantage, sales, reversals, refunds }) => {
      return [avantage, sales.value - reversals.value - refunds.value];
    }),
  );
  world.note({ type: "dayTotals", terminal: till.name, units });
}
