// Ports of this machine that are free now, for what has to be told its port or starts again where it was.

import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Below those that a system gives to whoever asks for any (Linux: 32768 to 60999), so that nobody is given one meanwhile. */
const FROM = 20_000;
const UNTIL = 32_000;

/** A port at which nothing listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FROM, UNTIL);
    if (await isFree(port)) return port;
  }
}

/** So many, which differ. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

/** Two in a row: the lower one. */
export async function freeNeighbours(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (await isFree(port + 1)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    });
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
