// A damaged ledger: the real gateway refuses to start on it, and stops where it meets the damage while it serves.

import { closeSync, fstatSync, openSync, readFileSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { agentFor, raw } from "../support/raw-client.js";
import { startGatewayProcess } from "./gateway-process.js";
import { saleMaker } from "./sales.js";
import { type ScratchGateway, scratchGateway } from "./scratch-gateway.js";

const EXIT_DAMAGED = 65;
const PAGE_BYTES = 4_096;
const SALES = 30;
const TIMEOUT_MS = 60_000;

/** A ledger with some sales, all of them in the database's own file. */
async function soldShop() {
  const shop = await scratchGateway(async (test) => {
    const own = await test.card({ grants: { SPECTACLE: 1_000_000 } });
    const credentials = await test.terminal();
    const agent = agentFor(credentials);
    const customers = { own, shared: own, attacked: [own] };
    const nextSale = saleMaker({ gateway: test.gateway, credentials, customers, seed: 7 });
    const url = `${test.gateway.url}/v1/authorizations`;
    for (let sold = 0; sold < SALES; sold += 1) {
      await raw({ agent, url, body: JSON.stringify(nextSale()) });
    }
    agent.destroy();
    return { credentials, nextSale };
  });
  onTestFinished(shop.remove);
  return shop;
}

const fileOf = (shop: ScratchGateway<unknown>) => join(shop.dataFolder, "gateway.db");

/** Overwrites pages, counted from 1. */
function damage(path: string, pages: readonly number[]): void {
  const file = openSync(path, "r+");
  for (const page of pages) {
    const length = Math.min(PAGE_BYTES, fstatSync(file).size);
    writeSync(file, Buffer.alloc(length, 0x5a), 0, length, (page - 1) * PAGE_BYTES);
  }
  closeSync(file);
}

/** The page on which the rows of a table begin. */
function rootOf(path: string, name: string): number {
  const db = new Database(path, { readonly: true });
  try {
    const root = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").pluck();
    return Number(root.get(name));
  } finally {
    db.close();
  }
}

const logOf = (shop: ScratchGateway<unknown>) => `${fileOf(shop)}-wal`;

/** Turns one bit at a place of a file, in bytes. */
function flip(path: string, at: (size: number) => number): void {
  const file = openSync(path, "r+");
  const byte = Buffer.alloc(1);
  const place = Math.floor(at(fstatSync(file).size));
  readSync(file, byte, 0, 1, place);
  byte.writeUInt8(byte.readUInt8(0) ^ 0x40);
  writeSync(file, byte, 0, 1, place);
  closeSync(file);
}

/** A ledger whose gateway was killed with sales in the log. */
async function killedShop(headsWanted = 0) {
  const shop = await soldShop();
  const gateway = await startGatewayProcess(shop);
  onTestFinished(gateway.kill);
  const agent = agentFor(shop.content.credentials);
  onTestFinished(() => agent.destroy());
  for (let sold = 0; sold < SALES; sold += 1) {
    const body = JSON.stringify(shop.content.nextSale());
    await raw({ agent, url: `${gateway.url}/v1/authorizations`, body });
  }
  const heads = () =>
    readFileSync(join(shop.dataFolder, "heads.ndjson"), "utf8").split("\n").length;
  const before = heads();
  await vi.waitUntil(() => heads() >= before + headsWanted, { timeout: 20_000, interval: 100 });
  gateway.kill();
  await gateway.ended;
  return shop;
}

describe("a gateway whose log is damaged", () => {
  test(
    "does not start where whole transactions stand behind the damage, and leaves the file as it is",
    async () => {
      const shop = await killedShop();
      flip(logOf(shop), (size) => size / 3);
      const found = readFileSync(logOf(shop));
      await expect(startGatewayProcess(shop)).rejects.toThrow(
        /with 1: .*is damaged.*[Rr]estore the ledger/s,
      );
      expect(readFileSync(logOf(shop)).equals(found)).toBe(true);
    },
    TIMEOUT_MS,
  );

  test(
    "starts where only the last transaction is not whole, as a crash leaves it",
    async () => {
      const shop = await killedShop();
      flip(logOf(shop), (size) => size - 1);
      const gateway = await startGatewayProcess(shop);
      onTestFinished(gateway.kill);
      await gateway.terminate();
      expect((await shop.verify()).faults).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    "does not start where its chain ends before the last exported head",
    async () => {
      const shop = await killedShop(1);
      rmSync(logOf(shop));
      await expect(startGatewayProcess(shop)).rejects.toThrow(
        /with 1: .*is damaged.*[Rr]estore the ledger/s,
      );
    },
    TIMEOUT_MS,
  );
});

describe("a gateway on a damaged ledger", () => {
  test.each([
    ["its header", () => 1],
    ["the sales", (path: string) => rootOf(path, "attempts")],
    ["the cards", (path: string) => rootOf(path, "cards")],
  ])(
    "does not start where %s cannot be read, and says to restore it",
    async (_what, pageOf) => {
      const shop = await soldShop();
      const path = fileOf(shop);
      damage(path, [pageOf(path)]);
      const start = startGatewayProcess(shop);
      await expect(start).rejects.toThrow(/with 1: .*is damaged.*[Rr]estore the ledger/s);
    },
    TIMEOUT_MS,
  );

  test(
    "stops with 65 where it meets the damage while it serves, and answers nobody",
    async () => {
      const shop = await soldShop();
      const path = fileOf(shop);
      // Nothing but a sale looks there.
      damage(path, [rootOf(path, "entries_by_attempt")]);
      const gateway = await startGatewayProcess(shop);
      onTestFinished(gateway.kill);
      const agent = agentFor(shop.content.credentials);
      onTestFinished(() => agent.destroy());
      const body = JSON.stringify(shop.content.nextSale());
      const sale = raw({ agent, url: `${gateway.url}/v1/authorizations`, body });
      await expect(sale).rejects.toThrow();
      expect(await gateway.exitCode).toBe(EXIT_DAMAGED);
      const fatal = gateway.lines.filter((line) =>
        line.includes("restore the ledger from its backup"),
      );
      expect(fatal).not.toEqual([]);
    },
    TIMEOUT_MS,
  );
});
