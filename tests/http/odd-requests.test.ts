// Requests that two servers could read in two ways, or that no SDK sends: each gets one plain answer.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Listener } from "../../gateway/src/http/listeners.js";
import { startTestGateway, type TestGateway } from "../support/running-gateway.js";
import { type RawConnection, shakeHands } from "./bare-listener.js";

let running: TestGateway;
let listener: Pick<Listener, "port">;
let identity: { readonly certificate: string; readonly privateKey: string };
let ca: string;

beforeAll(async () => {
  running = await startTestGateway();
  const credentials = await running.terminal();
  identity = credentials;
  ca = credentials.ca;
  listener = { port: Number(new URL(running.gateway.url).port) };
});
afterAll(() => running.stop());

/** What a terminal hears that sends these lines and then this body. */
async function sent(lines: readonly string[], body = ""): Promise<string> {
  const connection = await speak(lines, body);
  const text = await connection.heard(/^HTTP\/1\.1 (?!100)\d{3} [\s\S]*\r\n\r\n/m);
  connection.socket.destroy();
  return text;
}

async function speak(lines: readonly string[], body = ""): Promise<RawConnection> {
  const connection = await shakeHands(listener, identity, { ca });
  connection.socket.write([...lines, "", body].join("\r\n"));
  return connection;
}

const POST = ["POST /v1/authorizations HTTP/1.1", "Host: a", "Content-Type: application/json"];

describe("a body whose length is said twice", () => {
  test.each([
    ["as a number and as chunks", ["Content-Length: 5", "Transfer-Encoding: chunked"]],
    ["as chunks and as a number", ["Transfer-Encoding: chunked", "Content-Length: 5"]],
    ["as two numbers", ["Content-Length: 5", "Content-Length: 6"]],
    ["as chunks that are hidden", ["Transfer-Encoding: xchunked"]],
    ["as chunks and as something else", ["Transfer-Encoding: chunked, identity"]],
    ["as a number below zero", ["Content-Length: -1"]],
    ["with a space before the colon", ["Content-Length : 5"]],
  ])("%s is refused, and what follows is no request", async (_what, headers) => {
    const connection = await speak(
      [...POST, ...headers],
      "0\r\n\r\nGET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n",
    );
    expect(await connection.over()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n(?![\s\S]*HTTP\/1\.1)/);
  });
});

describe("headers", () => {
  test("of more than 8 KiB are refused", async () => {
    const connection = await speak([...POST, `X-A: ${"a".repeat(9 * 1024)}`]);
    expect(await connection.over()).toMatch(/^HTTP\/1\.1 431 /);
  });

  test("on two lines are refused", async () => {
    const connection = await speak([...POST, "X-A: a", " b"]);
    expect(await connection.over()).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("without a host are refused", async () => {
    expect(await sent(["GET /v1/terminal HTTP/1.1"])).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe("an expectation", () => {
  test("of 100-continue is met, and the body then read", async () => {
    const connection = await speak([...POST, "Content-Length: 2", "Expect: 100-continue"]);
    await connection.heard(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    connection.socket.write("{}");
    expect(await connection.heard(/FORMAT_ERROR/)).toMatch(/HTTP\/1\.1 400 /);
    connection.socket.destroy();
  });

  test("of anything else is refused", async () => {
    expect(await sent([...POST, "Content-Length: 0", "Expect: 200-maybe"])).toMatch(
      /^HTTP\/1\.1 417 /,
    );
  });
});

describe("a method", () => {
  test.each(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])(
    "%s is no operation here",
    async (method) => {
      const answer = await sent([`${method} /v1/authorizations HTTP/1.1`, "Host: a"]);
      expect(answer).toMatch(/^HTTP\/1\.1 404 [\s\S]*OPERATION_NOT_SUPPORTED/);
    },
  );

  test("in another's clothes is what its first line says", async () => {
    const clothes = [
      "X-HTTP-Method-Override: POST",
      "X-HTTP-Method: POST",
      "X-Method-Override: POST",
    ];
    const answer = await sent([
      "GET /v1/authorizations?_method=POST HTTP/1.1",
      "Host: a",
      ...clothes,
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });

  test.each(["CONNECT a:443 HTTP/1.1", "get / HTTP/1.1", "FOO / HTTP/1.1"])(
    "%s makes no tunnel and ends the connection",
    async (line) => {
      const connection = await speak([line, "Host: a"]);
      expect(await connection.over()).toMatch(/^(HTTP\/1\.1 400 |$)/);
    },
  );

  test("that asks for another protocol is answered in this one", async () => {
    const upgrade = ["Connection: Upgrade", "Upgrade: h2c, websocket"];
    expect(await sent(["GET /v1/terminal HTTP/1.1", "Host: a", ...upgrade])).toMatch(
      /^HTTP\/1\.1 200 /,
    );
  });
});

test("HTTP/1.0 is answered, and the connection is over", async () => {
  const connection = await speak(["GET /v1/terminal HTTP/1.0"]);
  expect(await connection.over()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*\r\nConnection: close\r\n/);
});

test("another version of HTTP is refused", async () => {
  const connection = await speak(["GET /v1/terminal HTTP/3.7", "Host: a"]);
  expect(await connection.over()).toMatch(/^HTTP\/1\.1 400 /);
});

test("the gateway serves after all of this", async () => {
  expect(await sent(["GET /v1/terminal HTTP/1.1", "Host: a"])).toMatch(/^HTTP\/1\.1 200 /);
});
