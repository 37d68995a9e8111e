// The gateway double: a gateway for tests of tills, as msw handlers, with nothing of the gateway in it.

import type { OutcomeParams } from "@pass-tpe/protocol";
import type { HttpHandler } from "msw";
import { DEFAULT_AVANTAGES, type DoubleAvantage } from "./avantages.js";
import type { GatewayCode } from "./codes.js";
import { createDemoCard, type DemoCard } from "./demo-card.js";
import type { Fault, FaultOptions } from "./faults.js";
import { DoubleGateway } from "./gateway.js";
import { handlersOf } from "./handlers.js";
import { Ledger } from "./ledger.js";
import { Script, type ScriptedAnswer } from "./script.js";
import { REQUESTS_KEPT, type SeenRequest } from "./seen.js";

/** As the programme has it for the card generation without a one-time message. */
const TAP_CEILING_CENTS = 3_000;

export interface GatewayDoubleOptions {
  /** Where the till thinks that the gateway is. Default `https://gateway.test`. */
  readonly url?: string;
  /** What is accepted, and what the holder has of it. Default: 30 € of SPECTACLE, 5 seats of CINEMA, 2 coupons, MUSEE. */
  readonly avantages?: readonly DoubleAvantage[];
  /** The most that a tap of a card with a mere identifier takes before the code secret is asked. Default 30 €. */
  readonly tapCeilingCents?: number;
  /** The double's clock, Unix milliseconds. Default: the system's. */
  readonly nowMs?: () => number;
  /** Waits for `delay` and `lateReply`. Default: real time. */
  readonly wait?: (ms: number) => Promise<void>;
}

export interface GatewayDouble {
  readonly url: string;
  /** For `setupServer(...handlers)` of `msw/node`. */
  readonly handlers: readonly HttpHandler[];
  /** A card to tap, scan or type, with the issuer that the terminal profile names. */
  readonly demoCard: DemoCard;
  /** What was asked, oldest first: ids, avantages and amounts, never evidence. */
  readonly requests: readonly SeenRequest[];
  /**
   * Scripts the next new request's outcome; several stand in line. An id that has its answer keeps it. A scripted
   * approval moves no balance, and a scripted reversal, capture or refund changes nothing.
   *
   * @throws RangeError when no gateway gives this code in answer to this operation.
   */
  next(answer: ScriptedAnswer): void;
  /** The outcome of every new request from now on, after those in line; null goes back to the balances. */
  answer(code: GatewayCode | null, figures?: OutcomeParams): void;
  /** Plans a fault of the network for the next requests. A sale's, unless told otherwise. */
  fail(fault: Fault, options?: FaultOptions): void;
  /** Cents, seats or coupons left; what is held now is not. */
  balanceOf(avantage: string): number;
  /** @throws RangeError for an avantage without a balance, or an amount that is no whole number from 0. */
  setBalance(avantage: string, balance: number): void;
  /** Forgets requests, answers and script, and fills the balances again. The demo card stays. */
  reset(): void;
}

/**
 * A gateway to test a till with: it decides from balances, keeps answers by id, and does as told. Behaviour is
 * scripted, never chosen by amount. It takes any card at its word and verifies no PIN.
 *
 * @example
 * const double = gatewayDouble();
 * setupServer(...double.handlers).listen();
 * const terminal = await Terminal.open({ gateway: double.url, journal: "till.journal", readers: [reader] });
 * double.next({ code: "WINDOW_NOT_OPEN", date: "2026-06-01" });
 * reader.tap(double.demoCard.nfc); // the sale is declined; the next one is approved from 30 €
 */
export function gatewayDouble(options: GatewayDoubleOptions = {}): GatewayDouble {
  const { avantages = DEFAULT_AVANTAGES, tapCeilingCents = TAP_CEILING_CENTS } = options;
  const { nowMs = Date.now, wait = realWait } = options;
  const url = (options.url ?? "https://gateway.test").replace(/\/+$/, "");
  const ledger = new Ledger(avantages);
  const script = new Script();
  const demoCard = createDemoCard();
  const gateway = new DoubleGateway({ ledger, script, demoCard, tapCeilingCents, nowMs });
  const requests: SeenRequest[] = [];
  const record = (seen: SeenRequest) => {
    requests.push(seen);
    if (requests.length > REQUESTS_KEPT) requests.shift();
  };
  return {
    url,
    handlers: handlersOf({ url, gateway, script, record, wait }),
    demoCard,
    requests,
    next: (answer) => script.next(answer),
    answer: (code, figures = {}) => script.stand(code === null ? null : { ...figures, code }),
    fail: (fault, given = {}) => script.fail(fault, given),
    balanceOf(avantage) {
      ledger.endHolds(nowMs());
      return ledger.balance(avantage);
    },
    setBalance: (avantage, balance) => ledger.setBalance(avantage, balance),
    reset() {
      ledger.clear();
      script.clear();
      requests.length = 0;
    },
  };
}

const realWait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
