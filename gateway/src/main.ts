// The composition root: the only file that knows every part of the gateway and puts them together.

import { randomBytes } from "node:crypto";
import { assembleGateway } from "./assemble.js";
import { loadProgramme } from "./catalogue/programme.js";
import { watchCertificates } from "./certificates.js";
import type { Clock, Random } from "./core/ports.js";
import type { Identity } from "./crypto/authority.js";
import type { LimitOptions } from "./http/limits/limits.js";
import type { Listener } from "./http/listeners.js";
import { createLogger, type Logger } from "./http/observe.js";
import { openFolder } from "./open-folder.js";
import type { Operator } from "./operator.js";
import { createHeadsFile } from "./sealer-heads-file.js";
import { type Addresses, type ListenerOptions, openListeners } from "./serving.js";
import type { Driver } from "./store/driver.js";
import { sqliteDriver } from "./store/sqlite/driver.js";

export interface GatewayOptions extends ListenerOptions {
  /** Folder for keys, certificates and the database. Made at the first start. */
  readonly dataFolder: string;
  /** What the keys in that folder are sealed under: 32 bytes, kept elsewhere. See `pass-tpe keys init`. */
  readonly storeKey: Uint8Array;
  /** The programme's data, as parsed JSON. */
  readonly programme: unknown;
  readonly host?: string;
  /** Names and addresses that terminals call the gateway by. */
  readonly hosts?: readonly string[];
  /** How much one terminal may ask and one card be shown; `null` for no limits and no alarms. */
  readonly limits?: LimitOptions | null;
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

export interface Gateway extends Addresses {
  readonly operator: Operator;
  /** Finishes what was accepted, then lets go of ports and file. */
  close(): Promise<void>;
}

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
  const { dataFolder: path, storeKey, headsFile, makeDriver = sqliteDriver } = options;
  const found = { path, storeKey, hosts, headsFile, makeDriver, clock, random };
  const { folder, driver, headsPath } = await openFolder(found);
  const { keys } = folder;
  let ready = true;
  const assembly = assembleGateway({
    driver,
    keys,
    programme,
    clock,
    random,
    log,
    limits: options.limits === undefined ? {} : options.limits,
    exportHead: createHeadsFile(headsPath, keys.audit),
    sealEveryMs: options.sealEveryMs,
    onDoubt(error) {
      ready = false;
      log.fatal({ err: error }, "a commit is in doubt: the process must stop and recover by id");
      options.onDoubt?.(error);
    },
  });
  const { store, sealer, metrics, operator } = assembly;
  const listeners: Listener[] = [];
  const present = (server: Identity) => {
    for (const listener of listeners) listener.present?.(server);
  };
  const certificates = watchCertificates({ folder, present, clock, log });
  metrics.watchCertificates(certificates.lastsMs);
  // The sealer stops before the store and after the listeners; what writes keys holds the ledger until it has.
  const closers = [() => store.close(), () => certificates.close(), () => sealer.close()];
  async function close(): Promise<void> {
    ready = false;
    // Last opened, first closed: the listeners drain before the store does.
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  }
  try {
    const addresses = await openListeners({
      ...assembly,
      options,
      host,
      server: folder.server,
      isReady: () => ready,
      onOpen(listener) {
        listeners.push(listener);
        closers.push(listener.close);
      },
    });
    return { ...addresses, operator, close };
  } catch (error) {
    await close();
    throw error;
  }
}
