// One chaos run: makes a shop, sells and breaks, heals, settles, and judges.

import { cpSync, existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Fact, Violation } from "../checker/facts.js";
import { explain } from "../checker/index.js";
import { type Assault, assault } from "./assault.js";
import { mergedFacts, readFactFile } from "./fact-file.js";
import { type FaultyProxy, NETWORK_FAULTS } from "./faulty-proxy.js";
import { ledgerFigures, salesFigures } from "./figures.js";
import type { ChaosOptions } from "./options.js";
import { spreadOf } from "./quantiles.js";
import { dice as diceOf } from "./random.js";
import type { Remains } from "./remains.js";
import { comeToRest, openScene, type Scene } from "./scene.js";
import { makeShop } from "./shop.js";
import { type Disk, diskOf } from "./small-disk.js";
import { removeFolder } from "./sweep.js";
import { judge, slowStarts } from "./verdict.js";

const THIS_GATEWAY = fileURLToPath(new URL("cli.js", import.meta.resolve("@pass-tpe/gateway")));

const VIOLATIONS_EXPLAINED_MAX = 5;
const TRACED_AROUND_MS = 10_000;

/** All figures of a run; times in milliseconds. */
export type ChaosReport = Awaited<ReturnType<typeof runChaos>>;

interface Run {
  /** Ends the faults; before the first of them, the run. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly remains: Remains;
}

/**
 * Runs until the time is over, the kills are done, or the signal.
 *
 * @throws Error where the run itself cannot go on: it has found nothing then. The signal's reason where it came before
 *   anything was sold.
 */
export async function runChaos(options: ChaosOptions, run: Run) {
  const { seed, readyMsMax } = options;
  const { say, remains, signal } = run;
  const startedMs = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-chaos-"));
  remains.made({ kind: "folder", folder });
  say(`seed ${seed}; traces in ${folder}; a start may take ${readyMsMax} ms`);
  const disk = diskOf(options, join(folder, "disk"));
  remains.made({ kind: disk.small === null ? "folder" : "disk", folder: disk.folder });
  if (disk.small === null) say(`no disk is filled: ${disk.kind}`);
  const place = { folder, dataFolder: join(disk.folder, "gateway"), disk };
  let isKept = true;
  try {
    const { violations, ...found } = await sellAndJudge(options, { ...run, ...place });
    isKept = options.keep || violations.length > 0;
    return {
      seed,
      seconds: Math.round((performance.now() - startedMs) / 1_000),
      terminals: options.terminals,
      disk: disk.kind,
      readyMsMax,
      ...found,
      violations,
      folder: isKept ? folder : null,
    };
  } catch (error) {
    isKept = error !== signal.reason;
    throw error;
  } finally {
    cleanUp({ ...place, isKept, remains });
  }
}

interface Place {
  /** Of the run: traces, journals, keys. */
  readonly folder: string;
  /** The gateway's. */
  readonly dataFolder: string;
  readonly disk: Disk;
}

async function sellAndJudge(options: ChaosOptions, run: Run & Place) {
  const { seed, terminals, databaseUrl } = options;
  const program = options.gatewayProgram ?? THIS_GATEWAY;
  const database = databaseUrl === null ? {} : { databaseUrl };
  const shop = await makeShop({ ...run, terminals, ...database });
  const scene = await openScene({ ...run, shop, seed, program });
  try {
    const attack = attackOn(scene, options, run);
    await attack.over;
    run.say("healing: the network is good, everybody runs, tills settle what they owe");
    const unsettled = await comeToRest(scene);
    const facts = mergedFacts(scene.factFiles.map(readFactFile));
    run.say(`checking ${facts.length} facts`);
    const { ledger, violations: found } = await judge({ ...shop, ...run, facts, program });
    const slow = slowStarts({ ...options, readyMs: scene.gateway.figures.readyMs });
    const violations = [...unsettled, ...found, ...slow];
    const explained = violations.slice(0, VIOLATIONS_EXPLAINED_MAX);
    return {
      ...assaultFigures(scene, attack),
      sales: salesFigures(facts),
      ledger: ledgerFigures(ledger),
      violations,
      traces: explained.map((one) => explain(one, factsAround(one, facts), ledger)),
    };
  } finally {
    scene.abandon();
  }
}

function assaultFigures({ gateway, tills, proxies }: Scene, { figures }: Assault) {
  const { readyMs, ...ends } = gateway.figures;
  return {
    gateway: { ...ends, pauses: figures.gatewayPauses },
    fullDisks: figures.fullDisks,
    tills: { kills: total(tills, ({ kills }) => kills), pauses: figures.tillPauses },
    network: networkFigures(proxies),
    readyMs: spreadOf(readyMs),
  };
}

const PROGRESS_MS = 10_000;

function attackOn({ gateway, tills }: Scene, options: ChaosOptions, run: Run & Place): Assault {
  const { disk, say } = run;
  const startedMs = performance.now();
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), options.minutesMax * 60_000);
  const signal = AbortSignal.any([run.signal, over.signal]);
  const attack = assault({
    gateway,
    tills,
    disk: disk.small,
    dice: diceOf(options.seed),
    signal,
    isEnough: () => options.kills !== null && gateway.figures.kills >= options.kills,
  });
  const progress = setInterval(() => {
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    const killed = total(tills, ({ kills }) => kills);
    const ready = spreadOf(gateway.figures.readyMs);
    say(
      `${seconds} s: ${gateway.figures.kills} kills of the gateway (ready after ${ready?.p50} ms, at most ${ready?.max}), ${killed} of tills`,
    );
  }, PROGRESS_MS);
  const finish = () => {
    clearTimeout(timer);
    clearInterval(progress);
  };
  attack.over.then(finish, finish);
  return attack;
}

/** What happened while a sale went on, and shortly before and after: a run is long, and most of it is about others. */
function factsAround({ sale }: Violation, facts: readonly Fact[]): readonly Fact[] {
  const own = facts.filter((fact) => "sale" in fact && fact.sale.id === sale?.id);
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return facts;
  const [fromMs, toMs] = [first.atMs - TRACED_AROUND_MS, last.atMs + TRACED_AROUND_MS];
  return facts.filter(({ atMs }) => fromMs <= atMs && atMs <= toMs);
}

function networkFigures(proxies: readonly FaultyProxy[]) {
  const counted = NETWORK_FAULTS.map((fault) => [
    fault,
    total(proxies, ({ faults }) => faults[fault]),
  ]);
  return Object.fromEntries(counted) as Readonly<Record<string, number>>;
}

/** What is kept is kept on a real disk: the small one goes in any case. */
function cleanUp(place: Place & Pick<Run, "remains"> & { readonly isKept: boolean }): void {
  const { folder, dataFolder, disk, isKept, remains } = place;
  if (isKept && disk.small !== null && existsSync(dataFolder)) {
    cpSync(dataFolder, join(folder, "gateway"), { recursive: true });
  }
  if (!isKept) removeFolder(dataFolder);
  disk.small?.remove();
  if (!isKept) for (const made of [disk.folder, folder]) removeFolder(made);
  remains.gone({ kind: disk.small === null ? "folder" : "disk", folder: disk.folder });
  remains.gone({ kind: "folder", folder });
}

function total<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((sum, item) => sum + count(item), 0);
}
