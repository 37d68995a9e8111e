// The public face of the protocol: everything that a terminal and the gateway must agree on.

export * from "./ids.js";
export * from "./messages/authorization.js";
export * from "./messages/enrolment.js";
export * from "./messages/evidence.js";
export * from "./messages/limits.js";
export * from "./messages/problem.js";
export * from "./messages/reconciliation.js";
export * from "./messages/terminal.js";
export * from "./money.js";
export * from "./openapi/operations.js";
export * from "./outcomes/index.js";
