// The proxy does each of its faults, and after healing nothing but passing on.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type FaultyProxy,
  NETWORK_FAULTS,
  REFUSED_PERCENT,
  startFaultyProxy,
} from "./faulty-proxy.js";
import { type Dice, dice } from "./random.js";

let server: Server;
let proxy: FaultyProxy;

beforeEach(async () => {
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (asked) => socket.write(`answer to ${asked.toString()}`));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(async () => {
  await proxy.close();
  server.close();
});

async function open(dice: Dice): Promise<void> {
  proxy = await startFaultyProxy({ to: (server.address() as AddressInfo).port, dice });
}

/** What comes back for one question, until the connection ends or everything has come. */
function ask(question: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(proxy.port, "127.0.0.1");
    let heard = "";
    const finish = () => {
      socket.destroy();
      resolve(heard);
    };
    socket.on("data", (chunk) => {
      heard += chunk.toString();
      if (heard === `answer to ${question}`) finish();
    });
    socket.on("error", finish).on("close", finish);
    socket.write(question);
  });
}

/** Refuses every connection, or lets this fault fall on every request; answers meet none. */
function only(fault: string): Dice {
  const refuses = fault === "refuse";
  return {
    ...dice(1),
    percent: (often) => refuses || often > REFUSED_PERCENT,
    between: (min) => min,
    oneOf: (items) => items.find((item) => item === fault) ?? dice(1).oneOf(items),
  };
}

test("without faults it passes on both ways", async () => {
  await open({ ...dice(1), percent: () => false });
  expect(await ask("one")).toBe("answer to one");
  expect(Object.values(proxy.faults)).toEqual(NETWORK_FAULTS.map(() => 0));
});

test.each(["cutRequest", "loseAnswer"] as const)(
  "%s leaves the asker without an answer",
  async (fault) => {
    await open(only(fault));
    expect(await ask("one")).toBe("");
    expect(proxy.faults[fault]).toBe(1);
  },
);

test("a connection that went dead on one side is cut by healing, and the next one serves", async () => {
  await open(only("halfOpen"));
  const asked = ask("one");
  await expect.poll(() => proxy.faults.halfOpen).toBe(1);
  proxy.heal();
  expect(await asked).toBe("");
  expect(await ask("two")).toBe("answer to two");
});

test("a refused connection ends at once", async () => {
  await open(only("refuse"));
  expect(await ask("one")).toBe("");
  expect(proxy.faults.refuse).toBe(1);
});
