// Asks for something about an earlier sale: by its id alone, without a card, repeated inside one deadline.

import type { Decision, Lines } from "@pass-tpe/protocol";
import type { Exchange } from "../client/exchange.js";
import { repeatSameId, type Settled } from "../client/repeat.js";
import type { TerminalContext } from "../context.js";
import { PassTpeError } from "../errors.js";
import type { ResultTexts } from "../sale/results.js";
import { localRefusal } from "../sale/texts.js";

/**
 * Asks until there is an answer, as long as the journal is this terminal's.
 *
 * @param options.owed the id of the debt in the journal, which whoever has the journal sends on; null where it has none.
 * @param options.send makes one try; it must send the same each time.
 * @throws PassTpeError `JOURNAL_IN_USE` where another till has the journal; nothing was sent from here.
 */
export async function askAboutSale<T extends Decision>(options: {
  context: Pick<TerminalContext, "clock" | "deadlines" | "journal">;
  owed: string | null;
  send: (timeoutMs: number) => Promise<Exchange<T>>;
}): Promise<Exclude<Settled<T>, { kind: "cancelled" }>> {
  const { owed, send } = options;
  const { clock, deadlines, journal } = options.context;
  const settled = await repeatSameId({
    whyNotHeld: () => journal.whyNotHeld(),
    send: ({ timeoutMs }) => send(timeoutMs),
    clock,
    deadlines,
    startedAtMs: clock.monotonicMs(),
    // Nobody cancels it.
    signal: new AbortController().signal,
    observer: { sending: () => undefined, answered: () => undefined },
  });
  if (settled.kind === "cancelled") throw takenOver(await journal.whyNotHeld(), owed);
  return settled;
}

function takenOver(cause: PassTpeError | null, owed: string | null): PassTpeError {
  const detail = cause?.message ?? "another till has the journal";
  const code = "JOURNAL_IN_USE";
  return new PassTpeError({ code, detail, cause, ...(owed === null ? {} : { inDoubt: owed }) });
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
