// Asks for something about an earlier sale: by its id alone, without a card, repeated inside one deadline.

import type { Decision, Lines } from "@pass-tpe/protocol";
import type { Exchange } from "../client/exchange.js";
import { repeatSameId, type Settled } from "../client/repeat.js";
import type { TerminalContext } from "../context.js";
import type { ResultTexts } from "../sale/results.js";
import { localRefusal } from "../sale/texts.js";

/** An operation that nobody cancels. */
const NEVER = new AbortController().signal;

/** @param options.send makes one try; it must send the same each time. */
export function askAboutSale<T extends Decision>(options: {
  context: Pick<TerminalContext, "clock" | "deadlines">;
  send: (timeoutMs: number) => Promise<Exchange<T>>;
}): Promise<Settled<T>> {
  const { send } = options;
  const { clock, deadlines } = options.context;
  return repeatSameId({
    send: ({ timeoutMs }) => send(timeoutMs),
    clock,
    deadlines,
    startedAtMs: clock.monotonicMs(),
    signal: NEVER,
    observer: { sending: () => undefined, answered: () => undefined },
  });
}

/** The texts of a request without an answer. */
export function unansweredTexts(): ResultTexts {
  const { code, iso39, display, display20, message } = localRefusal("TIMEOUT");
  return { code, iso39, display, display20, message };
}

const STILL_SENT: Lines = ["PAS DE REPONSE", "RENVOI AUTOMATIQUE"];
const ASK_AGAIN: Lines = ["PAS DE REPONSE", "RECOMMENCER"];

/** The texts of a request that is sent on until it is answered, and so is never undone by itself. */
export function stillSentTexts(message: string): ResultTexts {
  return { ...unansweredTexts(), display: STILL_SENT, display20: STILL_SENT, message };
}

/** The texts of a request that only its caller can repeat. */
export function askAgainTexts(): ResultTexts {
  const message = "Pas de réponse pour l'instant. Le partenaire peut recommencer.";
  return { ...unansweredTexts(), display: ASK_AGAIN, display20: ASK_AGAIN, message };
}
