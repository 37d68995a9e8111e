// The codes of operations that are not built: each with what it waits for, and the proof that nothing gives it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OUTCOMES, type OutcomeCode } from "@pass-tpe/protocol";

/** A code that is given after all fails the tests: it then belongs into the table of what is reached. */
export const NOT_YET: Readonly<Partial<Record<OutcomeCode, string>>> = {
  MAINTENANCE: "closing the gateway to sales for a time, which the operator cannot do yet",
};

const GATEWAY_SOURCES = fileURLToPath(new URL("../../gateway/src", import.meta.url));

/** Every code that a source file of the gateway names, tests left out. */
export function codesNamedByTheGateway(): ReadonlySet<string> {
  const files = readdirSync(GATEWAY_SOURCES, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  const text = files.map((file) => readFileSync(join(GATEWAY_SOURCES, file), "utf8")).join("\n");
  return new Set(OUTCOMES.map(({ code }) => code).filter((code) => text.includes(`"${code}"`)));
}
