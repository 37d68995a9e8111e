// The composition root: the only file that knows every part of the gateway and puts them together.

import { randomBytes } from "node:crypto";
import {
  createParisDays,
  parisDay,
  windowOfAge,
  windowOfDays,
  windowOfMonths,
} from "./catalogue/civil-dates.js";
import { loadProgramme } from "./catalogue/programme.js";
import { watchCertificates } from "./certificates.js";
import type { Clock, Random } from "./core/ports.js";
import type { Identity } from "./crypto/authority.js";
import { createPasswords } from "./crypto/passwords.js";
import { createVerifier } from "./crypto/verifier.js";
import { createTerminalLife } from "./enrolment.js";
import { createHolders } from "./holders.js";
import { createLimits, type LimitOptions } from "./http/limits/limits.js";
import { tellAlarms } from "./http/limits/tell.js";
import type { Listener } from "./http/listeners.js";
import { createLogger, createMetrics, type Logger } from "./http/observe.js";
import { openFolder } from "./open-folder.js";
import { createOperator, type Operator } from "./operator.js";
import { createQrCodes } from "./qr-codes.js";
import { createRegistry } from "./registry/registry.js";
import { createSealer } from "./sealer.js";
import { createHeadsFile } from "./sealer-heads-file.js";
import { type Addresses, type ListenerOptions, openListeners } from "./serving.js";
import { createCutoffs, schoolYearOf } from "./settlement/calendar.js";
import { readTransfers } from "./settlement/files/transfers.js";
import { createReimbursements } from "./settlement/reimbursements.js";
import type { Driver } from "./store/driver.js";
import { createStore } from "./store/engine.js";
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
  const metrics = createMetrics(() => store.waiting());
  const limits = createLimits(
    options.limits === undefined ? {} : options.limits,
    tellAlarms({ log, metrics }),
  );
  const verifier = createVerifier(folder.keys);
  const dayOf = createParisDays();
  const store = createStore({
    driver,
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
    admit: limits.admit,
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
    sign: folder.keys.audit.sign,
    exportHead: createHeadsFile(headsPath, folder.keys.audit),
    clock,
    onError: (error) => log.error({ err: error }, "sealing failed; it is tried again"),
    ...(options.sealEveryMs === undefined ? {} : { sealEveryMs: options.sealEveryMs }),
  });
  metrics.watchExport(sealer.unexportedMs);
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
  const { keys } = folder;
  const registry = createRegistry({ store, verifier, keys, windowOfDays });
  const settlements = createReimbursements({ store, programme, clock, dayOf });
  const terminals = createTerminalLife({ store, keys, clock, random });
  const parts = { store, terminals, registry, settlements, programme, keys, clock, random };
  const operator = createOperator(parts);
  const passwords = createPasswords(random);
  const holders = createHolders({ store: store.holders, keys, passwords, clock, random });
  try {
    const addresses = await openListeners({
      options,
      host,
      folder,
      store,
      registry,
      settlements,
      operator,
      issueQrCodes: createQrCodes({ store, keys, clock, random }),
      enrolment: terminals,
      holders,
      limits,
      programme,
      clock,
      log,
      metrics,
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
