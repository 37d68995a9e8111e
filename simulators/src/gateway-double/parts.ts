// What the double's answers are made from.

import type { DemoCard } from "./demo-card.js";
import type { Ledger } from "./ledger.js";
import type { Script } from "./script.js";

export interface GatewayParts {
  readonly ledger: Ledger;
  readonly script: Script;
  readonly demoCard: DemoCard;
  readonly tapCeilingCents: number;
  readonly nowMs: () => number;
}
