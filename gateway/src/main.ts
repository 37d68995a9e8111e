// The composition root: the only file that knows every part of the gateway and puts them together.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  createParisDays,
  parisDay,
  windowOfAge,
  windowOfDays,
  windowOfMonths,
} from "./catalogue/civil-dates.js";
import { loadProgramme } from "./catalogue/programme.js";
import type { Clock, Random } from "./core/ports.js";
import type { Programme } from "./core/programme.js";
import type { Settlements } from "./core/settlement/ports.js";
import { createVerifier } from "./crypto/verifier.js";
import { type DataFolder, openDataFolder } from "./data-folder.js";
import {
  type Listener,
  listenForHealth,
  listenForOperators,
  listenForTerminals,
} from "./http/listeners.js";
import { createLogger, createMetrics, type Logger, type Metrics } from "./http/observe.js";
import { createOperatorsApp } from "./http/operators/app.js";
import { createApp } from "./http/terminals/app.js";
import { createOperator, type Operator } from "./operator.js";
import { createRegistry, type Registry } from "./registry/registry.js";
import { createSealer } from "./sealer.js";
import { checkHeadsPlace, createHeadsFile } from "./sealer-heads-file.js";
import { createCutoffs, schoolYearOf } from "./settlement/calendar.js";
import { readTransfers } from "./settlement/files/transfers.js";
import { createReimbursements } from "./settlement/reimbursements.js";
import type { Driver } from "./store/driver.js";
import { createStore, type EmbeddedStore } from "./store/engine.js";
import { sqliteDriver } from "./store/sqlite/driver.js";

export interface GatewayOptions {
  /** Folder for keys, certificates and the database. Made at the first start. */
  readonly dataFolder: string;
  /** The programme's data, as parsed JSON. */
  readonly programme: unknown;
  readonly host?: string;
  /** Port of the terminals' listener; 0 lets the system choose. */
  readonly port?: number;
  /** Port of the operators' listener; 0 lets the system choose, as it does by default where it chooses `port`. */
  readonly operatorPort?: number;
  /** Port of the health listener, on loopback; 0 lets the system choose. */
  readonly healthPort?: number;
  /** Names and addresses that terminals call the gateway by. */
  readonly hosts?: readonly string[];
  readonly bodyTimeoutMs?: number;
  readonly log?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Where signed heads of the chain are exported to; `heads.ndjson` in the data folder by default. */
  readonly headsFile?: string;
  readonly sealEveryMs?: number;
  /** Opens the store's driver on a path; SQLite by default. A simulator gives its own disk here. */
  readonly makeDriver?: (path: string) => Driver;
  /** Called once when a commit is in doubt. The process must end; at its next start it recovers by id. */
  readonly onDoubt?: (error: unknown) => void;
}

export interface Gateway {
  /** Where terminals call, for instance `https://127.0.0.1:8443`. */
  readonly url: string;
  /** Where agents call, for instance `https://127.0.0.1:8444`. */
  readonly operatorUrl: string;
  readonly healthUrl: string;
  readonly operator: Operator;
  /** Finishes what was accepted, then lets go of ports and file. */
  close(): Promise<void>;
}

export const DEFAULT_PORT = 8443;
export const DEFAULT_OPERATOR_PORT = 8444;
export const DEFAULT_HEALTH_PORT = 9464;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

export const systemRandom: Random = { bytes: (count) => randomBytes(count) };

