// The gateway as the terminal uses it: one typed function for each of its requests.

import {
  type AuthorizationAnswer,
  AuthorizationAnswerSchema,
  type AuthorizationRequest,
  type CaptureAnswer,
  CaptureAnswerSchema,
  type CaptureRequest,
  type InquiryAnswer,
  InquiryAnswerSchema,
  type InquiryRequest,
  type ReconciliationAnswer,
  ReconciliationAnswerSchema,
  type ReconciliationRequest,
  type RefundAnswer,
  RefundAnswerSchema,
  type RefundRequest,
  type ReversalAnswer,
  ReversalAnswerSchema,
  type ReversalRequest,
  type StatusAnswer,
  StatusAnswerSchema,
  type TerminalProfile,
  TerminalProfileSchema,
} from "@pass-tpe/protocol";
import type { ExchangeKind } from "./connection-state.js";
import type { Exchange } from "./exchange.js";
import type { Call, HttpClient } from "./http-client.js";

/** Called when an exchange begins; told how it ended, so that the connection state is what the last exchanges showed. */
type ExchangeObserver = (asks: ExchangeKind) => (ended: Exchange<unknown>) => void;

export class GatewayClient {
  readonly #http: HttpClient;
  readonly #observe: ExchangeObserver;

  constructor(options: { http: HttpClient; observe: ExchangeObserver }) {
    this.#http = options.http;
    this.#observe = options.observe;
  }

  authorize(
    request: AuthorizationRequest,
    timeoutMs: number,
  ): Promise<Exchange<AuthorizationAnswer>> {
    const schema = AuthorizationAnswerSchema;
    const path = "v1/authorizations";
    return this.#decide(request.id, { method: "POST", path, body: request, schema, timeoutMs });
  }

  inquire(request: InquiryRequest, timeoutMs: number): Promise<Exchange<InquiryAnswer>> {
    const schema = InquiryAnswerSchema;
    const path = "v1/inquiries";
    return this.#ask(request.id, { method: "POST", path, body: request, schema, timeoutMs });
  }

  reverse(
    options: { id: string } & ReversalRequest,
    timeoutMs: number,
  ): Promise<Exchange<ReversalAnswer>> {
    const { id, reason } = options;
    const path = saleSubpath(id, "reversal");
    const schema = ReversalAnswerSchema;
    return this.#ask(id, { method: "POST", path, body: { reason }, schema, timeoutMs });
  }

  capture(
    options: { id: string } & CaptureRequest,
    timeoutMs: number,
  ): Promise<Exchange<CaptureAnswer>> {
    const { id, ...body } = options;
    const path = saleSubpath(id, "capture");
    return this.#decide(id, { method: "POST", path, body, schema: CaptureAnswerSchema, timeoutMs });
  }

  /** @param options.of the sale. @param options.id the refund's own. */
  async refund(
    options: { of: string } & RefundRequest,
    timeoutMs: number,
  ): Promise<Exchange<RefundAnswer>> {
    const { of, ...body } = options;
    const path = saleSubpath(of, "refunds");
    const schema = RefundAnswerSchema;
    const exchange = await this.#decide(body.id, { method: "POST", path, body, schema, timeoutMs });
    if (exchange.kind === "answer" && exchange.body.of !== of) {
      return { kind: "noAnswer", reason: "the answer is about another sale" };
    }
    return exchange;
  }

  /** Moves nothing. */
  reconcile(
    body: ReconciliationRequest,
    timeoutMs: number,
  ): Promise<Exchange<ReconciliationAnswer>> {
    const path = "v1/reconciliations";
    const schema = ReconciliationAnswerSchema;
    return this.#observed({ method: "POST", path, body, schema, timeoutMs });
  }

  status(id: string, timeoutMs: number): Promise<Exchange<StatusAnswer>> {
    const path = salePath(id);
    return this.#ask(id, { method: "GET", path, schema: StatusAnswerSchema, timeoutMs });
  }

  /** Also what opens a connection before it is needed. */
  profile(timeoutMs: number): Promise<Exchange<TerminalProfile>> {
    const path = "v1/terminal";
    return this.#observed({ method: "GET", path, schema: TerminalProfileSchema, timeoutMs });
  }

  /** Has somebody told each time that no connection stands any more which had carried an answer. */
  onConnectionLost(tell: () => void): void {
    this.#http.onLost(tell);
  }

  close(): void {
    this.#http.close();
  }

  /** Asks for what a gateway in maintenance does not do. */
  #decide<T extends { id: string }>(id: string, call: Call<T>): Promise<Exchange<T>> {
    return this.#ask(id, call, "decision");
  }

  /** An answer about another id is no answer to this one. */
  async #ask<T extends { id: string }>(
    id: string,
    call: Call<T>,
    asks: ExchangeKind = "other",
  ): Promise<Exchange<T>> {
    const exchange = await this.#observed(call, asks);
    if (exchange.kind === "answer" && exchange.body.id !== id) {
      return { kind: "noAnswer", reason: "the answer is about another id" };
    }
    return exchange;
  }

  async #observed<T>(call: Call<T>, asks: ExchangeKind = "other"): Promise<Exchange<T>> {
    const ended = this.#observe(asks);
    const exchange = await this.#http.exchange(call);
    ended(exchange);
    return exchange;
  }
}

function salePath(id: string): string {
  return `v1/authorizations/${encodeURIComponent(id)}`;
}

function saleSubpath(id: string, part: "reversal" | "capture" | "refunds"): string {
  return `${salePath(id)}/${part}`;
}
