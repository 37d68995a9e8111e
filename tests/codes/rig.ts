// One real gateway for the rows of the code table: mutual TLS, SQLite on disk, a clock that can be elsewhere.

import { join } from "node:path";
import {
  createLogger,
  type Gateway,
  type Logger,
  parisDay,
  type TerminalCredentials,
} from "@pass-tpe/gateway";
import type { Evidence } from "@pass-tpe/protocol";
import type { Pupil } from "../operators/events.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { POINT_OF_SALE, startTestGateway, type TestGateway } from "../support/running-gateway.js";
import { type FaultGate, faultGate } from "./fault-gate.js";
import { loadPartner, type PartnerChange } from "./partner.js";
import { limitedProgramme } from "./programme.js";
import { type RawTill, rawTill } from "./raw-till.js";
import { openSdk, type SdkOptions, type SdkTill } from "./sdk-till.js";

const DAY_MS = 24 * 3_600_000;

export interface Rig {
  readonly running: TestGateway;
  readonly gateway: Gateway;
  readonly gate: FaultGate;
  /** A till that sends by hand, at the partner that may take everything. */
  readonly till: RawTill;
  /** A day so many days from today, Paris civil date. */
  day(days: number): string;
  /** Does something while the gateway's clock stands elsewhere. */
  atDays<T>(days: number, work: () => Promise<T>): Promise<T>;
  /** Lets the gateway's clock run ahead, as time does. */
  letPass(ms: number): void;
  /** Does something while the gateway's wall clock has stepped away from the one that never steps. */
  whileClockIsOff<T>(ms: number, work: () => Promise<T>): Promise<T>;
  tap(card: { readonly uid: Uint8Array }): Evidence;
  /** Evidence of a printed code, with the PIN where one is given. */
  scan(pupil: Pupil, pin: string | null): Evidence;
  /** What the gateway has logged so far, oldest first. */
  readonly logged: readonly LogLine[];
  /** Where the gateway logs to. */
  readonly log: Logger;
  /** The precise code of a stored attempt, as the ledger has it; null where none of the rig's tills sent it. */
  storedCode(id: string): Promise<string | null>;
  /** A terminal at a partner of its own. */
  elsewhere(partner: PartnerChange): Promise<RawTill>;
  /** Opens the SDK at the partner that may take everything. */
  sdk(options?: SdkOptions): Promise<SdkTill>;
  stop(): Promise<void>;
}

/** A line of the gateway's log, as far as rows look at it. */
export interface LogLine {
  readonly id?: string;
  /** The precise code of a decision, or a problem's. */
  readonly code?: string;
  readonly detail?: string;
  readonly err?: { readonly message: string };
}

/**
 * @param programmeAt makes the programme's data for the instant of the start; by default the one with limits.
 * @param openTill by default tills that send by hand.
 */
export async function startRig(
  programmeAt: (nowMs: number) => object = limitedProgramme,
  openTill: (url: string, credentials: TerminalCredentials) => RawTill = rawTill,
): Promise<Rig> {
  const startedMs = Date.now();
  let daysAway = 0;
  let aheadMs = 0;
  let steppedMs = 0;
  // Both readings go together: a wall clock that steps alone closes the gateway.
  const clock = {
    nowMs: () => Date.now() + daysAway * DAY_MS + steppedMs + aheadMs,
    monotonicMs: () => performance.now() + daysAway * DAY_MS + aheadMs,
  };
  const gate = faultGate();
  const logged: LogLine[] = [];
  const destination = { write: (line: string) => void logged.push(JSON.parse(line)) };
  const log = createLogger({ level: "info", destination });
  const running = await startTestGateway({
    programme: programmeAt(startedMs),
    clock,
    makeDriver: gate.makeDriver,
    // A seal must not meet what was meant for a sale.
    sealEveryMs: 3_600_000,
    log,
    // They remember when somebody came last, and here days go back.
    limits: null,
  });
  const { gateway } = running;
  await loadPartner(gateway, { id: "P-1", pointOfSale: POINT_OF_SALE });
  const tills = new Map<string, RawTill>();
  const tillAt = async (id: string, pointOfSaleId: string) => {
    const till = openTill(gateway.url, await gateway.operator.issueTerminal({ id, pointOfSaleId }));
    tills.set(id, till);
    return till;
  };
  const till = await tillAt("T-CODES", POINT_OF_SALE);
  const sdkCredentials = await running.terminal("T-SDK");
  // Next to the database, where it outlives each till: a pad never uses a key twice.
  const pinKeyFile = join(running.dataFolder, "pin-key-of-T-SDK");
  return {
    running,
    gateway,
    gate,
    till,
    day: (days) => parisDay(startedMs + days * DAY_MS),
    async atDays(days, work) {
      daysAway = days;
      try {
        return await work();
      } finally {
        daysAway = 0;
      }
    },
    letPass(ms) {
      aheadMs += ms;
    },
    async whileClockIsOff(ms, work) {
      steppedMs = ms;
      try {
        return await work();
      } finally {
        steppedMs = 0;
      }
    },
    tap: (card) => nfcEvidence(gateway, card),
    scan({ cardNumber }, pin) {
      const token = gateway.operator.qrToken({ kind: "printed", cardNumber });
      if (pin === null) return { type: "qr", token };
      return { type: "qr", token, pinBlock: till.pinBlock(cardNumber, pin) };
    },
    log,
    logged,
    async storedCode(id) {
      for (const terminalId of tills.keys()) {
        const stored = await gate.driver().findAttempt(terminalId, id);
        if (stored) return stored.attempt.code;
      }
      return null;
    },
    async elsewhere(partner) {
      const pointOfSale = `POS-${partner.id}`;
      await loadPartner(gateway, { ...partner, pointOfSale });
      return tillAt(`T-${partner.id}`, pointOfSale);
    },
    sdk: (options = {}) =>
      openSdk({ credentials: sdkCredentials, pinKeyFile, gateway: gateway.url, ...options }),
    async stop() {
      for (const one of tills.values()) one.close();
      await running.stop();
    },
  };
}
