// What must be true before the readers are armed: the terminal knows its profile and may make the sale.

import type { PublicCode, TerminalProfile } from "@pass-tpe/protocol";
import type { KnownProfile } from "../client/profile.js";
import type { TerminalContext } from "../context.js";
import { localRefusal, type RefusalTexts, refusalOfProblem } from "./texts.js";

export type Gate =
  | { readonly ok: true; readonly known: KnownProfile }
  | { readonly ok: false; readonly refusal: RefusalTexts; readonly detail?: string };

/**
 * Makes sure that the profile is known, and applies the local checks to it. A profile that is already known is
 * refreshed behind the sale, which also has a connection stand ready when the card arrives.
 */
export async function passGate(options: {
  context: TerminalContext;
  refuse: (profile: TerminalProfile) => PublicCode | null;
}): Promise<Gate> {
  const { context, refuse } = options;
  const refreshed = context.profile.refresh();
  if (context.profile.known === null) {
    const exchange = await refreshed;
    if (exchange.kind === "problem") {
      return { ok: false, refusal: refusalOfProblem(exchange), detail: exchange.problem.detail };
    }
    if (exchange.kind !== "answer") {
      return { ok: false, refusal: localRefusal("UNREACHABLE"), detail: exchange.reason };
    }
  }
  const { known } = context.profile;
  if (known === null) throw new Error("the profile was answered and is not known");
  const code = refuse(known.profile);
  return code === null ? { ok: true, known } : { ok: false, refusal: localRefusal(code) };
}
