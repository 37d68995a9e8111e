// What a simulator builds a gateway from, without folder, listeners or a real clock; not for any other use.

export { type Assembly, type AssemblyOptions, assembleGateway } from "./assemble.js";
export { windowOfDays } from "./catalogue/civil-dates.js";
export { loadProgramme } from "./catalogue/programme.js";
export { createClockGuard } from "./clock-guard.js";
export type { Clock } from "./core/ports.js";
export type { Programme } from "./core/programme.js";
export { sealCard } from "./crypto/card-records.js";
export { drawKeys, type KeyMaterial } from "./crypto/key-file.js";
export type { KeyStore } from "./crypto/key-store.js";
export { softwareKeys } from "./crypto/software-keys.js";
export { currentOf } from "./crypto/versions.js";
export { createLogger } from "./http/observe.js";
export { terminalsApp } from "./serving.js";
export { type Driver, TransactionLostError } from "./store/driver.js";
export { memoryDriver } from "./store/memory/driver.js";
export type { LoadBatch } from "./store/records.js";
export { sqliteDriver } from "./store/sqlite/driver.js";
