// Everything public of the terminal SDK.

export {
  type Actor,
  type Amount,
  isRetryable,
  type Lines,
  type RetryClass,
  type TerminalProfile,
} from "@pass-tpe/protocol";
export type * from "./after-sale/results.js";
export type { TerminalNetwork } from "./client/agent.js";
export type { ConnectionState } from "./client/connection-state.js";
export { Journal } from "./client/journal.js";
export type { GatewayStages } from "./client/server-timing.js";
export type { RandomSource, TerminalClock } from "./clock.js";
export {
  loadCredentials,
  saveCredentials,
  type TerminalCredentials,
} from "./credentials.js";
export type { DayClosing } from "./day/close.js";
export type * from "./day/results.js";
export { DEFAULT_DEADLINES, type Deadlines } from "./deadlines.js";
export type { AppendFile, TerminalDisk } from "./disk.js";
export type { EnrolmentOptions } from "./enrolment/check-enrolment.js";
export { type EnrolledTerminal, enrolTerminal } from "./enrolment/enrol.js";
export type { RenewedCredentials } from "./enrolment/issued.js";
export { exportPkcs12, importPkcs12 } from "./enrolment/pkcs12.js";
export type { CredentialsKeeper } from "./enrolment/renewal-home.js";
export { ERROR_CODES, type ErrorCode, type MoneyMoved, PassTpeError } from "./errors.js";
export type {
  RecoveredSale,
  TerminalEvent,
  TerminalEventData,
  TerminalEventType,
  TerminalStatus,
} from "./events.js";
export type { Hold, HoldTerms, HoldWatcher } from "./lease/hold.js";
export type { Holder } from "./lease/succession.js";
export type { TerminalOptions } from "./options.js";
export type { PinPad, PinRequest, PinResult } from "./pin/pad.js";
export { installPinKey, type PinKey } from "./pin/pin-key-file.js";
export { type SoftwarePinPadOptions, softwarePinPad } from "./pin/software-pad.js";
export * from "./readers/index.js";
export type { DayReceipt, Receipt, ReceiptCopy, ReceiptKind } from "./receipts/receipt.js";
export { type ReceiptOptions, receiptOf } from "./receipts/sale-receipt.js";
export type { ReceiptSource } from "./receipts/source.js";
export { type ReceiptTextOptions, receiptLines } from "./receipts/text.js";
export type { InquiryOptions } from "./sale/inquiry.js";
export type { Purchase } from "./sale/local-checks.js";
export type * from "./sale/results.js";
export type { SaleRequest } from "./sale/sale.js";
export { type Cancellable, Terminal } from "./terminal.js";
