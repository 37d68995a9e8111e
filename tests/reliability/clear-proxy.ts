// Speaks plain HTTP to a till and mutual TLS to the gateway, so that a trace of the till shows its requests as text.

import { createServer } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import type { Gateway, TerminalCredentials } from "@pass-tpe/gateway";
import { agentFor } from "../support/raw-client.js";

export interface ClearProxy {
  readonly url: string;
  close(): void;
}

/** Starts a proxy that forwards everything as one terminal. */
export async function startClearProxy(
  gateway: Gateway,
  credentials: TerminalCredentials,
): Promise<ClearProxy> {
  const agent = agentFor(credentials);
  const server = createServer((incoming, answer) => {
    const { method, headers, url = "/" } = incoming;
    const outgoing = request(new URL(url, gateway.url), { agent, method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.on("error", () => incoming.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
}
