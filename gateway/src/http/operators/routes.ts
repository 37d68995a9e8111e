// The route table of the operators' listener: each operation, who may use it, and what it does.

import { AGENT_ROUTES } from "./agent-routes.js";
import { EVENT_ROUTES } from "./event-routes.js";
import { LOST_TERMINAL_ROUTES } from "./lost-terminal-routes.js";
import type { Route } from "./route.js";
import { SETTLEMENT_ROUTES } from "./settlement-routes.js";

export const ROUTES: readonly Route[] = [
  ...EVENT_ROUTES,
  ...AGENT_ROUTES,
  ...SETTLEMENT_ROUTES,
  ...LOST_TERMINAL_ROUTES,
];
