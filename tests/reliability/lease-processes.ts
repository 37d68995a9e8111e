// Tills as processes that share one journal, on a wire that can stop them at the worst moment.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Gateway, TerminalCredentials } from "@pass-tpe/gateway";
import { agentFor } from "../support/raw-client.js";

const TILL = fileURLToPath(new URL("lease-till.mjs", import.meta.url));

/** What a till tells: an event of its terminal, a result, or an error. */
export type Told = Readonly<Record<string, unknown>> & { readonly type: string };

export interface TillProcess {
  readonly child: ChildProcess;
  readonly told: readonly Told[];
  say(line: "sell" | "tap"): void;
  /** The next thing of a type that was not handed out yet. */
  next(type: string): Promise<Told>;
  end(): Promise<void>;
}

export interface TillConfig {
  readonly gateway: string;
  readonly journal: string;
  readonly till: string;
  readonly takeOver: boolean;
  readonly card: object;
}

/** Starts a till. It has opened its terminal, or failed to, once it has told `opened` or `error`. */
export function startTill(folder: string, config: TillConfig): TillProcess {
  const file = join(folder, `${config.till}.json`);
  writeFileSync(file, JSON.stringify(config));
  const child = spawn(process.execPath, [TILL, file], { stdio: ["pipe", "pipe", "inherit"] });
  const told: Told[] = [];
  const handedOut = new Set<Told>();
  let wake: (() => void)[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    told.push(JSON.parse(line));
    const waiting = wake;
    wake = [];
    for (const waiter of waiting) waiter();
  });
  return {
    child,
    told,
    say: (line) => void child.stdin.write(`${line}\n`),
    async next(type) {
      for (;;) {
        const found = told.find((one) => one.type === type && !handedOut.has(one));
        if (found !== undefined) {
          handedOut.add(found);
          return found;
        }
        await new Promise<void>((resolve) => wake.push(resolve));
      }
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

export interface HoldingProxy {
  readonly url: string;
  /** Called when the gateway has answered a sale, before the till gets the answer. */
  onDecided: () => void;
  close(): void;
}

/** Speaks plain HTTP to tills and mutual TLS to the gateway. */
export async function startHoldingProxy(
  gateway: Gateway,
  credentials: TerminalCredentials,
): Promise<HoldingProxy> {
  const agent = agentFor(credentials);
  const server = createServer((incoming, answer) => {
    const { method, headers, url = "/" } = incoming;
    const outgoing = request(new URL(url, gateway.url), { agent, method, headers }, (response) => {
      if (url === "/v1/authorizations") proxy.onDecided();
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.on("error", () => incoming.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: HoldingProxy = {
    url: `http://127.0.0.1:${port}`,
    onDecided: () => undefined,
    close() {
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
  return proxy;
}