/**
 * Starts a gateway on embedded SQLite.
 *
 * @throws DatabaseSetupError, DataFolderError, CatalogueError or a listen error that names what is wrong; nothing is left
 * open then.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { host = "127.0.0.1", hosts = ["localhost", "127.0.0.1"] } = options;
  const { clock = systemClock, random = systemRandom, log = createLogger({}) } = options;
  const programme = loadProgramme(options.programme);
  const folder = openDataFolder({ path: options.dataFolder, hosts, clock, random });
  const headsPath = options.headsFile ?? folder.headsPath;
  checkHeadsPlace(headsPath);
  const metrics = createMetrics(() => store.waiting());
  const verifier = createVerifier(folder.keys);
  const dayOf = createParisDays();
  const store = createStore({
    driver: (options.makeDriver ?? sqliteDriver)(folder.databasePath),
    verifier,
    programme,
    readProgramme: (json) => loadProgramme(JSON.parse(json)),
    calendar: { windowOfAge, windowOfMonths, parisDay },
    dayOf,
    cutoffAfter: createCutoffs(programme.settings.settlement.lastWeekday).endAfter,
    schoolYearOf,
    readTransfers,
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
  const sealer = createSealer({
    chain: store.chain,
    sign: folder.auditKey.sign,
    exportHead: createHeadsFile(headsPath, folder.auditKey),
    clock,
    onError: (error) => log.error({ err: error }, "sealing failed; it is tried again"),
    ...(options.sealEveryMs === undefined ? {} : { sealEveryMs: options.sealEveryMs }),
  });
  metrics.watchExport(sealer.unexportedMs);
  // The sealer stops before the store and after the listeners.
  const closers: (() => Promise<void>)[] = [() => store.close(), () => sealer.close()];
  async function close(): Promise<void> {
    ready = false;
    // Last opened, first closed: the listeners drain before the store does.
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  }
  const { keys, authority } = folder;
  const registry = createRegistry({ store, verifier, keys, random, windowOfDays });
  const settlements = createReimbursements({ store, programme, clock, dayOf });
  const parts = { store, registry, settlements, programme, keys, authority, clock, random };
  const operator = createOperator(parts);
  try {
    const addresses = await openListeners({
      options,
      host,
      folder,
      store,
      registry,
      settlements,
      operator,
      programme,
      clock,
      log,
      metrics,
      isReady: () => ready,
      onOpen: (listener) => closers.push(listener.close),
    });
    return { ...addresses, operator, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Serving {
  readonly options: GatewayOptions;
  readonly host: string;
  readonly folder: DataFolder;
  readonly store: EmbeddedStore;
  readonly registry: Registry;
  readonly settlements: Settlements;
  readonly operator: Operator;
  readonly programme: Programme;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly isReady: () => boolean;
  readonly onOpen: (listener: Listener) => void;
}

/** Opens health, terminals' and operators' listener, in this order. */
async function openListeners(
  parts: Serving,
): Promise<Pick<Gateway, "url" | "operatorUrl" | "healthUrl">> {
  const { options, host, folder, programme, log, metrics, isReady, onOpen } = parts;
  const { healthPort = DEFAULT_HEALTH_PORT, port = DEFAULT_PORT } = options;
  const { operatorPort = port === 0 ? 0 : DEFAULT_OPERATOR_PORT } = options;
  const tls = { ...folder.server, authority: folder.authority.certificate };
  const health = await listenForHealth({ port: healthPort, metrics, isReady });
  onOpen(health);
  const terminals = await listenForTerminals(terminalsApp(parts), { host, port, tls });
  onOpen(terminals);
  const forAgents = { host, port: operatorPort, tls };
  const operators = await listenForOperators(operatorsApp(parts), forAgents);
  onOpen(operators);
  const ports = {
    port: terminals.port,
    operatorPort: operators.port,
    healthPort: health.port,
  };
  log.info({ ...ports, programme: programme.hash }, "serving");
  return {
    url: `https://${host}:${terminals.port}`,
    operatorUrl: `https://${host}:${operators.port}`,
    healthUrl: `http://127.0.0.1:${health.port}`,
  };
}

function terminalsApp({ options, folder, store, programme, clock, log, metrics }: Serving) {
  const { keyId, publicKey } = folder.keys.qr;
  const spki = publicKey.export({ type: "spki", format: "der" });
  return createApp({
    store,
    clock,
    programme,
    log,
    metrics,
    windowOfDays,
    qrKeys: [{ keyId, publicKey: spki.toString("base64") }],
    openApi: readOpenApi(),
    ...bodyTimeout(options),
  });
}

function operatorsApp(parts: Serving) {
  const { options, store, registry, settlements, operator, clock, log, metrics } = parts;
  const { issueAgent, revokeAgent, revokeTerminal } = operator;
  const { actForTerminal, settle, readStatusReport } = operator;
  const { submit } = registry;
  const agents = { issueAgent, revokeAgent, revokeTerminal };
  return createOperatorsApp({
    backend: { store, submit, settlements, ...agents, actForTerminal, settle, readStatusReport },
    clock,
    log,
    metrics,
    ...bodyTimeout(options),
  });
}

function bodyTimeout({ bodyTimeoutMs }: GatewayOptions): { readonly bodyTimeoutMs?: number } {
  return bodyTimeoutMs === undefined ? {} : { bodyTimeoutMs };
}

function readOpenApi(): string {
  const path = createRequire(import.meta.url).resolve("@pass-tpe/protocol/openapi.json");
  return readFileSync(path, "utf8");
}
