// Feeds each published vector to the very functions that the gateway, the terminals and the simulators call.
import { strict as assert } from "node:assert";
import { cardRunners } from "./runners/card.js";
import { dukptRunners } from "./runners/dukpt.js";
import { ndefRunners } from "./runners/ndef.js";
import { pinBlockRunners } from "./runners/pin-block.js";
import { readerRunners } from "./runners/readers.js";
import { referenceRunners } from "./runners/reference.js";
import type { Fields, Runner, Vector } from "./vector-file.js";

const runners: ReadonlyMap<string, Runner> = new Map(
  [
    cardRunners,
    ndefRunners,
    dukptRunners,
    pinBlockRunners,
    readerRunners,
    referenceRunners,
  ].flatMap((some) => Object.entries(some)),
);

/** The operations that {@link runVector} knows. */
export const runOps: readonly string[] = [...runners.keys()];

/** What the product's functions make of a vector: at least every field that the vector expects. */
export function runVector(vector: Vector): Fields {
  const run = runners.get(vector.op);
  assert(run, `nothing here performs the operation ${vector.op}; known: ${runOps.join(", ")}`);
  return run(vector.input, vector.expected);
}
