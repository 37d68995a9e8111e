// One sale, from the local checks to a result that says whether money moved.

import {
  type AuthorizationAnswer,
  type AuthorizationRequest,
  UUID_V7_RANDOM_BYTES,
  uuidV7,
} from "@pass-tpe/protocol";
import { repeatSameId, type Settled } from "../client/repeat.js";
import type { TerminalContext } from "../context.js";
import { type Purchase, refusePurchase } from "./local-checks.js";
import { present } from "./presentation.js";
import type { SaleResult } from "./results.js";
import { concludeSale } from "./sale-result.js";
import { StepClock } from "./step-clock.js";
import { codeAfterTap, tapToFollow } from "./step-up.js";
import { tryEvents } from "./try-events.js";

export interface SaleRequest extends Purchase {
  /** Refuse instead of covering a part of the purchase: for tills that cannot show a remainder. */
  readonly exact?: boolean;
  /**
   * False: hold what is covered until `capture`, for goods that are handed over later. What is held and not captured
   * in its time (`hold.expiresAtMs`) is free again, and the partner is paid nothing. Default true: the sale is final.
   */
  readonly capture?: boolean;
  /** Of an earlier answer: stands for the card, so that nobody taps or types twice. */
  readonly proofRef?: string;
}

/**
 * Runs one sale; with a second request where a tap needs the code secret. Rejects only with `JOURNAL_FAILED` or
 * `CLOSED`, before anything has been sent that could be approved.
 */
export async function runSale(options: {
  context: TerminalContext;
  request: SaleRequest;
  signal: AbortSignal;
}): Promise<SaleResult> {
  const { context, request, signal } = options;
  const steps = new StepClock(context.clock);
  const presentation = await present({
    context,
    purchase: request,
    proofRef: request.proofRef,
    refuse: (profile) => refusePurchase({ purchase: request, profile }),
    steps,
    signal,
  });
  if (!presentation.ok) return presentation.declined;
  const { evidence, prompts } = presentation;
  const sale: SaleUnderWay = { context, request, signal, steps };
  const sentAtMs = context.clock.monotonicMs();
  const result = await decideSale(sale, { evidence });
  const tap = tapToFollow(result);
  if (tap === null) return result;
  const code = await codeAfterTap({ ...sale, tap, prompt: prompts.pin, sentAtMs });
  if (!code.ok) return code.declined;
  return { ...(await decideSale(sale, code.asked)), stepUpOf: code.asked.stepUpOf };
}

interface SaleUnderWay {
  readonly context: TerminalContext;
  readonly request: SaleRequest;
  readonly signal: AbortSignal;
  readonly steps: StepClock;
}

type Asked = Pick<AuthorizationRequest, "evidence" | "stepUpOf">;

/** One request under an id of its own, with its own deadline. */
async function decideSale(sale: SaleUnderWay, asked: Asked): Promise<SaleResult> {
  const { context, request, steps } = sale;
  const id = newId(context);
  const startedAtMs = context.clock.monotonicMs();
  // Durable before the first byte leaves: a crash from here on is followed by a reversal.
  await steps.spend("journalMs", () => journalAttempt({ context, id, request }));
  const settled = await steps.spend("networkMs", () =>
    sendSale(sale, { ...asked, id, startedAtMs }),
  );
  return concludeSale({ context, id, settled, steps });
}

/** A fresh id. It never changes on a repeat. */
export function newId({ clock, random }: Pick<TerminalContext, "clock" | "random">): string {
  return uuidV7(clock.nowMs(), random(UUID_V7_RANDOM_BYTES));
}

/** The parts of a purchase that are there. */
export function purchaseFields<T extends Partial<Purchase>>(
  request: T,
): Pick<T, "avantage" | "purchaseCents" | "quantity"> {
  const { avantage, purchaseCents, quantity } = request;
  return {
    ...(avantage === undefined ? {} : { avantage }),
    ...(purchaseCents === undefined ? {} : { purchaseCents }),
    ...(quantity === undefined ? {} : { quantity }),
  } as Pick<T, "avantage" | "purchaseCents" | "quantity">;
}

function journalAttempt(options: {
  context: TerminalContext;
  id: string;
  request: SaleRequest;
}): Promise<void> {
  const { context, id, request } = options;
  const atMs = context.clock.nowMs();
  return context.journal.append({ type: "attempt", id, atMs, ...purchaseFields(request) });
}

/** Looks from the second time on; before, there is nothing against it. */
function fromTheSecond<T>(look: () => Promise<T | null>): () => Promise<T | null> {
  let isFirst = true;
  return async () => {
    if (!isFirst) return look();
    isFirst = false;
    return null;
  };
}

function sendSale(
  { context, request, signal }: SaleUnderWay,
  { startedAtMs, ...asked }: Asked & { id: string; startedAtMs: number },
): Promise<Settled<AuthorizationAnswer>> {
  const { clock, deadlines, gateway, hub, journal } = context;
  const message: AuthorizationRequest = {
    ...asked,
    ...purchaseFields(request),
    ...(request.exact === undefined ? {} : { exact: request.exact }),
    ...(request.capture === undefined ? {} : { capture: request.capture }),
  };
  return repeatSameId({
    // The first try follows at once upon the journal's own look, which came after the attempt was durable.
    whyNotHeld: fromTheSecond(() => journal.whyNotHeld()),
    send: ({ timeoutMs, deadlineMs }) => gateway.authorize({ ...message, deadlineMs }, timeoutMs),
    clock,
    deadlines,
    startedAtMs,
    signal,
    observer: tryEvents({ hub, id: asked.id }),
  });
}
