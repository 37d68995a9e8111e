// Everything that runs in a chaos run: a gateway that is kept alive, tills, and a bad network for each of them.

import { join } from "node:path";
import type { Violation } from "../checker/facts.js";
import { freePorts } from "../free-ports.js";
import { openFactFile } from "./fact-file.js";
import { type FaultyProxy, startFaultyProxy } from "./faulty-proxy.js";
import { type GatewayKeeper, keepGateway } from "./gateway-keeper.js";
import { dice as diceOf } from "./random.js";
import type { Remains } from "./remains.js";
import type { Shop, ShopTill } from "./shop.js";
import { IDLE_MS_MAX, RUN_DEADLINES } from "./till-config.js";
import { keepTill, SELLING_MS_MAX, SETTLE_MS_MAX, type TillKeeper } from "./till-keeper.js";
import { RUN_RULES } from "./verdict.js";

/** Everything that runs. */
export interface Scene {
  readonly gateway: GatewayKeeper;
  readonly tills: readonly TillKeeper[];
  readonly proxies: readonly FaultyProxy[];
  readonly factFiles: readonly string[];
  closeFacts(): void;
  /** Ends everything without a word, where the run cannot go on. */
  abandon(): void;
}

/**
 * Starts the gateway, and each till behind a network of its own. Resolves once each of them sells: what is broken then,
 * and measured, is broken under load.
 *
 * @throws the signal's reason where it fires meanwhile, and what a start that failed threw; nothing runs any more then.
 */
export async function openScene(options: {
  readonly shop: Shop;
  readonly folder: string;
  readonly seed: number;
  readonly program: string;
  readonly remains: Remains;
  readonly signal: AbortSignal;
}): Promise<Scene> {
  const { shop, folder, seed, program, remains, signal } = options;
  const startedAtMs = Date.now();
  const [terminals = 0, operators = 0, holders = 0, health = 0] = await freePorts(4);
  const ownFile = join(folder, "run.ndjson");
  const own = openFactFile(ownFile);
  const { tell } = own;
  const ports = { terminals, operators, holders, health };
  const command = { ...shop, program, logFile: join(folder, "gateway.log"), ports };
  signal.throwIfAborted();
  const gateway = keepGateway({ command, tell, remains });
  const proxies: FaultyProxy[] = [];
  const tills: TillKeeper[] = [];
  const factFiles = [ownFile];
  const abandon = () => {
    for (const till of tills) till.end();
    gateway.abandon();
  };
  try {
    await unlessAborted(signal, gateway.serving());
    for (const [index, till] of shop.tills.entries()) {
      signal.throwIfAborted();
      const proxy = await startFaultyProxy({ to: terminals, dice: diceOf(seed + 1_000 + index) });
      proxies.push(proxy);
      const config = configOf(till, { proxy, seed: seed + 10_000 * (index + 1), startedAtMs });
      factFiles.push(config.factsFile);
      tills.push(keepTill({ config, folder: till.folder, tell, remains }));
    }
    const selling = Promise.all(tills.map((till) => till.selling(SELLING_MS_MAX)));
    await unlessAborted(signal, selling);
  } catch (error) {
    abandon();
    throw error;
  }
  return { gateway, tills, proxies, factFiles, closeFacts: own.close, abandon };
}

/** @throws the signal's reason where it fires first. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function configOf(
  till: ShopTill,
  run: { readonly proxy: FaultyProxy; readonly seed: number; readonly startedAtMs: number },
) {
  const { proxy, seed, startedAtMs } = run;
  return {
    terminal: till.terminal,
    gateway: `https://127.0.0.1:${proxy.port}`,
    credentials: till.credentials,
    pinKeyFile: till.pinKeyFile,
    journal: join(till.folder, "journal"),
    factsFile: join(till.folder, "facts.ndjson"),
    seed,
    startedAtMs,
    customers: till.customers,
    deadlines: RUN_DEADLINES,
    idleMsMax: IDLE_MS_MAX,
  };
}

/** Heals, settles and ends everything. @returns what the run itself has found. */
export async function comeToRest(scene: Scene): Promise<readonly Violation[]> {
  const { gateway, tills, proxies } = scene;
  for (const proxy of proxies) proxy.heal();
  await gateway.serving();
  const settled = await Promise.allSettled(tills.map((till) => till.settle(SETTLE_MS_MAX)));
  const unsettled = settled.flatMap((one) =>
    one.status === "fulfilled" ? one.value : [String(one.reason)],
  );
  for (const till of tills) till.end();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  const { code, complaint } = await gateway.stop();
  scene.closeFacts();
  const surprises = [
    ...gateway.failures,
    ...tills.flatMap(({ failures }) => failures),
    ...(code === 0 ? [] : [`SIGTERM ended the gateway with ${code}: ${complaint}`]),
  ];
  return [
    ...unsettled.map((found) => ({ rule: RUN_RULES.settled, found, sale: null })),
    ...surprises.map((found) => ({ rule: RUN_RULES.noSurprise, found, sale: null })),
  ];
}
