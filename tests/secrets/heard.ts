// Hears every HTTP answer that this process gives, on whichever listener and to whomever.

import { ServerResponse } from "node:http";
import type { Place } from "./search.js";

export interface HeardAnswer extends Place {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Listens from now on. `stop` gives the prototype back. */
export function hearAnswers(): { readonly answers: readonly HeardAnswer[]; stop(): void } {
  const answers: HeardAnswer[] = [];
  const chunks = new WeakMap<ServerResponse, Buffer[]>();
  const proto = ServerResponse.prototype;
  const { write, end } = proto;
  function keep(response: ServerResponse, chunk: unknown): void {
    if (typeof chunk !== "string" && !(chunk instanceof Uint8Array)) return;
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk);
    const kept = chunks.get(response);
    if (kept) kept.push(bytes);
    else chunks.set(response, [bytes]);
  }
  proto.write = function (this: ServerResponse, ...args: unknown[]) {
    keep(this, args[0]);
    return Reflect.apply(write, this, args);
  };
  proto.end = function (this: ServerResponse, ...args: unknown[]) {
    keep(this, args[0]);
    const ended = Reflect.apply(end, this, args);
    const { method = "", url: path = "" } = this.req;
    const head = JSON.stringify({ status: this.statusMessage, headers: this.getHeaders() });
    const bytes = Buffer.concat([Buffer.from(head), ...(chunks.get(this) ?? [])]);
    const { statusCode: status } = this;
    answers.push({ name: `answer to ${method} ${path}: ${status}`, method, path, status, bytes });
    return ended;
  };
  return {
    answers,
    stop() {
      Object.assign(proto, { write, end });
    },
  };
}
