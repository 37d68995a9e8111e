// The gateway double.

export type { DoubleAvantage } from "./avantages.js";
export { type DoubleOperation, GATEWAY_CODES, type GatewayCode } from "./codes.js";
export type { DemoCard } from "./demo-card.js";
export { type GatewayDouble, type GatewayDoubleOptions, gatewayDouble } from "./double.js";
export { FAULTS, type Fault, type FaultOptions } from "./faults.js";
export type { ScriptedAnswer } from "./script.js";
export type { SeenRequest } from "./seen.js";
