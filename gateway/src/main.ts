// The composition root: the only file that knows every part of the gateway and puts them together.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { loadProgramme } from "./catalogue/programme.js";
import type { Clock, Random } from "./core/ports.js";
import { createVerifier } from "./crypto/verifier.js";
import { openDataFolder } from "./data-folder.js";
import { createApp } from "./http/app.js";
import { listenForHealth, listenForTerminals } from "./http/listeners.js";
import { createLogger, createMetrics, type Logger } from "./http/observe.js";
import { createOperator, type Operator } from "./operator.js";
import type { Driver } from "./store/driver.js";
import { createStore } from "./store/engine.js";
import { sqliteDriver } from "./store/sqlite/driver.js";

export interface GatewayOptions {
  /** Folder for keys, certificates and the database. Made at the first start. */
  readonly dataFolder: string;
  /** The programme's data, as JSON. */
  readonly programme: unknown;
  readonly host?: string;
  /** Port of the terminals' listener; 0 lets the system choose. */
  readonly port?: number;
  /** Port of the health listener, on loopback; 0 lets the system choose. */
  readonly healthPort?: number;
  /** Names and addresses that terminals call the gateway by. */
  readonly hosts?: readonly string[];
  readonly bodyTimeoutMs?: number;
  readonly log?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Opens the store's driver on a path; SQLite by default. A simulator gives its own disk here. */
  readonly makeDriver?: (path: string) => Driver;
  /** Called once when a commit is in doubt. The process must end; at its next start it recovers by id. */
  readonly onDoubt?: (error: unknown) => void;
}

export interface Gateway {
  /** Where terminals call, for instance `https://127.0.0.1:8443`. */
  readonly url: string;
  readonly healthUrl: string;
  readonly operator: Operator;
  /** Finishes what was accepted, then lets go of ports and file. */
  close(): Promise<void>;
}

export const DEFAULT_PORT = 8443;
export const DEFAULT_HEALTH_PORT = 9464;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

export const systemRandom: Random = { bytes: (count) => randomBytes(count) };

/**
 * Starts a gateway on embedded SQLite.
 *
 * @throws DatabaseSetupError, ZodError or a listen error that names what is wrong; nothing is left open then.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { host = "127.0.0.1", hosts = ["localhost", "127.0.0.1"] } = options;
  const { clock = systemClock, random = systemRandom, log = createLogger({}) } = options;
  const programme = loadProgramme(options.programme);
  const folder = openDataFolder({ path: options.dataFolder, hosts, clock, random });
  const metrics = createMetrics(() => store.waiting());
  const store = createStore({
    driver: (options.makeDriver ?? sqliteDriver)(folder.databasePath),
    verifier: createVerifier(folder.keys),
    programme,
    readProgramme: (json) => loadProgramme(JSON.parse(json)),
    clock,
    random,
    onCommit: metrics.observeCommit,
    onDoubt(error) {
      ready = false;
      log.fatal({ err: error }, "a commit is in doubt: the process must stop and recover by id");
      options.onDoubt?.(error);
    },
  });
  let ready = true;
  const closers: (() => Promise<void>)[] = [() => store.close()];
  async function close(): Promise<void> {
    ready = false;
    // Last opened, first closed: the listeners drain before the store does.
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  }
  try {
    const { keyId, publicKey } = folder.keys.qr;
    const spki = publicKey.export({ type: "spki", format: "der" });
    const app = createApp({
      store,
      clock,
      programme,
      qrKeys: [{ keyId, publicKey: spki.toString("base64") }],
      log,
      metrics,
      openApi: readOpenApi(),
      ...(options.bodyTimeoutMs === undefined ? {} : { bodyTimeoutMs: options.bodyTimeoutMs }),
    });
    const { healthPort = DEFAULT_HEALTH_PORT, port = DEFAULT_PORT } = options;
    const health = await listenForHealth({ port: healthPort, metrics, isReady: () => ready });
    closers.push(health.close);
    const tls = { ...folder.server, authority: folder.authority.certificate };
    const terminals = await listenForTerminals(app, { host, port, tls });
    closers.push(terminals.close);
    log.info(
      { port: terminals.port, healthPort: health.port, programme: programme.hash },
      "serving",
    );
    const parts = {
      store,
      programme,
      keys: folder.keys,
      authority: folder.authority,
      clock,
      random,
    };
    return {
      url: `https://${host}:${terminals.port}`,
      healthUrl: `http://127.0.0.1:${health.port}`,
      operator: createOperator(parts),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function readOpenApi(): string {
  const path = createRequire(import.meta.url).resolve("@pass-tpe/protocol/openapi.json");
  return readFileSync(path, "utf8");
}
