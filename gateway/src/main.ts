// The composition root: the only file that knows every part of the gateway and puts them together.

import type { Archiver } from "./archive/archiver.js";
import { type ArchiveOptions, createBackups, startArchiving } from "./archiving.js";
import { createAsking } from "./asked.js";
import { type Assembly, assembleGateway } from "./assemble.js";
import { loadProgramme } from "./catalogue/programme.js";
import { watchCertificates } from "./certificates.js";
import { checkClock } from "./clock-guard.js";
import type { Clock, Random } from "./core/ports.js";
import type { Identity } from "./crypto/authority.js";
import { pathsIn } from "./data-folder-files.js";
import { watchFitness } from "./fitness.js";
import type { FollowedKeys } from "./followed-keys.js";
import { gapsAtStart } from "./gaps.js";
import { afterTimeout } from "./http/after.js";
import { watchArrivals } from "./http/arrivals.js";
import type { LimitOptions } from "./http/limits/limits.js";
import type { Listener } from "./http/listeners.js";
import { createLogger, type Logger, type Standing } from "./http/observe.js";
import { ledgerPlace } from "./ledger-place.js";
import { type LedgerWatch, watchLedger } from "./ledger-watch.js";
import { openFolder } from "./open-folder.js";
import type { Operator } from "./operator.js";
import { createHeadsFile } from "./sealer-heads-file.js";
import { type Addresses, type ListenerOptions, openListeners } from "./serving.js";
import type { Driver } from "./store/driver.js";
import { LedgerDamagedError, LedgerWentBackError } from "./store/failures.js";
import type { PostgresOptions } from "./store/postgres/options.js";
import { sqliteDriver } from "./store/sqlite/driver.js";
import { systemRandom } from "./system-random.js";
import { markWentBack } from "./went-back.js";

