// Draws a day from a seed: the stock, the acts and what goes wrong, each from a stream of its own.

import { drawActs } from "./draw/acts.js";
import { drawFaults } from "./draw/faults.js";
import { drawStock } from "./draw/stock.js";
import type { Plan } from "./plan.js";
import { streamOf } from "./world/random.js";

const MINUTE_MS = 60_000;
/** Time for what the last act began. */
const AFTERGLOW_MS = 20_000;

/** The plan of a seed: always the same. */
export function drawPlan(seed: number): Plan {
  const day = streamOf(seed, "day");
  // Mostly minutes: tills then meet often, and virtual time costs real time too. In the others a hold can be over.
  const minutes = day.chance(0.94) ? day.pick([0.5, 1, 1, 2, 3, 4]) : day.pick([33, 40, 60]);
  const lengthMs = minutes * MINUTE_MS;
  const stock = drawStock(streamOf(seed, "stock"));
  const acts = drawActs({ stream: streamOf(seed, "acts"), stock, lengthMs });
  const healsAtMs = lengthMs + AFTERGLOW_MS;
  const streams = (name: string) => streamOf(seed, `faults: ${name}`);
  return { seed, stock, acts, faults: drawFaults({ streams, stock, acts, healsAtMs }), healsAtMs };
}
