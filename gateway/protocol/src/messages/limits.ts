// The named limits of the protocol's messages and times.

/** A request body is refused above this size. The largest well-formed request is below 2 KiB. */
export const BODY_BYTES_MAX = 16 * 1024;

/** Inside this time the SDK repeats the same id; past it the result is `unknown` and a reversal is owed. */
export const SALE_DEADLINE_MS = 5_000;

/** What the gateway is told by default: shorter than the SDK's own, so that a late approval is not given. */
export const GATEWAY_DEADLINE_MS = 4_000;

/** The deadlines that a request may name. */
export const DEADLINE_MS_MIN = 100;
export const DEADLINE_MS_MAX = 30_000;

/** How long a `proofRef` stands for the presentation that it came from. */
export const PROOF_LIFETIME_MS = 60_000;

/** The most seats or coupons that one request may name. */
export const QUANTITY_MAX = 99;
