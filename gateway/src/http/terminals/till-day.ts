// The route on which a terminal's day is compared with the gateway's.

import { type ReconciliationAnswer, ReconciliationRequestSchema } from "@pass-tpe/protocol";
import { compareTillDay } from "../../core/till-day.js";
import { tillDifferences } from "../../core/till-differences.js";
import { parseBody } from "../body.js";
import type { Call, Reply, RouteContext } from "./route.js";

export async function reconcile(context: RouteContext, call: Call): Promise<Reply> {
  const { terminalId } = call;
  const { day, totals, page = 0 } = parseBody(ReconciliationRequestSchema, call.body);
  const window = context.windowOfDays(day, day);
  const fromMs = window.fromMs ?? window.toMs;
  const { moves, held } = await context.store.tillDay({ terminalId, fromMs, toMs: window.toMs });
  const compared = compareTillDay({ moves, claimed: totals, page });
  const differences = tillDifferences({ claimed: totals, ledger: compared.totals });
  // Before it is answered: a terminal that was told is one that is not asked again.
  await context.gaps?.compared({ terminalId, day, differences });
  const body: ReconciliationAnswer = { day, terminalId, held, ...compared };
  return { body };
}
