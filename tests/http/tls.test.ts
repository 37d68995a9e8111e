// What the listeners agree to speak: TLS 1.2 with forward secrecy and authenticated encryption, TLS 1.3, nothing else.

import { createServer } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Listener,
  listenForHolders,
  listenForOperators,
  listenForTerminals,
} from "../../gateway/src/http/listeners.js";
import { clientIdentity, type Listen, shakeHands, startBare } from "./bare-listener.js";
import { sayHello, TLS_1_1, TLS_1_2 } from "./client-hello.js";

// IANA TLS Cipher Suites registry.
const ECDHE_RSA_AES128_GCM = 0xc02f;
const ECDHE_RSA_AES256_GCM = 0xc030;
const ECDHE_RSA_CHACHA20 = 0xcca8;
const REFUSED = {
  "RSA key exchange, AES-128-GCM": 0x009c,
  "RSA key exchange, AES-256-GCM": 0x009d,
  "RSA key exchange, AES-128-CBC": 0x002f,
  "ECDHE, AES-128-CBC, SHA-1": 0xc013,
  "ECDHE, AES-256-CBC, SHA-1": 0xc014,
  "ECDHE, AES-128-CBC, SHA-256": 0xc027,
  "ECDHE, 3DES": 0xc012,
  "RSA key exchange, 3DES": 0x000a,
  "ECDHE, RC4": 0xc011,
  "ECDHE, no encryption": 0xc010,
  "ECDH with nobody's certificate": 0xc018,
  "finite-field DHE, AES-128-GCM": 0x009e,
};
const HANDSHAKE_FAILURE = { type: "alert", description: 40 };
const PROTOCOL_VERSION = { type: "alert", description: 70 };

const LISTENERS: Record<string, Listen> = {
  "terminals'": listenForTerminals,
  "operators'": listenForOperators,
  "holders'": listenForHolders,
};

describe.each(Object.entries(LISTENERS))("the %s listener", (_name, listen) => {
  let listener: Listener;
  const hello = (suites: readonly number[], version = TLS_1_2) =>
    sayHello({ port: listener.port, version, suites });

  beforeAll(async () => {
    listener = await startBare(listen);
  });
  afterAll(() => listener.close());

  test.each([ECDHE_RSA_AES256_GCM, ECDHE_RSA_CHACHA20, ECDHE_RSA_AES128_GCM])(
    "speaks suite %i of TLS 1.2",
    async (suite) => {
      expect(await hello([suite])).toEqual({ type: "hello", suite });
    },
  );

  test("chooses by its own order", async () => {
    const suites = [ECDHE_RSA_AES128_GCM, ECDHE_RSA_CHACHA20, ECDHE_RSA_AES256_GCM];
    expect(await hello(suites)).toEqual({ type: "hello", suite: ECDHE_RSA_AES256_GCM });
  });

  test.each(Object.entries(REFUSED))("refuses %s", async (_what, suite) => {
    expect(await hello([suite])).toEqual(HANDSHAKE_FAILURE);
  });

  test("refuses TLS 1.1, whatever the suite", async () => {
    const suites = [0xc014, 0xc013, ECDHE_RSA_AES256_GCM];
    expect(await hello(suites, TLS_1_1)).toEqual(PROTOCOL_VERSION);
  });

  test("speaks TLS 1.3 with who can", async () => {
    const { socket } = await shakeHands(listener);
    expect([socket.getProtocol(), socket.getCipher().name]).toEqual([
      "TLSv1.3",
      "TLS_AES_256_GCM_SHA384",
    ]);
    socket.destroy();
  });

  test("does not shake hands again on the same connection", async () => {
    const only12 = { maxVersion: "TLSv1.2" } as const;
    const { socket } = await shakeHands(listener, await clientIdentity(), only12);
    const refused = await new Promise((resolve) => {
      socket.once("error", resolve);
      socket.renegotiate({}, resolve);
    });
    expect(refused).toMatchObject({ code: "ERR_SSL_NO_RENEGOTIATION" });
    socket.destroy();
  });
});

test("the refusals are the listeners' own: a lax server takes what they refuse", async () => {
  const { certificate: cert, privateKey: key } = await clientIdentity();
  const lax = createServer({ cert, key, ciphers: "ALL:@SECLEVEL=0", minVersion: "TLSv1.1" });
  await new Promise<void>((resolve) => lax.listen(0, "127.0.0.1", resolve));
  const address = lax.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const taken = async (suite: number, version = TLS_1_2) =>
    (await sayHello({ port, version, suites: [suite] })).type;
  expect([await taken(0x009c), await taken(0xc013), await taken(0xc013, TLS_1_1)]).toEqual([
    "hello",
    "hello",
    "hello",
  ]);
  await new Promise((resolve) => lax.close(resolve));
});
