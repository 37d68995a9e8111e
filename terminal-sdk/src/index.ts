// Everything public of the terminal SDK.

export { JOURNAL_BYTES_MAX, JOURNAL_COMPACT_BYTES, Journal } from "./client/journal.js";
export type { JournalRecord } from "./client/journal-format.js";
export type { JournalAttempt } from "./client/journal-state.js";
export type { ReversalEnd } from "./client/owed-reversals.js";
export { type RandomSource, systemClock, systemRandom, type TerminalClock } from "./clock.js";
export {
  loadCredentials,
  type PinKey,
  parseCredentials,
  saveCredentials,
  type TerminalCredentials,
} from "./credentials.js";
export { DEFAULT_DEADLINES, type Deadlines } from "./deadlines.js";
export { type AppendFile, nodeDisk, type TerminalDisk } from "./disk.js";
export { ERROR_CODES, type ErrorCode, type MoneyMoved, PassTpeError } from "./errors.js";
export type {
  TerminalEvent,
  TerminalEventData,
  TerminalEventType,
  TerminalStatus,
} from "./events.js";
export type { TerminalOptions } from "./options.js";
export type { PinPad, PinRequest, PinResult } from "./pin/pad.js";
export { type SoftwarePinPadOptions, softwarePinPad } from "./pin/software-pad.js";
export * from "./readers/index.js";
export type { InquiryOptions } from "./sale/inquiry.js";
export type { Purchase } from "./sale/local-checks.js";
export type * from "./sale/results.js";
export type { SaleRequest } from "./sale/sale.js";
export { type Cancellable, Terminal } from "./terminal.js";
