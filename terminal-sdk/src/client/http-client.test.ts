import { randomBytes } from "node:crypto";
import http, { type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../clock.js";
import {
  AUTHORITY_PEM,
  GATEWAY_CERTIFICATE_PEM,
  GATEWAY_KEY_PEM,
  OTHER_AUTHORITY_PEM,
  TERMINAL_CERTIFICATE_PEM,
  TERMINAL_KEY_PEM,
} from "../test-kit/certificates.js";
import { ManualClock } from "../test-kit/manual-clock.js";
import type { AnswerSchema } from "./exchange.js";
import { ANSWER_BYTES_MAX, HttpClient } from "./http-client.js";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const CREDENTIALS = {
  ca: AUTHORITY_PEM,
  certificate: TERMINAL_CERTIFICATE_PEM,
  privateKey: TERMINAL_KEY_PEM,
};

const hasFine: AnswerSchema<{ fine: boolean }> = {
  safeParse: (data) =>
    typeof data === "object" && data !== null && "fine" in data
      ? { success: true, data: { fine: data.fine === true } }
      : { success: false, error: new Error("not fine") },
};

const POST = {
  method: "POST",
  path: "v1/authorizations",
  body: { secret: "evidence" },
  schema: hasFine,
  timeoutMs: 5_000,
} as const;

const sayFine: RequestListener = (_request, response) => {
  response.end('{"fine":true,"newer":1}');
};

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

async function plainClient(onRequest: RequestListener, clock = systemClock) {
  const port = await listen(http.createServer(onRequest));
  return clientOf({ gateway: `http://127.0.0.1:${port}`, clock });
}

async function tlsGateway(options: Partial<ServerOptions> = {}, onRequest = sayFine) {
  const sessions: ("new" | "resumed")[] = [];
  const lines = new Set<Socket>();
  const seen: string[] = [];
  const server = createHttpsServer(
    {
      key: GATEWAY_KEY_PEM,
      cert: GATEWAY_CERTIFICATE_PEM,
      ca: AUTHORITY_PEM,
      requestCert: true,
      ...options,
    },
    (request, response) => {
      seen.push(request.url ?? "");
      onRequest(request, response);
    },
  );
  server.on("connection", (line: Socket) => {
    lines.add(line.once("close", () => lines.delete(line)));
  });
  server.on("secureConnection", (socket: TLSSocket) => {
    sessions.push(socket.isSessionReused() ? "resumed" : "new");
  });
  server.on("tlsClientError", () => undefined);
  const port = await listen(server);
  return {
    gateway: `https://127.0.0.1:${port}`,
    seen,
    /** Of each connection, in order. */
    sessions,
    close: () => server.closeAllConnections(),
    reset() {
      for (const line of lines) line.resetAndDestroy();
    },
    /** As one that was started anew. */
    forget() {
      server.setTicketKeys(randomBytes(48));
      server.closeAllConnections();
    },
  };
}

function clientOf(
  options: Omit<ConstructorParameters<typeof HttpClient>[0], "clock"> & {
    clock?: typeof systemClock;
  },
) {
  const client = new HttpClient({ clock: systemClock, ...options });
  closers.push(() => client.close());
  return client;
}

describe("over mutual TLS", () => {
  it("one connection serves the exchanges that follow each other", async () => {
    const { gateway, sessions } = await tlsGateway();
    const client = clientOf({ gateway, credentials: CREDENTIALS });
    await client.exchange({
      method: "GET",
      path: "v1/terminal",
      schema: hasFine,
      timeoutMs: 5_000,
    });
    expect(await client.exchange(POST)).toEqual({ kind: "answer", body: { fine: true } });
    expect(sessions).toEqual(["new"]);
  });

  it.each(["close", "reset"] as const)(
    "a connection that was lost by a %s is followed by one that resumes its session",
    async (mishap) => {
      const { gateway, sessions, seen, ...lose } = await tlsGateway();
      const client = clientOf({ gateway, credentials: CREDENTIALS });
      const lost = new Promise<void>((resolve) => client.onLost(resolve));
      await client.exchange(POST);
      lose[mishap]();
      await lost;
      expect(await client.exchange(POST)).toMatchObject({ kind: "answer" });
      expect(sessions).toEqual(["new", "resumed"]);
    },
  );

  it("a gateway that has forgotten the session gets a new one, in the same exchange", async () => {
    const { gateway, sessions, forget } = await tlsGateway();
    const client = clientOf({ gateway, credentials: CREDENTIALS });
    const lost = new Promise<void>((resolve) => client.onLost(resolve));
    await client.exchange(POST);
    forget();
    await lost;
    expect(await client.exchange(POST)).toMatchObject({ kind: "answer" });
    expect(sessions).toEqual(["new", "new"]);
  });

  it("other credentials begin with a session of their own", async () => {
    const { gateway, sessions } = await tlsGateway();
    const client = clientOf({ gateway, credentials: CREDENTIALS });
    await client.exchange(POST);
    await client.alone(async () => client.use(CREDENTIALS));
    await client.exchange(POST);
    expect(sessions).toEqual(["new", "new"]);
  });

  it("a connection that serves a whole day gathers no listeners", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on("warning", note);
    const { gateway } = await tlsGateway();
    const client = clientOf({ gateway, credentials: CREDENTIALS });
    for (let sale = 0; sale < 15; sale += 1) {
      expect(await client.exchange(POST)).toMatchObject({ kind: "answer" });
    }
    // Warnings are given on a later turn.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    expect(warnings.filter((warning) => warning.name === "MaxListenersExceededWarning")).toEqual(
      [],
    );
  });

  it("nothing is sent to a gateway whose certificate another authority made", async () => {
    const { gateway, seen } = await tlsGateway();
    const client = clientOf({ gateway, credentials: { ...CREDENTIALS, ca: OTHER_AUTHORITY_PEM } });
    expect(await client.exchange(POST)).toMatchObject({ kind: "notSent" });
    expect(seen).toEqual([]);
  });

  it("nothing is sent while the handshake hangs", async () => {
    const clock = new ManualClock();
    const port = await listen(
      createTcpServer((socket) => {
        socket.once("data", () => clock.advance(POST.timeoutMs));
        closers.push(() => socket.destroy());
      }),
    );
    const gateway = `https://127.0.0.1:${port}`;
    const exchange = await clientOf({ gateway, credentials: CREDENTIALS, clock }).exchange(POST);
    expect(exchange).toMatchObject({ kind: "notSent", reason: "no answer within 5000 ms" });
  });

  it("a gateway that does not accept the terminal's certificate never sees the request", async () => {
    const { gateway, seen } = await tlsGateway({
      ca: OTHER_AUTHORITY_PEM,
      rejectUnauthorized: true,
    });
    const exchange = await clientOf({ gateway, credentials: CREDENTIALS }).exchange(POST);
    // The connection stood for a moment, so the terminal cannot tell this from a lost answer.
    expect(exchange).toMatchObject({ kind: "noAnswer" });
    expect(seen).toEqual([]);
  });

  it("is the only way with credentials", () => {
    const gateway = "http://gateway.example";
    expect(() => clientOf({ gateway, credentials: CREDENTIALS })).toThrow("https");
  });
});

