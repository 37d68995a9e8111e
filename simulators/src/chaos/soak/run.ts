// One soak: a shop, one gateway, two processes of tills, and a sample each time that so many sales were made.

import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePorts } from "../../free-ports.js";
import { type GatewayLife, startGatewayLife } from "../gateway-life.js";
import type { Remains } from "../remains.js";
import { makeShop, type Shop, type ShopTill } from "../shop.js";
import type { TillConfig } from "../till-config.js";
import { verifyFaults } from "../verdict.js";
import { type Grown, grownOf } from "./bounds.js";
import type { SoakOptions } from "./options.js";
import { bytesOf, type SoakSample, sampleOf } from "./samples.js";
import type { FromSoakTills, SoakTills } from "./till.js";

const GATEWAY = fileURLToPath(new URL("cli.js", import.meta.resolve("@pass-tpe/gateway")));
const PROBE = new URL("probe.js", import.meta.url).href;
const TILLS = fileURLToPath(new URL("till.js", import.meta.url));
const TILL_PROCESSES = 2;
const SAMPLES = 60;

export interface SoakReport {
  readonly terminals: number;
  readonly sales: number;
  /** The others were declined, such as those of cards whose PIN somebody guessed. */
  readonly approved: number;
  readonly seconds: number;
  readonly grown: readonly Grown[];
  /** Growth above a bound, and what the gateway's own check of its ledger finds. */
  readonly faults: readonly string[];
  readonly samples: readonly SoakSample[];
}

/** What a soak is run with: how it speaks to people, and who takes its remains away. */
export interface SoakRun {
  readonly say: (line: string) => void;
  readonly remains: Remains;
}

/** Runs it to its end. @throws Error where a process ends before. */
export async function runSoak(
  options: SoakOptions,
  { say, remains }: SoakRun,
): Promise<SoakReport> {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-soak-"));
  remains.made({ kind: "folder", folder });
  try {
    const dataFolder = join(folder, "gateway");
    const shop = await makeShop({ folder, dataFolder, terminals: options.terminals });
    const gateway = await startGateway({ shop, folder, remains });
    const startedMs = performance.now();
    const { samples, approved } = await sellAll({
      shop,
      folder,
      options,
      ...gateway,
      say,
      remains,
    });
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    gateway.life.child.kill("SIGTERM");
    const { code, complaint } = await gateway.life.ended;
    const ended = code === 0 ? [] : [`SIGTERM ended the gateway with ${code}: ${complaint}`];
    say("verifying the ledger");
    const unsound = await verifyFaults({ ...shop, program: GATEWAY, remains });
    const grown = grownOf(samples);
    const faults = [
      ...grown.flatMap(({ fault }) => fault ?? []),
      ...ended,
      ...unsound.map(({ found }) => found),
    ];
    const sales = options.terminals * options.salesEach;
    return { terminals: options.terminals, sales, approved, seconds, grown, faults, samples };
  } finally {
    remains.sweep();
  }
}

interface Running {
  readonly life: GatewayLife;
  readonly url: string;
}

async function startGateway(run: {
  readonly shop: Shop;
  readonly folder: string;
  readonly remains: Remains;
}): Promise<Running> {
  const { shop, folder, remains } = run;
  const [terminals = 0, operators = 0, holders = 0, health = 0] = await freePorts(4);
  const command = {
    ...shop,
    program: GATEWAY,
    logFile: join(folder, "gateway.log"),
    ports: { terminals, operators, holders, health },
    nodeArgs: ["--expose-gc", "--import", PROBE],
  };
  const life = startGatewayLife(command, remains);
  if ((await life.readyAfterMs) === null) {
    throw new Error(`the gateway did not start: ${(await life.ended).complaint}`);
  }
  return { life, url: `https://127.0.0.1:${terminals}` };
}

async function sellAll(
  run: Running &
    SoakRun & {
      readonly shop: Shop;
      readonly folder: string;
      readonly options: SoakOptions;
    },
): Promise<{ readonly samples: readonly SoakSample[]; readonly approved: number }> {
  const { shop, folder, options, life, url, say } = run;
  const configs = shop.tills.map((till, index) => configOf(till, { url, index, options }));
  const children = startTills(configs, { folder, salesEach: options.salesEach });
  for (const child of children) run.remains.child(child);
  const journals = configs.map(({ journal }) => journal);
  const startedMs = performance.now();
  const total = options.salesEach * options.terminals;
  const samples: SoakSample[] = [];
  let sold = 0;
  let approved = 0;
  let due = 0;
  let sampling: Promise<void> = Promise.resolve();

  async function sample(sales: number): Promise<void> {
    const [gateway, ...tills] = await Promise.all([life.child, ...children].map(sampleOf));
    if (gateway === undefined) throw new Error("there is no gateway to measure");
    const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
    const database = join(shop.dataFolder, "gateway.db");
    samples.push({
      sales,
      seconds,
      gateway,
      tills,
      journalBytes: journals.reduce((sum, path) => sum + bytesOf(path), 0),
      databaseBytes: bytesOf(database),
      walBytes: bytesOf(`${database}-wal`),
    });
    if (samples.length % 6 === 0) say(`${sales} of ${total} sales in ${seconds} s`);
  }

  function sampleWhenDue(): void {
    if (sold < due) return;
    due += Math.ceil(total / SAMPLES);
    const sales = sold;
    sampling = sampling.then(() => sample(sales));
  }

  const finished = children.map((child) =>
    finishOf(child, (more) => {
      sold += more.sales;
      approved += more.approved;
      sampleWhenDue();
    }),
  );
  await Promise.all(finished);
  await sampling;
  for (const child of children) child.kill("SIGKILL");
  return { samples, approved };
}

function configOf(
  till: ShopTill,
  run: { readonly url: string; readonly index: number; readonly options: SoakOptions },
): TillConfig {
  const { own, attacked } = till.customers;
  return {
    terminal: till.terminal,
    gateway: run.url,
    credentials: till.credentials,
    pinKeyFile: till.pinKeyFile,
    journal: join(till.folder, "journal"),
    factsFile: join(till.folder, "facts.ndjson"),
    seed: run.options.seed + run.index,
    startedAtMs: Date.now(),
    // What everybody shares would soon be used up.
    customers: { own, shared: own, attacked },
    deadlines: {},
    idleMsMax: 0,
  };
}

function startTills(
  configs: readonly TillConfig[],
  { folder, salesEach }: { readonly folder: string; readonly salesEach: number },
): readonly ChildProcess[] {
  return Array.from({ length: TILL_PROCESSES }, (_, number) => {
    const tills = configs.filter((_, index) => index % TILL_PROCESSES === number);
    const given: SoakTills = { tills, salesEach };
    const file = join(folder, `tills-${number}.json`);
    writeFileSync(file, JSON.stringify(given), { mode: 0o600 });
    return fork(TILLS, [file], {
      execArgv: ["--expose-gc"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
  });
}

/** Resolves when a process of tills has sold all. */
function finishOf(
  child: ChildProcess,
  onSold: (more: Extract<FromSoakTills, { type: "sold" }>) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on("message", (message: FromSoakTills) => {
      if (message.type === "sold") onSold(message);
      if (message.type === "finished") resolve();
    });
    child.once("exit", (code) => reject(new Error(`a process of tills ended with ${code}`)));
  });
}
