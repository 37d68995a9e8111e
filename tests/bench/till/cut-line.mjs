// @ts-check
// A TCP line to the gateway that the bench can cut. What it passes on it does not look at.
import { connect, createServer } from "node:net";

/** @param {string} gateway its URL @returns {Promise<{ url: string, cut: () => void, close: () => void }>} */
export async function openLine(gateway) {
  const { hostname, port } = new URL(gateway);
  /** @type {Set<import("node:net").Socket>} */
  const ends = new Set();
  const keep = (/** @type {import("node:net").Socket} */ end) => {
    ends.add(end);
    end.setNoDelay(true);
    end.on("error", () => undefined);
    end.once("close", () => ends.delete(end));
  };
  const server = createServer((till) => {
    const far = connect(Number(port), hostname);
    for (const end of [till, far]) keep(end);
    till.pipe(far).pipe(till);
    till.once("close", () => far.destroy());
    far.once("close", () => till.destroy());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const cut = () => {
    for (const end of ends) end.resetAndDestroy();
  };
  return {
    url: `https://127.0.0.1:${address.port}`,
    cut,
    close() {
      server.close();
      cut();
    },
  };
}
