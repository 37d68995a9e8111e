// One life of a gateway: the real store, sealer and terminals' application over a simulated disk, clock and wire.

import { createServer } from "node:http";
import type { Socket } from "node:net";
import {
  type AssemblyOptions,
  assembleGateway,
  createClockGuard,
  createLogger,
  type Driver,
  terminalsApp,
} from "@pass-tpe/gateway/parts";
import { Life } from "./life.js";
import { type GatewayDisk, mortalDriver } from "./mortal-driver.js";
import type { Door } from "./network.js";
import type { SimulatedSocket } from "./socket.js";
import type { Timeline } from "./timeline.js";

/** Heads are exported in no time, to nowhere: what a sealer does with a medium is not simulated. */
const EXPORT_NOWHERE = async () => undefined;

/** Nothing of a certificate is simulated but whose it is. */
const NEVER_ENDS_MS = Number.MAX_SAFE_INTEGER;

export interface GatewayLifeOptions
  extends Pick<AssemblyOptions, "keys" | "programme" | "clock" | "random"> {
  readonly timeline: Timeline;
  /** What outlives the gateway. */
  readonly durable: Driver;
  readonly disk: GatewayDisk;
  /** Stands between the store and its disk, for one life. */
  readonly wrapGatewayDriver?: ((driver: Driver) => Driver) | undefined;
  /** The fingerprint by which the gateway knows a terminal. */
  readonly fingerprintOf: (terminal: string) => string;
  /** Called once when a commit is in doubt: the process must end. */
  readonly onDoubt: () => void;
}

export interface GatewayLife {
  readonly door: Door;
  /** Its timers: none runs once it is killed. */
  after(delayMs: number, run: () => void): void;
  /** As `kill -9`. */
  kill(): void;
}

const SILENT = createLogger({ level: "silent" });

/** Starts a gateway on what is durable. */
export function startGatewayLife(options: GatewayLifeOptions): GatewayLife {
  const { timeline, durable, disk, keys, programme, clock, random, fingerprintOf } = options;
  const life = new Life(timeline);
  const { wrapGatewayDriver = (it) => it } = options;
  const driver = wrapGatewayDriver(mortalDriver(durable, { life, disk }));
  const after = (delayMs: number, run: () => void) => life.after(delayMs, run);
  const guard = createClockGuard({ clock, log: SILENT, after });
  const assembly = assembleGateway({
    driver,
    keys,
    programme,
    clock,
    random,
    log: SILENT,
    limits: null,
    exportHead: EXPORT_NOWHERE,
    after,
    closed: () => guard.closed(),
    schedule: (run) => life.after(0, run),
    onDoubt: options.onDoubt,
  });
  const terminals = new WeakMap<Socket | SimulatedSocket, string>();
  const app = terminalsApp(assembly, {}, ({ socket }) => {
    const terminal = terminals.get(socket);
    if (terminal === undefined) return null;
    const fingerprint = fingerprintOf(terminal);
    return { fingerprint, organizationalUnit: null, endsAtMs: NEVER_ENDS_MS };
  });
  const patience = { headersTimeout: 0, requestTimeout: 0, keepAliveTimeout: 0 };
  const server = createServer({ ...patience, connectionsCheckingInterval: 2 ** 30 }, app);
  const sockets = new Set<SimulatedSocket>();
  return {
    door: {
      accept(socket, terminal) {
        terminals.set(socket, terminal);
        sockets.add(socket);
        socket.once("close", () => sockets.delete(socket));
        server.emit("connection", socket);
      },
    },
    after,
    kill() {
      life.end();
      for (const socket of sockets) socket.destroy();
    },
  };
}
