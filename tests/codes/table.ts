// The whole table: how each code is reached.

import { AFTER_SALE_ROWS } from "./after-sale-rows.js";
import { APPROVAL_ROWS } from "./approval-rows.js";
import { CARD_ROWS } from "./card-rows.js";
import { PLACE_ROWS } from "./place-rows.js";
import { RIGHTS_ROWS } from "./rights-rows.js";
import type { GatewayRow } from "./row.js";
import { TECHNICAL_ROWS } from "./technical-rows.js";

export const GATEWAY_ROWS: readonly GatewayRow[] = [
  ...APPROVAL_ROWS,
  ...AFTER_SALE_ROWS,
  ...PLACE_ROWS,
  ...CARD_ROWS,
  ...RIGHTS_ROWS,
  ...TECHNICAL_ROWS,
];

export { TERMINAL_ROWS } from "./terminal-rows.js";
