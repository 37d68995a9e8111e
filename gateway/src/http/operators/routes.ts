// The route table of the operators' listener: each operation, who may use it, and what it does.

import { ACCOUNT_ROUTES } from "./account-routes.js";
import { AGENT_ROUTES } from "./agent-routes.js";
import { BACKUP_ROUTES } from "./backup-routes.js";
import { EVENT_ROUTES } from "./event-routes.js";
import { GAP_ROUTES } from "./gap-routes.js";
import { LOST_TERMINAL_ROUTES } from "./lost-terminal-routes.js";
import { QR_ROUTES } from "./qr-routes.js";
import type { Route } from "./route.js";
import { SETTLEMENT_ROUTES } from "./settlement-routes.js";
import { TERMINAL_ROUTES } from "./terminal-routes.js";

export const ROUTES: readonly Route[] = [
  ...EVENT_ROUTES,
  ...AGENT_ROUTES,
  ...ACCOUNT_ROUTES,
  ...QR_ROUTES,
  ...SETTLEMENT_ROUTES,
  ...TERMINAL_ROUTES,
  ...LOST_TERMINAL_ROUTES,
  ...BACKUP_ROUTES,
  ...GAP_ROUTES,
];
