// What the terminals' listener is built from.

import type { Store } from "../../core/ports.js";
import type { SharedLimits } from "../../core/shared-limits.js";
import type { ReadCertificate } from "../certificate.js";
import type { Limits } from "../limits/limits.js";
import type { Logger, Metrics } from "../observe.js";
import type { RouteContext } from "./route.js";

export interface AppOptions extends RouteContext {
  readonly store: RouteContext["store"] &
    Pick<Store, "terminalByCertificate"> & { checkClock?(): void };
  readonly log: Logger;
  readonly metrics: Metrics;
  /** The API's description as it is checked in, JSON. */
  readonly openApi: string;
  readonly limits: Pick<Limits, "takeRequest">;
  /** Where several gateways count together. */
  readonly sharedLimits: SharedLimits | undefined;
  readonly bodyTimeoutMs?: number;
  /** How long what is read now may have lain unread; not at all by default. */
  readonly unreadMs?: () => number;
  /** The TLS connection's by default. */
  readonly readCertificate?: ReadCertificate;
}
