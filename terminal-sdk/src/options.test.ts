// Checks that a wrong set-up and a wrong request are named when they are made, not found out by the first customer.

import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { CardReader } from "./readers/reader.js";
import { Terminal } from "./terminal.js";
import { FakeGateway } from "./test-kit/fake-gateway.js";
import { FakeReader } from "./test-kit/fake-reader.js";
import { temporaryFolder } from "./test-kit/fixtures.js";

/** Options that nothing is wrong with; no gateway answers there. */
const right = () => ({
  gateway: "http://127.0.0.1:9",
  journal: join(temporaryFolder(), "journal"),
  readers: [new FakeReader()] as CardReader[],
});

/** Opens as a till in JavaScript can: with anything. */
function open(options: unknown): Promise<Terminal> {
  return (Terminal.open as (options: unknown) => Promise<Terminal>)(options);
}

async function opened(): Promise<Terminal> {
  const gateway = await FakeGateway.start();
  const terminal = await Terminal.open({ ...right(), gateway: gateway.url });
  onTestFinished(async () => {
    await terminal.close();
    await gateway.stop();
  });
  return terminal;
}

const refused = (field: string) => ({
  name: "PassTpeError",
  code: "OPTIONS_INVALID",
  actor: "integrator",
  message: expect.stringContaining(field),
});

describe("opening a terminal", () => {
  it.each([undefined, null, "https://gateway.example", 3])("with %j names what it takes", (given) =>
    expect(open(given)).rejects.toMatchObject(refused("options")),
  );

  const twice = new FakeReader();
  const needsPin: CardReader = Object.assign(new FakeReader({ name: "qr" }), { needsPin: true });
  it.each<[string, unknown]>([
    ["gateway", undefined],
    ["gateway", 8443],
    ["gateway", "nowhere"],
    ["gateway", "ftp://127.0.0.1"],
    ["gateway", "http://gateway.example"],
    ["gateway", "http://127.0.0.1.example"],
    ["credentials", 3],
    ["journal", undefined],
    ["journal", ""],
    ["journal", {}],
    ["readers", undefined],
    ["readers", new FakeReader()],
    ["readers[1]", [new FakeReader(), {}]],
    ["readers[1]", [twice, twice]],
    ["pinPad", {}],
    ["pinPad", null],
    ["readers[0] (qr)", [needsPin]],
    ["deadlines", 3],
    ["deadlines.readms", { readms: 5 }],
    ["deadlines.readMs", { readMs: "60000" }],
    ["deadlines.readMs", { readMs: 1e12 }],
    ["deadlines.saleMs", { saleMs: 500, marginMs: 500 }],
    ["till", 3],
    ["till", ""],
    ["takeOver", "yes"],
    ["clock", {}],
    ["random", 4],
  ])("names a wrong %s: %j", async (field, value) => {
    const name = /^[a-zA-Z]+/.exec(field)?.[0] ?? "";
    await expect(open({ ...right(), [name]: value })).rejects.toMatchObject(refused(field));
  });

  it("names a journal that is a folder", async () => {
    const journal = temporaryFolder();
    await expect(open({ ...right(), journal })).rejects.toMatchObject(refused("journal"));
  });

  it.each(["http://localhost:9", "http://[::1]:9", "http://double.test"])(
    "takes %s, where only a double can be",
    async (gateway) => {
      const deadlines = { profileMs: 1 };
      const terminal = await open({ ...right(), gateway, deadlines });
      await terminal.close();
    },
  );
});

describe("a request", () => {
  it.each<[string, unknown]>([
    ["request", undefined],
    ["request", "SPECTACLE"],
    ["avantage", {}],
    ["avantage", { avantage: "" }],
    ["exact", { avantage: "SPECTACLE", purchaseCents: 1800, exact: "yes" }],
    ["proofRef", { avantage: "SPECTACLE", purchaseCents: 1800, proofRef: 7 }],
    ["purchaseCents", { avantage: "SPECTACLE", purchaseCents: "1800" }],
    ["quantity", { avantage: "CINEMA", quantity: null }],
    ["signal", { avantage: "SPECTACLE", purchaseCents: 1800, signal: {} }],
  ])("to sell with a wrong %s is refused at once: %j", async (field, request) => {
    const terminal = await opened();
    const sell = terminal.sell.bind(terminal) as (request: unknown) => Promise<unknown>;
    await expect(sell(request)).rejects.toMatchObject(refused(field));
  });

  it.each<[string, unknown]>([
    ["request", null],
    ["avantage", { avantage: 3 }],
    ["signal", { signal: true }],
  ])("to inquire with a wrong %s is refused at once: %j", async (field, request) => {
    const terminal = await opened();
    const inquire = terminal.inquire.bind(terminal) as (request: unknown) => Promise<unknown>;
    await expect(inquire(request)).rejects.toMatchObject(refused(field));
  });
});
