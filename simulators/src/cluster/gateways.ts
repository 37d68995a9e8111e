// The two gateways of a cluster: real processes with the same keys on one database, killed, paused and started again.

import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import type { Remains } from "../chaos/remains.js";
import type { Cluster } from "./cluster.js";
import { deployed } from "./deployed.js";
import { FRONT, GATEWAYS, type GatewayName, PORTS } from "./members.js";
import { killAt, processesAt, tellAt } from "./processes.js";
import { startProgram, tailOf } from "./program.js";

/** As it was built, also where this runs from its source. */
export const GATEWAY_PROGRAM = fileURLToPath(
  new URL("../dist/cli.js", import.meta.resolve("@pass-tpe/gateway")),
);
const READY_MS_MAX = 60_000;
const LOOK_EVERY_MS = 100;
const ANSWER_MS = 1_000;
/** The one file of a data folder that gateways share: the sealed keys. */
const KEYS_FILE = "keys.json";

export interface ClusterGateway {
  readonly dataFolder: string;
  readonly logFile: string;
  /** Its own terminals' listener, past HAProxy. */
  readonly url: string;
  readonly healthUrl: string;
  /** Starts it where it does not run. */
  start(): void;
  kill(): void;
  pause(): void;
  resume(): void;
  /** Asks once. */
  isReady(): Promise<boolean>;
}

export interface ClusterGateways {
  readonly all: Readonly<Record<GatewayName, ClusterGateway>>;
  /** Where terminals call: HAProxy, which leads to a gateway that is ready. */
  readonly url: string;
  readonly operatorUrl: string;
  readonly holderUrl: string;
  /** Resolves once both are ready, and HAProxy has seen it. @throws Error with the logs' ends. */
  ready(): Promise<void>;
}

export interface GatewaysOptions {
  readonly cluster: Cluster;
  readonly remains: Remains;
  /** With `store.key` and `programme.json`, and the sealed keys in `keys/`. */
  readonly folder: string;
  /** More for `pass-tpe serve`. */
  readonly args?: readonly string[];
  /** Told of each end, also of one that was made here: its exit code, null where a signal ended it. */
  readonly onEnd?: (name: GatewayName, code: number | null) => void;
}

/** Where the keys of all gateways are made, in the folder of {@link GatewaysOptions}. */
export const keysFolder = (folder: string): string => join(folder, "keys");

/** Gives both gateways the same keys, and starts them as `deploy/pass-tpe.service` does. */
export function startGateways(options: GatewaysOptions): ClusterGateways {
  const { addressOf } = options.cluster.network;
  const all = { gw1: makeGateway("gw1", options), gw2: makeGateway("gw2", options) };
  for (const name of GATEWAYS) all[name].start();
  const front = (port: number) => `https://${addressOf(FRONT)}:${port}`;
  return {
    all,
    url: front(PORTS.terminals),
    operatorUrl: front(PORTS.operators),
    holderUrl: front(PORTS.holders),
    async ready() {
      const giveUpMs = performance.now() + READY_MS_MAX;
      for (;;) {
        const ready = await Promise.all(GATEWAYS.map((name) => all[name].isReady()));
        if (!ready.includes(false) && (await isLedOn(addressOf(FRONT)))) return;
        if (performance.now() > giveUpMs) {
          const logs = GATEWAYS.map(
            (name) => `${all[name].logFile}:\n${tailOf(all[name].logFile)}`,
          );
          throw new Error(`no two gateways ready after ${READY_MS_MAX} ms\n${logs.join("\n")}`);
        }
        await pause(LOOK_EVERY_MS);
      }
    },
  };
}

function makeGateway(name: GatewayName, options: GatewaysOptions): ClusterGateway {
  const { cluster, remains, folder, args = [], onEnd } = options;
  const { network, databaseUrl } = cluster;
  const home = join(cluster.folder, name);
  const dataFolder = join(home, "data");
  const logFile = join(home, "log");
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  copyFileSync(join(keysFolder(folder), KEYS_FILE), join(dataFolder, KEYS_FILE));
  const address = network.addressOf(name);
  const healthUrl = `http://${address}:${PORTS.health}`;
  const asDeployed = serveArguments({
    STATE_DIRECTORY: dataFolder,
    CREDENTIALS_DIRECTORY: folder,
    CONFIGURATION_DIRECTORY: folder,
    GATEWAY_ADDRESS: address,
    PUBLIC_NAME: network.addressOf(FRONT),
  });
  return {
    dataFolder,
    logFile,
    url: `https://${address}:${PORTS.gatewayTerminals}`,
    healthUrl,
    start() {
      if (processesAt(home).length > 0) return;
      const child = startProgram({
        command: [process.execPath, GATEWAY_PROGRAM, ...asDeployed, ...args],
        within: network.within(name),
        folder: home,
        logFile,
        runAs: {},
        env: { DATABASE_URL: databaseUrl },
        remains,
      });
      child.once("exit", (code) => onEnd?.(name, code));
    },
    kill: () => killAt(home),
    pause: () => tellAt(home, "SIGSTOP"),
    resume: () => tellAt(home, "SIGCONT"),
    async isReady() {
      try {
        const signal = AbortSignal.timeout(ANSWER_MS);
        return (await fetch(`${healthUrl}/readyz`, { signal })).ok;
      } catch {
        return false;
      }
    },
  };
}

/** Whether HAProxy leads a terminal to anybody: it learns of a gateway by looking. */
function isLedOn(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const caller = connect({ host, port: PORTS.terminals, rejectUnauthorized: false });
    const tell = (isLed: boolean) => {
      resolve(isLed);
      caller.destroy();
    };
    caller.once("secureConnect", () => tell(true));
    caller.once("error", () => tell(false));
    caller.once("close", () => tell(false));
    caller.setTimeout(ANSWER_MS, () => tell(false));
  });
}

/** What the service file starts the program with. */
function serveArguments(values: Readonly<Record<string, string>>): readonly string[] {
  const unit = deployed("pass-tpe.service", values).replaceAll("\\\n", " ");
  const line = /^ExecStart=\S+ (.*)$/m.exec(unit)?.[1];
  if (line === undefined) throw new Error("deploy/pass-tpe.service starts nothing");
  return line.split(/\s+/);
}
