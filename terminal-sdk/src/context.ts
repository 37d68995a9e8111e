// What every operation of one open terminal works with.

import type { CaptureResult, PartOfSale } from "./after-sale/results.js";
import type { ConnectionWatch } from "./client/connection.js";
import type { GatewayClient } from "./client/gateway.js";
import type { Journal } from "./client/journal.js";
import type { OwedCaptures, OwedRefunds } from "./client/owed-after-sale.js";
import type { OwedReversals } from "./client/owed-reversals.js";
import type { ProfileKeeper } from "./client/profile.js";
import type { RandomSource, TerminalClock } from "./clock.js";
import type { Deadlines } from "./deadlines.js";
import type { Renewal } from "./enrolment/renewal.js";
import type { EventHub } from "./events.js";
import type { PinPad } from "./pin/pad.js";
import type { ReaderBank } from "./sale/reader-bank.js";
import type { RecoveredSales } from "./sale/recovered.js";

/** How much is being captured, and what it comes to. */
interface CaptureUnderWay {
  readonly part: PartOfSale;
  readonly result: Promise<CaptureResult>;
}

export interface TerminalContext {
  readonly clock: TerminalClock;
  readonly random: RandomSource;
  readonly hub: EventHub;
  readonly connection: ConnectionWatch;
  readonly deadlines: Deadlines;
  readonly gateway: GatewayClient;
  readonly profile: ProfileKeeper;
  readonly readers: ReaderBank;
  readonly pinPad: PinPad | null;
  readonly journal: Journal;
  readonly owed: OwedReversals;
  readonly captures: OwedCaptures;
  readonly refunds: OwedRefunds;
  /** The captures that are being asked for, by their sale: one at a time each. */
  readonly capturesUnderWay: Map<string, CaptureUnderWay>;
  /** The sales whose refund is being asked for: one at a time each. */
  readonly refundsUnderWay: Set<string>;
  readonly recovered: RecoveredSales;
  /** Null without credentials: at a double on this machine. */
  readonly renewal: Renewal | null;
}