describe("a request that fails", () => {
  it("was not sent when nobody listens", async () => {
    const server = http.createServer();
    const port = await listen(server);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    const client = clientOf({ gateway: `http://127.0.0.1:${port}` });
    expect(await client.exchange(POST)).toMatchObject({
      kind: "notSent",
      reason: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("may have been decided when the line is cut after it arrived", async () => {
    const client = await plainClient((request) => request.socket.destroy());
    expect(await client.exchange(POST)).toMatchObject({ kind: "noAnswer" });
  });

  it("may have been decided when a kept connection turns out to be dead", async () => {
    let requests = 0;
    const client = await plainClient((request, response) => {
      requests += 1;
      if (requests === 1) sayFine(request, response);
      else request.socket.destroy();
    });
    await client.exchange(POST);
    expect(await client.exchange(POST)).toMatchObject({ kind: "noAnswer" });
  });

  it("may have been decided when no answer comes in its time", async () => {
    const clock = new ManualClock();
    const client = await plainClient(() => clock.advance(POST.timeoutMs), clock);
    expect(await client.exchange(POST)).toMatchObject({ kind: "noAnswer" });
  });

  it.each<[string, RequestListener]>([
    ["is no JSON", (_request, response) => response.end("<html>")],
    ["has not the form of one", (_request, response) => response.end('{"other":1}')],
    [
      "is cut",
      (_request, response) => {
        response.writeHead(200, { "content-length": 100 });
        response.write('{"fine":');
        response.socket?.end();
      },
    ],
    ["is too large", (_request, response) => response.end(Buffer.alloc(ANSWER_BYTES_MAX + 1, 32))],
    [
      "is a proxy's error page",
      (_request, response) => {
        response.statusCode = 502;
        response.end("Bad Gateway");
      },
    ],
  ])("may have been decided when the answer %s", async (_case, onRequest) => {
    const client = await plainClient(onRequest);
    expect(await client.exchange(POST)).toMatchObject({ kind: "noAnswer" });
  });
});

describe("an interceptor", () => {
  it("that replaces the module's own request function is used", async () => {
    const client = await plainClient(sayFine);
    const intercepted = vi.spyOn(http, "request");
    await client.exchange(POST);
    expect(intercepted).toHaveBeenCalledOnce();
    intercepted.mockRestore();
  });
});

describe("an answer", () => {
  it("may carry the gateway's own account of its time", async () => {
    const client = await plainClient((request, response) => {
      response.setHeader("server-timing", "queue;dur=0.2, decide;dur=1.25, commit;dur=2e-7");
      sayFine(request, response);
    });
    expect(await client.exchange(POST)).toMatchObject({
      kind: "answer",
      stages: { queueMs: 0.2, decideMs: 1.25, commitMs: 2e-7 },
    });
  });

  it("of 4xx or 5xx is a problem document, with the time to wait", async () => {
    const problem = {
      type: "urn:pass-tpe:problem:RATE_LIMITED",
      title: "Too many requests",
      status: 429,
      detail: "wait",
      code: "RATE_LIMITED",
      retry: "SAMEKEY",
      display: ["A", "B"],
      display20: ["A", "B"],
      message: "m",
    };
    const client = await plainClient((_request, response) => {
      response.writeHead(429, { "retry-after": "2", "content-type": "application/problem+json" });
      response.end(JSON.stringify(problem));
    });
    const exchange = await client.exchange(POST);
    expect(exchange).toEqual({ kind: "problem", status: 429, problem, retryAfterMs: 2_000 });
  });
});
