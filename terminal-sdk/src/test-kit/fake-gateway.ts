// A gateway for the terminal's own tests: a plain HTTP server that does what a test says and keeps what it was sent.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type PublicCode, renderOutcome } from "@pass-tpe/protocol";
import { GATEWAY_NOW_MS, GATEWAY_TODAY, PROFILE } from "./fixtures.js";

interface Received {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/** What the gateway does with one request. */
export type Behaviour = (received: Received, response: ServerResponse) => void;

/** Answers with a body. */
export function answer(body: unknown, headers: Record<string, string> = {}): Behaviour {
  return (_received, response) => {
    response.writeHead(200, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Approves 18,00 EUR under whatever id was sent. */
export const approve: Behaviour = (received, response) => {
  answer(approval(String(received.body["id"])), {
    "server-timing": "queue;dur=0.5, decide;dur=1.5, commit;dur=2",
  })(received, response);
};

export function approval(id: string): Record<string, unknown> {
  return {
    ...decision(id, "APPROVED", { outcome: "approved", iso39: "00", retry: "NONE" }),
    avantage: "SPECTACLE",
    amountCents: 1800,
    collectCents: 0,
  };
}

export function decline(code: PublicCode, fields: Record<string, unknown> = {}): Behaviour {
  return (received, response) => {
    const given = { outcome: "declined", iso39: "51", retry: "NO", ...fields };
    const body = { ...decision(String(received.body["id"]), code, given), avantage: "SPECTACLE" };
    answer(body)(received, response);
  };
}

/** Acknowledges a reversal. */
export const reversed: Behaviour = (received, response) => {
  const given = { outcome: "approved", iso39: "00", retry: "NONE" };
  answer(decision(idIn(received), "REVERSED", given))(received, response);
};

/** Holds 18,00 EUR for half an hour under whatever id was sent. */
export const hold: Behaviour = (received, response) => {
  const id = String(received.body["id"]);
  const holdExpiresAtMs = GATEWAY_NOW_MS + 30 * 60 * 1000;
  answer({ ...approval(id), code: "APPROVED_HELD", holdExpiresAtMs })(received, response);
};

/** Captures what was asked for, or 18,00 EUR. */
export const captured: Behaviour = (received, response) => {
  answer(capture(idIn(received), received.body["amountCents"]))(received, response);
};

export function capture(id: string, amountCents: unknown = 1800): Record<string, unknown> {
  const given = { outcome: "approved", iso39: "00", retry: "NONE" };
  return { ...decision(id, "CAPTURED", given), avantage: "SPECTACLE", amountCents };
}

/** Gives back what was asked for, or 18,00 EUR. */
export const refunded: Behaviour = (received, response) => {
  const { id, amountCents = 1800 } = received.body;
  const given = { outcome: "approved", iso39: "00", retry: "NONE" };
  const returned = { unit: "EUR_CENT", value: amountCents };
  const body = { ...decision(String(id), "REFUNDED", given), of: idIn(received), returned };
  answer({ ...body, avantage: "SPECTACLE" })(received, response);
};

/** Refuses a capture of the sale in the path, or a refund of it. */
export function declineAfterSale(
  code: PublicCode,
  fields: Record<string, unknown> = {},
): Behaviour {
  return (received, response) => {
    const id = received.body["id"] ?? idIn(received);
    const given = { outcome: "declined", iso39: "12", retry: "NO", ...fields };
    answer({ ...decision(String(id), code, given), of: idIn(received) })(received, response);
  };
}

/** Has the totals that the terminal has. */
export const agrees: Behaviour = (received, response) => {
  const { day, totals } = received.body;
  const rest = { terminalId: "T1", agreed: true, held: 0, moves: [], morePages: false };
  answer({ day, totals, ...rest })(received, response);
};

/** Has these moves, in pages, and other totals than the terminal. */
export function differs(...pages: Record<string, unknown>[][]): Behaviour {
  return (received, response) => {
    const page = Number(received.body["page"] ?? 0);
    const rest = { terminalId: "T1", agreed: false, held: 0, totals: [] };
    const moves = pages[page] ?? [];
    const morePages = page + 1 < pages.length;
    answer({ day: GATEWAY_TODAY, ...rest, moves, morePages })(received, response);
  };
}

/** The sale that a path is about. */
function idIn({ path }: Received): string {
  return path.split("/").at(-2) ?? "";
}

/** Says that the sale that is asked for was approved. */
export const stands: Behaviour = (received, response) => {
  const id = received.path.split("/").at(-1) ?? "";
  answer({ id, state: "approved", answer: approval(id) })(received, response);
};

export function problem(status: number, code: PublicCode, retry = "NO"): Behaviour {
  return (_received, response) => {
    response.writeHead(status, { "content-type": "application/problem+json" });
    response.end(
      JSON.stringify({
        type: `urn:pass-tpe:problem:${code}`,
        title: code,
        status,
        detail: "as the test says",
        code,
        retry,
        ...renderOutcome(code, {}),
      }),
    );
  };
}

/** Takes the request and cuts the line. */
export const cut: Behaviour = (_received, response) => {
  response.socket?.destroy();
};

/** Takes the request and says nothing. */
export const silence: Behaviour = () => undefined;

export function decision(
  id: string,
  code: string,
  fields: Record<string, unknown>,
): Record<string, unknown> {
  const lines = { display: ["LIGNE 1", "LIGNE 2"], display20: ["L 1", "L 2"] };
  return { id, code, ...lines, message: "Message.", decidedAtMs: GATEWAY_NOW_MS, ...fields };
}

export class FakeGateway {
  readonly received: Received[] = [];
  /** What is done with sales and inquiries, in order; the last behaviour stays. */
  sales: Behaviour[] = [approve];
  reversals: Behaviour[] = [reversed];
  captures: Behaviour[] = [captured];
  refunds: Behaviour[] = [refunded];
  reconciliations: Behaviour[] = [agrees];
  /** What is done with questions about a sale: by default it stands. */
  statuses: Behaviour[] = [stands];
  profile: Behaviour = answer(PROFILE);
  /** How many were opened so far. */
  connections = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server.on("connection", () => {
      this.connections += 1;
    });
  }

  static async start(): Promise<FakeGateway> {
    const gateway = new FakeGateway();
    await gateway.listen(0);
    return gateway;
  }

  /** Listens, or listens again after {@link stop} on the port it had. */
  async listen(port = this.#port): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What was sent to paths that end like this. */
  sentTo(ending: string): Received[] {
    return this.received.filter(({ path }) => path.endsWith(ending));
  }

  /** Cuts the connections that stand; others are taken. */
  hangUp(): void {
    this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #port = 0;

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const text = Buffer.concat(chunks).toString();
    const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    const received = { method: request.method ?? "", path: request.url ?? "", body };
    this.received.push(received);
    this.#behaviourFor(received)(received, response);
  }

  #behaviourFor({ method, path }: Received): Behaviour {
    if (path === "/v1/terminal") return this.profile;
    const queue = method === "GET" ? this.statuses : this.#posted(path);
    const behaviour = queue.length > 1 ? queue.shift() : queue[0];
    if (behaviour === undefined) throw new Error(`the test says nothing about ${path}`);
    return behaviour;
  }

  #posted(path: string): Behaviour[] {
    switch (path.split("/").at(-1)) {
      case "reversal":
        return this.reversals;
      case "capture":
        return this.captures;
      case "refunds":
        return this.refunds;
      case "reconciliations":
        return this.reconciliations;
      default:
        return this.sales;
    }
  }
}
