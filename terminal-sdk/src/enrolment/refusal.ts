// Whether the gateway has refused what a terminal asked for, or may yet do it.

import type { Exchange } from "../client/exchange.js";
import { PassTpeError } from "../errors.js";

type ProblemExchange = Extract<Exchange<unknown>, { kind: "problem" }>;

/** It looked, and will not. Who asks for patience, or is ill, may yet. */
export function isRefusal(exchange: Exchange<unknown>): boolean {
  if (exchange.kind !== "problem") return false;
  const { status } = exchange;
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** `REFUSED` where it was; `UNREACHABLE`, with what to do, where the same may be asked again. */
export function problemError(exchange: ProblemExchange, again: string): PassTpeError {
  const { code, detail, retryAfterMs } = exchange.problem;
  if (isRefusal(exchange))
    return new PassTpeError({ code: "REFUSED", detail: `${code}: ${detail}` });
  const when = retryAfterMs === undefined ? "" : ` in ${Math.ceil(retryAfterMs / 1_000)} s`;
  return new PassTpeError({ code: "UNREACHABLE", detail: `${code}: ${detail} ${again}${when}` });
}