export interface GatewayOptions extends ListenerOptions {
  /** Folder for keys, certificates and, where it is a file, the database. Made at the first start. */
  readonly dataFolder: string;
  /** A PostgreSQL database that several gateways may share, in the place of the file; each has a folder with the same keys. */
  readonly database?: PostgresOptions | null;
  /** A new ledger begins in that database, which is empty, under keys that the folder has already. */
  readonly beginsLedger?: boolean;
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
  /** Where the ledger is archived while it serves; nowhere by default. */
  readonly archive?: ArchiveOptions;
  /** Opens a ledger that is a file; with SQLite by default. A simulator gives its own disk here. */
  readonly makeDriver?: (path: string) => Driver;
  /** With less free on the disk of a ledger that is a file nothing new is decided; 0 for no floor. */
  readonly diskFloorBytes?: number;
  /** The operator says that the clock is right, though it is far from the ledger's last decision. */
  readonly clockIsRight?: boolean;
  /**
   * Called once when a commit is in doubt, or the ledger's file is damaged (`LedgerDamagedError`). The process must end;
   * at its next start it recovers by id, or says that the ledger must be restored.
   */
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

export { systemRandom } from "./system-random.js";

/**
 * Starts a gateway on embedded SQLite, or on a PostgreSQL database.
 *
 * @throws DatabaseSetupError, DataFolderError, ClockError, CatalogueError or a listen error that names what is wrong; nothing is left
 * open then.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { host = "127.0.0.1", hosts = ["localhost", "127.0.0.1"] } = options;
  const { clock = systemClock, random = systemRandom, log = createLogger({}) } = options;
  const programme = loadProgramme(options.programme);
  const { dataFolder: path, storeKey, headsFile, archive } = options;
  const isArchived = archive !== undefined;
  const findsRecentSales = programme.settings.velocity !== null;
  const { makeDriver = (at: string) => sqliteDriver(at, { isArchived, findsRecentSales }) } =
    options;
  const place = ledgerPlace(path, options.database ?? null);
  const { beginsLedger } = options;
  const found = {
    path,
    storeKey,
    hosts,
    headsFile,
    place,
    beginsLedger,
    makeDriver,
    clock,
    random,
  };
  const { folder, driver, headsPath, exported } = await openFolder(found);
  const { keys, followed } = folder;
  const fitness = await fitAtStart({ ...options, driver, clock, log });
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
    exported,
    sealEveryMs: options.sealEveryMs,
    closed: (command) => fitness.closed(command) ?? followed.closed(),
    clockClosed: fitness.clockClosed,
    gaps: await gapsAtStart(driver, clock.nowMs()),
    onDoubt(error) {
      ready = false;
      log.fatal({ err: error }, whyItStops(error));
      if (error instanceof LedgerWentBackError) markOrTell(path, { error, clock, log });
      options.onDoubt?.(error);
    },
  });
  const { store, sealer, metrics, operator } = assembly;
  const listeners: Listener[] = [];
  const present = (server: Identity) => {
    for (const listener of listeners) listener.present?.(server);
  };
  const { clockClosed } = fitness;
  const certificates = watchCertificates({ folder, present, clock, clockClosed, log });
  metrics.watchCertificates(certificates.lastsMs);
  const isBehind = () => followed.unfit() !== null;
  metrics.watchStanding(() =>
    withReasons(fitness.standing(), { gap: assembly.gaps.isOpen(), keys: isBehind() }),
  );
  // How long the process was busy is real time: it says nothing of requests that are timed by another clock.
  const arrivals = clock === systemClock ? watchArrivals({ after: afterTimeout }) : null;
  // The sealer stops before the store and after the listeners; what writes keys holds the ledger until it has.
  const closers = [
    () => store.close(),
    async () => archiver?.close(),
    async () => watch?.close(),
    async () => fitness.close(),
    async () => arrivals?.close(),
    () => certificates.close(),
    () => sealer.close(),
  ];
  let archiver: Archiver | null = null;
  const watch = watchOthers({ driver, assembly, followed, log });
  async function close(): Promise<void> {
    ready = false;
    // Last opened, first closed: the listeners drain before the store does.
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  }
  try {
    if (archive !== undefined) {
      const { keysPath } = pathsIn(path);
      const { standing } = fitness;
      const observed = { log, metrics, standing, clock, after: afterTimeout };
      archiver = await startArchiving({ options: archive, driver, keysPath, ...observed });
    }
    await watch?.look();
    const backups = createBackups({ archiver, ask: createAsking({ store, clock, random }) });
    const addresses = await openListeners({
      ...assembly,
      unreadMs: arrivals?.unreadMs ?? (() => 0),
      backups,
      options,
      host,
      server: folder.server,
      unready: () =>
        ready ? (fitness.unfit() ?? followed.unfit()) : "it stops, or a commit is in doubt",
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

/** Terminals have to reach a gateway with an open gap: it is ready, and sells nothing. */
function withReasons(standing: Standing, reasons: Standing["closed"]): Standing {
  return { ...standing, closed: { ...standing.closed, ...reasons } };
}

/** A folder that takes no mark must not keep the process from ending. */
function markOrTell(
  folder: string,
  { error, clock, log }: { error: LedgerWentBackError; clock: Clock; log: Logger },
): void {
  try {
    markWentBack(folder, { atMs: clock.nowMs(), why: error.message });
  } catch (failed) {
    log.error({ err: failed }, "the data folder could not be marked");
  }
}

function whyItStops(error: unknown): string {
  if (error instanceof LedgerWentBackError) return WENT_BACK;
  return error instanceof LedgerDamagedError ? DAMAGED : IN_DOUBT;
}

const WENT_BACK =
  "the ledger went back in time: the process must stop, and the next start is refused. Operator: stop every gateway, find out what was lost, and open a gap with `pass-tpe gap open`";
const IN_DOUBT = "a commit is in doubt: the process must stop and recover by id";
const DAMAGED =
  "the ledger's file is damaged: the process must stop. Operator: restore the ledger from its backup";

/** Where there are others on the same ledger, hears what they change of what is kept in memory here. */
function watchOthers(parts: {
  readonly driver: Driver;
  readonly assembly: Assembly;
  readonly followed: FollowedKeys;
  readonly log: Logger;
}): LedgerWatch | null {
  const { driver, assembly, followed, log } = parts;
  const { shared } = driver;
  if (shared === undefined) return null;
  return watchLedger({
    look: shared,
    async hear({ keys, gaps }) {
      if (keys !== null) followed.hear(keys, log);
      await assembly.gaps.hear(gaps);
    },
    // Read again in its turn, which stops the store where it is so.
    wentBack: (head) => void assembly.store.chain.hold(head).catch(() => undefined),
    after: afterTimeout,
  });
}

/** Looks at the clock, and at the disk or the database, before anything is decided. Lets go of the driver where they are not fit for it. */
async function fitAtStart(
  parts: Pick<GatewayOptions, "dataFolder" | "diskFloorBytes" | "clockIsRight"> & {
    readonly driver: Driver;
    readonly clock: Clock;
    readonly log: Logger;
  },
) {
  const { driver, clock, log, dataFolder: folder, diskFloorBytes: floorBytes } = parts;
  const { clockIsRight: isSaidRight = false } = parts;
  try {
    const lastMs = await driver.lastInstantMs();
    checkClock({ nowMs: clock.nowMs(), lastMs }, { isSaidRight, log });
    const { database } = driver;
    const ledgerOn = database ? { database } : { folder, floorBytes };
    return await watchFitness({ clock, log, after: afterTimeout, ledgerOn });
  } catch (error) {
    await driver.close();
    throw error;
  }
}
