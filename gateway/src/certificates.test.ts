// The gateway's certificates while it runs for years: warned of in time, and the server's made anew without a restart.

import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { connect } from "node:tls";
import { beforeEach, expect, it } from "vitest";
import { virtualClock } from "../../tests/support/clock.js";
import { TEST_STORE_KEY } from "../../tests/support/store-key.js";
import { tempFiles } from "../../tests/support/temp-folder.js";
import { watchCertificates } from "./certificates.js";
import type { Closed } from "./core/ports.js";
import type { Identity } from "./crypto/authority.js";
import { type DataFolder, openDataFolder } from "./data-folder.js";
import { readKeyFile } from "./data-folder-keys.js";
import { listenForHolders } from "./http/listeners.js";
import { createMetrics } from "./http/observe.js";
import { systemRandom } from "./main.js";

const DAY_MS = 24 * 3_600_000;
const YEAR_MS = 365 * DAY_MS;
const newFile = tempFiles();
const clock = virtualClock(Date.parse("2026-11-22T12:00:00Z"));
const path = newFile("gateway");
const storeKey = TEST_STORE_KEY;

let said: string[];
let presented: Identity[];
let later: (() => void)[];

beforeEach(() => {
  clock.setNow(Date.parse("2026-11-22T12:00:00Z"));
  said = [];
  presented = [];
  later = [];
});

const open = () =>
  openDataFolder({ path, hosts: ["localhost"], clock, random: systemRandom, storeKey });

function watch(
  folder: Pick<DataFolder, "server" | "keys" | "renewServer"> = open(),
  clockClosed: () => Closed | null = () => null,
) {
  const tell = (_fields: unknown, text?: string) => void said.push(text ?? "");
  return watchCertificates({
    folder,
    present: (identity) => void presented.push(identity),
    clock,
    clockClosed,
    log: { info: tell, warn: tell, error: tell },
    after(_delayMs, run) {
      later.push(run);
      return () => {
        later = later.filter((it) => it !== run);
      };
    },
  });
}

it("says nothing while both last, and looks again the next day", async () => {
  const watched = watch();
  await watched.close();
  expect([said, presented]).toEqual([[], []]);
  const looking = watch();
  await looking.look();
  expect(later).toHaveLength(1);
  await looking.close();
  expect(later).toEqual([]);
});

it("shows how long each lasts, in seconds", async () => {
  const folder = open();
  const watched = watch(folder);
  const metrics = createMetrics(() => 0);
  metrics.watchCertificates(watched.lastsMs);
  clock.advance(DAY_MS);
  const text = await metrics.registry.metrics();
  for (const [name, { certificate }] of [
    ["server", folder.server],
    ["authority", folder.keys.authority],
  ] as const) {
    const lastsMs = Date.parse(new X509Certificate(certificate).validTo) - clock.nowMs();
    const line = `pass_tpe_certificate_ends_seconds{certificate="${name}"} ${lastsMs / 1_000}`;
    expect(text).toContain(line);
  }
  await watched.close();
});

it("makes the server's anew within 60 days of its end, seals it, and presents it", async () => {
  const watched = watch();
  await watched.look();
  clock.advance(2 * YEAR_MS - 59 * DAY_MS);
  await watched.look();
  await watched.look();
  expect(said).toEqual(["the gateway's certificate was made anew"]);
  expect(presented).toHaveLength(1);
  expect(watched.lastsMs().server).toBe(2 * YEAR_MS);
  const file = readKeyFile(join(path, "keys.json"), storeKey);
  expect(file.server).toEqual({ ...presented[0], hosts: ["localhost"] });
  await watched.close();
});

it("makes nothing by a clock that jumped, and looks again soon", async () => {
  const folder = open();
  let why: Closed | null = { detail: "the clock jumped", retryAfterMs: 1_000 };
  const watched = watch(folder, () => why);
  clock.setNow(Date.parse(new X509Certificate(folder.server.certificate).validTo) + DAY_MS);
  await watched.look();
  expect([said, presented]).toEqual([[], []]);
  why = null;
  for (const run of later.splice(0)) run();
  await watched.close();
  expect(presented).toHaveLength(1);
});

it("warns of a server's certificate that could not be made anew, and goes on looking", async () => {
  const folder = open();
  const watched = watch({
    ...folder,
    renewServer: () => Promise.reject(new Error("the disk is full")),
  });
  await watched.look();
  said = [];
  clock.setNow(Date.parse(new X509Certificate(folder.server.certificate).validTo) - 29 * DAY_MS);
  await watched.look();
  expect(said).toEqual([
    expect.stringContaining("could not be made anew; it is tried again"),
    expect.stringContaining("ends within 30 days"),
  ]);
  expect(later).toHaveLength(1);
  await watched.close();
});

it("warns of the authority a year before its end", async () => {
  const watched = watch();
  await watched.look();
  clock.advance(9 * YEAR_MS + DAY_MS);
  said = [];
  await watched.look();
  expect(said).toContainEqual(expect.stringContaining("the authority's certificate ends within"));
  await watched.close();
});

it("presents another certificate to who comes next, and leaves standing connections alone", async () => {
  const { server, keys } = open();
  clock.setNow(Date.now());
  const other = openDataFolder({
    path: newFile("other"),
    hosts: ["localhost"],
    clock,
    random: systemRandom,
    storeKey,
  });
  const listener = await listenForHolders((_request, response) => void response.end("served"), {
    host: "127.0.0.1",
    port: 0,
    tls: server,
  });
  const knock = () =>
    new Promise<ReturnType<typeof connect>>((resolve) => {
      const { port } = listener;
      const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () =>
        resolve(socket),
      );
    });
  const shown = (socket: ReturnType<typeof connect>) => socket.getPeerX509Certificate()?.toString();
  const standing = await knock();
  listener.present?.(other.server);
  const next = await knock();
  expect(shown(standing)).toBe(new X509Certificate(server.certificate).toString());
  expect(shown(next)).toBe(new X509Certificate(other.server.certificate).toString());
  expect(keys.authority.certificate).not.toBe(other.keys.authority.certificate);
  const answered = new Promise((resolve) => standing.once("data", resolve));
  standing.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect(String(await answered)).toContain("served");
  for (const socket of [standing, next]) socket.destroy();
  await listener.close();
});
