// What must be true before the readers are armed: the terminal knows its profile and may make the sale.

import type { PublicCode, TerminalProfile } from "@pass-tpe/protocol";
import type { TerminalContext } from "../context.js";
import { localRefusal, type RefusalTexts, refusalOfProblem, unreachable } from "./texts.js";

type Gate =
  | { readonly ok: true; readonly profile: TerminalProfile }
  | { readonly ok: false; readonly refusal: RefusalTexts; readonly detail?: string };

/**
 * Makes sure that the profile is known, and applies the local checks to it. A profile that is already known is
 * refreshed behind the sale, which also has a connection stand ready when the card arrives. Ends at once when the
 * signal fires.
 */
export async function passGate(options: {
  context: TerminalContext;
  refuse: (profile: TerminalProfile) => PublicCode | null;
  signal: AbortSignal;
}): Promise<Gate> {
  const { context, refuse, signal } = options;
  const refreshed = context.profile.refresh();
  if (context.profile.known === null) {
    const exchange = await beforeAbort(refreshed, signal);
    if (exchange === null) return { ok: false, refusal: localRefusal("SALE_CANCELLED") };
    if (exchange.kind === "problem") {
      return { ok: false, refusal: refusalOfProblem(exchange), detail: exchange.problem.detail };
    }
    if (exchange.kind !== "answer") return { ok: false, ...unreachable(exchange.reason) };
  }
  const { known } = context.profile;
  if (known === null) throw new Error("the profile was answered and is not known");
  const code = refuse(known.profile);
  return code === null
    ? { ok: true, profile: known.profile }
    : { ok: false, refusal: localRefusal(code) };
}

/** What the promise gives, or null where the signal fires first. The promise never rejects. */
function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve) => {
    const aborted = () => resolve(null);
    if (signal.aborted) return aborted();
    signal.addEventListener("abort", aborted, { once: true });
    void promise.then((value) => {
      signal.removeEventListener("abort", aborted);
      resolve(value);
    });
  });
}
