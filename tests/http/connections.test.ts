// Who may hold a connection to the listeners, how many and for how long, and how many requests it may have open.

import type { RequestListener, ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import type { Identity } from "../../gateway/src/crypto/authority.js";
import {
  type Listener,
  listenForHolders,
  listenForOperators,
  listenForTerminals,
} from "../../gateway/src/http/listeners.js";
import {
  clientIdentity,
  knock,
  type Listen,
  type RawConnection,
  shakeHands,
  startBare,
} from "./bare-listener.js";

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
/** Long enough never to end a test's connection before what it looks at does. */
const LONG_MS = 60_000;
const SHORT_MS = 200;

let open: { readonly listener: Listener; readonly connections: RawConnection[] } | null = null;
let client: Identity | null = null;

async function start(...[listen, app, options]: Parameters<typeof startBare>): Promise<Listener> {
  const listener = await startBare(listen, app, options);
  open = { listener, connections: [] };
  return listener;
}

afterEach(async () => {
  for (const { socket } of open?.connections ?? []) socket.destroy();
  await open?.listener.close();
  open = null;
});

function kept<C extends RawConnection>(connection: C): C {
  open?.connections.push(connection);
  return connection;
}

async function terminal(listener: Listener): Promise<RawConnection> {
  client ??= await clientIdentity();
  return kept(await shakeHands(listener, client));
}

const stranger = async (listener: Listener) => kept(await shakeHands(listener));
const silent = async (listener: Listener) => kept(await knock(listener));

const BY_CERTIFICATE: readonly [string, Listen][] = [
  ["terminals'", listenForTerminals],
  ["operators'", listenForOperators],
];

describe.each(BY_CERTIFICATE)("who has no certificate, at the %s listener", (_name, listen) => {
  test("is answered once, and its connection is over", async () => {
    const connection = await stranger(await start(listen));
    connection.socket.write(GET);
    expect(await connection.over()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*\r\nConnection: close\r\n/);
  });

  test("has no second request heard, sent with the first", async () => {
    let asked = 0;
    const listener = await start(listen, (_request, response) => {
      asked += 1;
      setImmediate(() => response.end("only answer"));
    });
    const connection = await stranger(listener);
    connection.socket.write(GET.repeat(50));
    expect((await connection.over()).match(/only answer/g)).toHaveLength(1);
    expect(asked).toBe(1);
  });

  test("is cut when its time is over, whatever it does", async () => {
    const listener = await start(listen, () => undefined, {
      connections: { strangerLifeMs: SHORT_MS },
      patience: { answerMs: LONG_MS },
    });
    const idle = await stranger(listener);
    const asking = await stranger(listener);
    const half = await silent(listener);
    asking.socket.write(GET);
    expect(await Promise.all([idle.over(), asking.over(), half.over()])).toEqual(["", "", ""]);
  });

  test("makes room for the next of its address; a terminal does not", async () => {
    const listener = await start(listen, undefined, {
      connections: { strangers: { max: 10, perNetworkMax: 2 }, strangerLifeMs: LONG_MS },
    });
    const held = await terminal(listener);
    const [first, second] = [await stranger(listener), await stranger(listener)];
    const third = await stranger(listener);
    await first.over();
    for (const connection of [second, third, held]) {
      connection.socket.write(GET);
      await connection.heard(/GET \//);
    }
  });

  test("makes room for the next of any address", async () => {
    const listener = await start(listen, undefined, {
      connections: { strangers: { max: 1, perNetworkMax: 10 }, strangerLifeMs: LONG_MS },
    });
    const first = await stranger(listener);
    const second = await stranger(listener);
    await first.over();
    second.socket.write(GET);
    await second.heard(/GET \//);
  });
});

test("a crowd that says nothing keeps no terminal out", async () => {
  const listener = await start(listenForTerminals, undefined, {
    connections: { knocking: { max: 20, perNetworkMax: 20 } },
    patience: { handshakeMs: LONG_MS },
  });
  const crowd: RawConnection[] = [];
  for (let count = 0; count < 100; count += 1) crowd.push(await silent(listener));
  await Promise.all(crowd.slice(0, 80).map((connection) => connection.over()));
  const held = await terminal(listener);
  held.socket.write(GET);
  await held.heard(/GET \//);
});

test("a certificate has so many connections and no more; when one ends, another may come", async () => {
  const listener = await start(listenForTerminals, undefined, {
    connections: { perCertificateMax: 2 },
  });
  const [first, second] = [await terminal(listener), await terminal(listener)];
  const third = await terminal(listener);
  expect(await third.over()).toBe("");
  second.socket.destroy();
  await second.over();
  first.socket.write(GET);
  await first.heard(/GET \//);
  const fourth = await terminal(listener);
  fourth.socket.write(GET);
  await fourth.heard(/GET \//);
});

test("a caller's second certificate gives it no more connections; another caller has its own", async () => {
  const listener = await start(listenForTerminals, undefined, {
    connections: { perCertificateMax: 1 },
  });
  const [before, after] = [await clientIdentity(), await clientIdentity()];
  expect(before.certificate).not.toBe(after.certificate);
  const held = kept(await shakeHands(listener, before));
  const refused = kept(await shakeHands(listener, after));
  expect(await refused.over()).toBe("");
  const other = kept(await shakeHands(listener, await clientIdentity("other")));
  for (const connection of [held, other]) {
    connection.socket.write(GET);
    await connection.heard(/GET \//);
  }
});

test("holders keep their connection, and the oldest makes room", async () => {
  const listener = await start(listenForHolders, undefined, {
    connections: { strangers: { max: 10, perNetworkMax: 2 } },
  });
  const [first, second] = [await stranger(listener), await stranger(listener)];
  for (const connection of [first, second]) {
    connection.socket.write(GET);
    await connection.heard(/GET \//);
    connection.socket.write("GET /again HTTP/1.1\r\nHost: a\r\n\r\n");
    await connection.heard(/GET \/again/);
  }
  await stranger(listener);
  await first.over();
});

describe("requests behind each other on one connection", () => {
  test("are answered in their order, up to eight", async () => {
    const connection = await terminal(await start(listenForTerminals));
    const paths = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `/${number}`);
    connection.socket.write(
      paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(""),
    );
    const text = await connection.heard(/GET \/8/);
    expect(text.match(/GET \/\d/g)).toEqual(paths.map((path) => `GET ${path}`));
  });

  test("are too many when nine wait", async () => {
    const waiting: ServerResponse[] = [];
    const listener = await start(listenForTerminals, (_request, response) => {
      waiting.push(response);
    });
    const connection = await terminal(listener);
    connection.socket.write(GET.repeat(9));
    expect(await connection.over()).toBe("");
    expect(waiting).toHaveLength(8);
  });
});

describe("a slow client", () => {
  test.each(["terminals'", "holders'"] as const)(
    "that does not take its answer is cut, at the %s listener",
    async (name) => {
      const listen = name === "holders'" ? listenForHolders : listenForTerminals;
      // More than the buffers on the way hold.
      const large = Buffer.alloc(64 * 1024 * 1024);
      let isOver = () => {};
      const over = new Promise<void>((resolve) => {
        isOver = resolve;
      });
      const send: RequestListener = (_request, response) => {
        response.once("close", isOver).end(large);
      };
      const listener = await start(listen, send, { patience: { answerMs: SHORT_MS } });
      const connection = await (name === "holders'" ? stranger(listener) : terminal(listener));
      connection.socket.pause();
      connection.socket.write(GET);
      // A byte of it now and then does not keep it alive: the time runs from the request.
      const sip = setInterval(() => connection.socket.read(1), 10);
      await over;
      clearInterval(sip);
      connection.socket.resume();
      expect((await connection.over()).length).toBeLessThan(large.length);
    },
  );

  test("that sends a header at a time is cut with 408", async () => {
    const listener = await start(listenForTerminals, undefined, {
      patience: { headersMs: SHORT_MS, requestMs: SHORT_MS, checkEveryMs: 20 },
    });
    const connection = await terminal(listener);
    connection.socket.write("GET / HTTP/1.1\r\n");
    const drip = setInterval(() => connection.socket.write("X-A: b\r\n"), 10);
    expect(await connection.over()).toMatch(/^(HTTP\/1\.1 408 |$)/);
    clearInterval(drip);
  });

  test("that sends a body byte by byte is cut", async () => {
    const listener = await start(listenForTerminals, undefined, {
      patience: { headersMs: SHORT_MS, requestMs: SHORT_MS, checkEveryMs: 20 },
    });
    const connection = await terminal(listener);
    connection.socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
    const drip = setInterval(() => connection.socket.write("x"), 10);
    expect(await connection.over()).toMatch(/^(HTTP\/1\.1 408 |$)/);
    clearInterval(drip);
  });

  test("that never speaks, before or after the handshake, is cut", async () => {
    const listener = await start(listenForTerminals, undefined, {
      patience: {
        handshakeMs: SHORT_MS,
        headersMs: SHORT_MS,
        requestMs: SHORT_MS,
        checkEveryMs: 20,
      },
    });
    const [before, after] = [await silent(listener), await terminal(listener)];
    await Promise.all([before.over(), after.over()]);
  });

  test("that is silent after its answer is let go", async () => {
    const listener = await start(listenForTerminals, undefined, {
      patience: { keepAliveMs: SHORT_MS },
    });
    const connection = await terminal(listener);
    connection.socket.write(GET);
    await connection.over();
    expect(connection.text()).toMatch(/GET \/$/);
  });

  test("that has closed its half is let go, with its request half sent", async () => {
    const listener = await start(listenForTerminals);
    const connection = await terminal(listener);
    connection.socket.end("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
    await connection.over();
  });
});
