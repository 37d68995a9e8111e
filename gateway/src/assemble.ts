// Puts together what a gateway is, whatever its data folder and its listeners are: a simulator builds the same.

import {
  createParisDays,
  parisDay,
  windowOfAge,
  windowOfDays,
  windowOfMonths,
} from "./catalogue/civil-dates.js";
import { loadProgramme } from "./catalogue/programme.js";
import type { After, Clock, Closed, Command, Random } from "./core/ports.js";
import type { Programme } from "./core/programme.js";
import type { KeyStore } from "./crypto/key-store.js";
import { createPasswords } from "./crypto/passwords.js";
import { createVerifier } from "./crypto/verifier.js";
import { createTerminalLife } from "./enrolment.js";
import { createGaps } from "./gaps.js";
import { createHolders } from "./holders.js";
import { createLimits, type LimitOptions } from "./http/limits/limits.js";
import { tellAlarms } from "./http/limits/tell.js";
import { createMetrics, type Logger } from "./http/observe.js";
import { createOperator } from "./operator.js";
import { createQrCodes } from "./qr-codes.js";
import { createRegistry } from "./registry/registry.js";
import { createSealer } from "./sealer.js";
import { createCutoffs, schoolYearOf } from "./settlement/calendar.js";
import { readTransfers } from "./settlement/files/transfers.js";
import { createReimbursements } from "./settlement/reimbursements.js";
import type { HeadRow } from "./store/chain/driver.js";
import type { Driver } from "./store/driver.js";
import { createStore } from "./store/engine.js";
import type { GapRow } from "./store/gap/driver.js";

export interface AssemblyOptions {
  readonly driver: Driver;
  readonly keys: KeyStore;
  readonly programme: Programme;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** `null` for no limits and no alarms. */
  readonly limits: LimitOptions | null;
  /** Puts a signed head of the chain out of reach. */
  readonly exportHead: (head: HeadRow) => Promise<void>;
  /** The last one that was, before this start. */
  readonly exported?: HeadRow | null | undefined;
  readonly sealEveryMs?: number | undefined;
  /** The real timer by default. */
  readonly after?: After | undefined;
  /** Runs a function after the events that have arrived by now. */
  readonly schedule?: ((run: () => void) => void) | undefined;
  readonly closed?: ((command: Command) => Closed | null) | undefined;
  readonly clockClosed?: (() => Closed | null) | undefined;
  /** What restores lost, as the ledger says at the start. */
  readonly gaps?: readonly GapRow[] | undefined;
  readonly onDoubt: (error: unknown) => void;
}

export type Assembly = ReturnType<typeof assembleGateway>;

/** Builds the parts of a gateway over a driver and keys. Its sealer runs from now on. */
export function assembleGateway(options: AssemblyOptions) {
  const { driver, keys, programme, clock, random, log, exportHead, onDoubt } = options;
  const { after, schedule, closed, clockClosed, sealEveryMs } = options;
  const metrics = createMetrics(() => store.waiting());
  const sharedLimits = driver.limits;
  const sharedBy = { shared: sharedLimits, nowMs: clock.nowMs };
  const limits = createLimits(options.limits, tellAlarms({ log, metrics }), sharedBy);
  const verifier = createVerifier(keys);
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
    ...(limits.admitTogether === undefined ? {} : { admitTogether: limits.admitTogether }),
    noteDecision: limits.noteDecision,
    onCommit: metrics.observeCommit,
    onShed: metrics.countShed,
    onDoubt,
    onUpkeepFailed: (error) => log.error({ err: error }, "work between two commits failed"),
    ...(schedule === undefined ? {} : { schedule }),
    ...(clockClosed === undefined ? {} : { clockClosed }),
    closed: (command) => closed?.(command) ?? gaps.closed(command),
  });
  const gaps = createGaps({ store, found: options.gaps ?? [], dayOf, clock, random, log });
  const sealer = createSealer({
    chain: store.chain,
    sign: keys.audit.sign,
    exportHead,
    exported: options.exported,
    clock,
    onError: (error) => log.error({ err: error }, "sealing failed; it is tried again"),
    ...(sealEveryMs === undefined ? {} : { sealEveryMs }),
    ...(after === undefined ? {} : { after }),
  });
  metrics.watchExport(sealer.unexportedMs);
  const registry = createRegistry({ store, verifier, keys, windowOfDays });
  const settlements = createReimbursements({ store, programme, clock, dayOf });
  const enrolment = createTerminalLife({ store, keys, clock, random });
  const terminals = enrolment;
  const parts = { store, terminals, registry, settlements, programme, keys, clock, random };
  const operator = createOperator(parts);
  const passwords = createPasswords(random);
  const holders = createHolders({ store: store.holders, keys, passwords, clock, random });
  const issueQrCodes = createQrCodes({ store, keys, clock, random });
  const behind = {
    gaps,
    metrics,
    limits,
    sharedLimits,
    sealer,
    enrolment,
    operator,
    holders,
    issueQrCodes,
  };
  return { keys, programme, clock, log, after, store, registry, settlements, ...behind };
}
