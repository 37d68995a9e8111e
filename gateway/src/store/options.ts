// What a store is built from: everything that is not its own comes in here, so that a simulator can own it.

import type { Calendar } from "../core/entitlement/calendar.js";
import type {
  Clock,
  Closed,
  Command,
  EvidenceVerifier,
  OpenedEvidence,
  Presented,
  Random,
} from "../core/ports.js";
import type { Programme } from "../core/programme.js";
import type { Transfer } from "../core/settlement/transfer.js";
import type { Awaitable, Driver } from "./driver.js";

export interface StoreOptions<Opened extends OpenedEvidence> {
  readonly driver: Driver;
  readonly verifier: EvidenceVerifier<Opened>;
  readonly programme: Programme;
  /** Builds a programme from data that was kept; throws when this program cannot read it any more. */
  readonly readProgramme: (json: string) => Programme;
  /** Names the Paris civil date of an instant, `YYYY-MM-DD`. */
  readonly dayOf: (instantMs: number) => string;
  /** The end, exclusive, of the settlement period that an instant is in, Unix milliseconds. */
  readonly cutoffAfter: (instantMs: number) => number;
  /** The school year of an instant, `2022/2023`. */
  readonly schoolYearOf: (instantMs: number) => string;
  /** Reads a payment file back, for the verification; null where it is none of this program's. */
  readonly readTransfers: (file: Uint8Array) => readonly Transfer[] | null;
  /** What events need of the calendar: windows of months and of ages. */
  readonly calendar: Calendar;
  readonly clock: Clock;
  readonly random: Random;
  /** Runs a function after the events that have arrived by now. Injected, so that a simulator owns the order. */
  readonly schedule?: (run: () => void) => void;
  /** Resolves after so many milliseconds: before a batch is run again that nothing was stored of. */
  readonly pause?: (pauseMs: number) => Promise<void>;
  /**
   * How long a presentation must wait before it may be decided, in milliseconds; zero where it need not. Asked when no
   * stored answer was found, and before anything of the card is read.
   */
  readonly admit?: (presented: Presented, monotonicMs: number) => Awaitable<number>;
  /**
   * As `admit`, for all presentations of a batch before the first of them is run; null for what has a stored answer. Each has
   * had its turn then, even where the batch is lost. Left out where asking costs nothing.
   */
  readonly admitTogether?: (batch: readonly Presented[]) => Promise<readonly (number | null)[]>;
  /** Told of each new presentation's code while it is made durable. What fails here loses no sale. */
  readonly noteDecision?: (
    decided: Presented & { readonly code: string },
    monotonicMs: number,
  ) => Awaitable<void>;
  /** Why a command may not be decided just now; null where it may. Asked before it is queued, and when its turn comes. */
  readonly closed?: (command: Command) => Closed | null;
  /**
   * Why nothing may be stamped with the clock just now; null where it may. Asked before settlements, holders'
   * acts and the issue of certificates, which are no commands, when their turn comes.
   */
  readonly clockClosed?: () => Closed | null;
  /** Called once when durability is in doubt, or the file is damaged. The process must stop. */
  readonly onDoubt?: (error: unknown) => void;
  /** Called when the driver's work between commits failed: nothing is lost by it, and it is tried again. */
  readonly onUpkeepFailed?: (error: unknown) => void;
  /** Called for each command that is refused as too much. */
  readonly onShed?: () => void;
  /** Called after each commit with the number of commands in it. */
  readonly onCommit?: (batchSize: number) => void;
}
