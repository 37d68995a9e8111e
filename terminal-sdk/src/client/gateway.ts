// The gateway as the terminal uses it: one typed function for each of its requests.

import {
  type AuthorizationAnswer,
  AuthorizationAnswerSchema,
  type AuthorizationRequest,
  type InquiryAnswer,
  InquiryAnswerSchema,
  type InquiryRequest,
  type ReversalAnswer,
  ReversalAnswerSchema,
  type ReversalRequest,
  type StatusAnswer,
  StatusAnswerSchema,
  type TerminalProfile,
  TerminalProfileSchema,
} from "@pass-tpe/protocol";
import type { Exchange } from "./exchange.js";
import type { Call, HttpClient } from "./http-client.js";

/** Told after every exchange, so that the connection state is what the last exchange showed. */
export type ExchangeObserver = (exchange: Exchange<unknown>) => void;

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
    return this.#ask(request.id, { method: "POST", path, body: request, schema, timeoutMs });
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
    const path = `v1/authorizations/${encodeURIComponent(id)}/reversal`;
    const schema = ReversalAnswerSchema;
    return this.#ask(id, { method: "POST", path, body: { reason }, schema, timeoutMs });
  }

  status(id: string, timeoutMs: number): Promise<Exchange<StatusAnswer>> {
    const path = `v1/authorizations/${encodeURIComponent(id)}`;
    return this.#ask(id, { method: "GET", path, schema: StatusAnswerSchema, timeoutMs });
  }

  /** Also what opens a connection before it is needed. */
  profile(timeoutMs: number): Promise<Exchange<TerminalProfile>> {
    const path = "v1/terminal";
    return this.#observed({ method: "GET", path, schema: TerminalProfileSchema, timeoutMs });
  }

  close(): void {
    this.#http.close();
  }

  /** An answer about another id is no answer to this one. */
  async #ask<T extends { id: string }>(id: string, call: Call<T>): Promise<Exchange<T>> {
    const exchange = await this.#observed(call);
    if (exchange.kind === "answer" && exchange.body.id !== id) {
      return { kind: "noAnswer", reason: "the answer is about another id" };
    }
    return exchange;
  }

  async #observed<T>(call: Call<T>): Promise<Exchange<T>> {
    const exchange = await this.#http.exchange(call);
    this.#observe(exchange);
    return exchange;
  }
}
