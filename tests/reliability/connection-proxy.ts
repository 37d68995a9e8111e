// A TCP proxy before a gateway, at an address that stays: it passes, swallows what is sent, or is not there.

import { connect, createServer, type Server, type Socket } from "node:net";
import { freePort } from "../../simulators/src/free-ports.js";

export interface ConnectionProxy {
  readonly port: number;
  /** Where connections go from now on. */
  target: number;
  /** What stands is half open from now on: it takes everything, and nothing comes out of it. New connections pass. */
  swallowStanding(): void;
  /** New connections are half open as well, until `pass`. */
  swallowAll(): void;
  pass(): void;
  /** Nobody listens, and what stood is cut. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export async function startConnectionProxy(target: number): Promise<ConnectionProxy> {
  const ends = new Set<Socket>();
  let swallows = false;
  const halfOpen = new WeakSet<Socket>();
  const keep = (socket: Socket) => {
    ends.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => ends.delete(socket));
  };
  const server: Server = createServer((till) => {
    keep(till);
    if (swallows) halfOpen.add(till);
    const gateway = connect(proxy.target, "127.0.0.1");
    keep(gateway);
    till.on("data", (bytes) => void (halfOpen.has(till) || gateway.write(bytes)));
    gateway.on("data", (bytes) => void (halfOpen.has(till) || till.write(bytes)));
    till.on("close", () => gateway.destroy());
    gateway.on("close", () => void (halfOpen.has(till) || till.destroy()));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const port = await freePort();
  await listen(port);
  const cut = () => {
    for (const end of ends) end.destroy();
  };
  const swallowStanding = () => {
    for (const end of ends) halfOpen.add(end);
  };
  const down = async () => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    cut();
    await closed;
  };
  const proxy: ConnectionProxy = {
    port,
    target,
    swallowStanding,
    swallowAll() {
      swallows = true;
      swallowStanding();
    },
    pass() {
      swallows = false;
      cut();
    },
    down,
    up: () => listen(port),
    close: down,
  };
  return proxy;
}
