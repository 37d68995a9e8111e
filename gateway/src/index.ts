// The public face of the gateway as a library: start one, and do the operator's part.

export { CatalogueError } from "./catalogue/catalogue-error.js";
export { parisDay, windowOfDays, windowOfMonths } from "./catalogue/civil-dates.js";
export type { ProgrammeData } from "./catalogue/programme.js";
export type { Agent, Role } from "./core/loading/event.js";
export type { CardStatus, Convention, Grant } from "./core/model.js";
export type { Clock, Random } from "./core/ports.js";
export type { Window } from "./core/programme.js";
export type { NewCard } from "./crypto/card-records.js";
export type { QrContent } from "./crypto/key-store.js";
export { DataFolderError } from "./data-folder.js";
export { createLogger, type Logger } from "./http/observe.js";
export { ledgerPlace, openLedger } from "./ledger-place.js";
export { type Gateway, type GatewayOptions, startGateway } from "./main.js";
export type {
  AgentCredentials,
  Operator,
  OperatorLoad,
  TerminalCredentials,
} from "./operator.js";
export type { Submission } from "./registry/registry.js";
export type {
  Driver,
  LedgerAttempt,
  ReversalRow,
  Rows,
} from "./store/driver.js";
export type { ReplayReport } from "./store/replay.js";
export { DatabaseSetupError } from "./store/setup-error.js";
export { sqliteDriver } from "./store/sqlite/driver.js";
export type { VerifyReport } from "./store/verify.js";
