import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { softwarePinPad, Terminal } from "@pass-tpe/terminal-sdk";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { createVirtualCard } from "../card/index.js";
import { simulatedReader } from "../readers/direct-reader.js";
import { gatewayDouble } from "./double.js";

const double = gatewayDouble();
const { demoCard } = double;
const server = setupServer(...double.handlers);
server.listen({ onUnhandledRequest: "error" });
afterAll(() => server.close());

const sale = { avantage: "SPECTACLE", purchaseCents: 1_800 };
const authorizations = () =>
  double.requests
    .filter(({ operation }) => operation === "authorize" || operation === "reverse")
    .map(({ operation, result }) => [operation, result]);

let folder: string;
let terminal: Terminal;
let reader: ReturnType<typeof simulatedReader>;

beforeEach(async () => {
  double.reset();
  folder = await mkdtemp(join(tmpdir(), "gateway-double-"));
  reader = simulatedReader({ identifierCards: true });
  terminal = await Terminal.open({
    gateway: double.url,
    journal: join(folder, "till.journal"),
    readers: [reader],
    pinPad: softwarePinPad({
      pinKey: demoCard.pinKey,
      keyFile: join(folder, "pin.key"),
      digits: async () => "4821",
    }),
    deadlines: { saleMs: 1_500 },
  });
});
afterEach(async () => {
  await terminal.close();
  await rm(folder, { recursive: true });
});

test("a tap of the demo card is a sale", async () => {
  reader.tap(demoCard.nfc);
  expect(await terminal.sell(sale)).toMatchObject({
    outcome: "approved",
    code: "APPROVED",
    amountCents: 1_800,
    collectCents: 0,
  });
});

test("a card left lying does not pay the next sale until it is tapped again", async () => {
  reader.tap(demoCard.nfc);
  expect(await terminal.sell(sale)).toMatchObject({ outcome: "approved" });
  const removeCard = new Promise<void>((resolve) => {
    terminal.on("removeCard", () => resolve());
  });
  const next = terminal.sell({ ...sale, purchaseCents: 500 });
  await removeCard;
  expect(authorizations()).toHaveLength(1);
  reader.remove();
  reader.tap(demoCard.nfc);
  expect(await next).toMatchObject({ outcome: "approved", amountCents: 500 });
});

test("a scan of the demo card's code with any PIN is a sale", async () => {
  const result = terminal.sell({ avantage: "CINEMA", quantity: 2 });
  terminal.on("status", ({ status }) => {
    if (status === "waitingForCard") reader.scan(demoCard.qrText);
  });
  expect(await result).toMatchObject({ outcome: "approved", quantity: 2, collectCents: 200 });
});

test("a tap above its card's ceiling is a sale once the code secret was typed", async () => {
  double.setBalance("SPECTACLE", 9_000);
  const pinRequested = new Promise((resolve) => terminal.on("pinRequested", resolve));
  reader.tap(createVirtualCard({ profile: "identifier", uid: Uint8Array.of(4, 1, 2, 3, 4, 5, 6) }));
  const result = await terminal.sell({ ...sale, purchaseCents: 4_000 });
  await pinRequested;
  expect(result).toMatchObject({ outcome: "approved", amountCents: 4_000 });
  expect(double.requests.filter(({ operation }) => operation === "authorize")).toMatchObject([
    { id: result.stepUpOf, presented: "nfc", result: "PIN_REQUIRED" },
    { id: result.id, stepUpOf: result.stepUpOf, presented: "proofRef", result: "APPROVED" },
  ]);
});

test("a tap that is told to need the code secret can be followed by it", async () => {
  double.next({ code: "PIN_REQUIRED" });
  reader.tap(demoCard.nfc);
  expect(await terminal.sell(sale)).toMatchObject({ outcome: "approved", amountCents: 1_800 });
  expect(authorizations()).toEqual([
    ["authorize", "PIN_REQUIRED"],
    ["authorize", "APPROVED"],
  ]);
});

test("a lost reply is repeated with the same id: one debit, one approval", async () => {
  double.fail("lostReply");
  reader.tap(demoCard.nfc);
  expect(await terminal.sell(sale)).toMatchObject({ outcome: "approved", amountCents: 1_800 });
  expect(authorizations()).toEqual([
    ["authorize", "lostReply"],
    ["authorize", "APPROVED"],
  ]);
  expect(double.balanceOf("SPECTACLE")).toBe(1_200);
});

test("replies lost to the end leave the result unknown, and the sale is reversed", async () => {
  double.fail("lostReply", { times: 20 });
  reader.tap(demoCard.nfc);
  const result = await terminal.sell(sale);
  if (result.outcome !== "unknown") throw new Error(`${result.outcome} ${result.code}`);
  expect(await result.resolved).toMatchObject({ outcome: "reversed", returned: { value: 1_800 } });
  expect(double.balanceOf("SPECTACLE")).toBe(3_000);
});

test.each(["connectionReset", "http503"] as const)(
  "a %s is survived by a repeat",
  async (fault) => {
    double.fail(fault);
    reader.tap(demoCard.nfc);
    expect(await terminal.sell(sale)).toMatchObject({ outcome: "approved" });
    expect(authorizations()).toEqual([
      ["authorize", fault],
      ["authorize", "APPROVED"],
    ]);
  },
);

test("a gateway that never answers leaves the result unknown", async () => {
  double.fail("timeout", { times: 20 });
  reader.tap(demoCard.nfc);
  const result = await terminal.sell(sale);
  if (result.outcome !== "unknown") throw new Error(`${result.outcome} ${result.code}`);
  expect(await result.resolved).toMatchObject({ outcome: "reversed" });
});

test("an unreachable gateway is a decline: nothing left the terminal", async () => {
  double.fail("unreachable", { times: 20 });
  reader.tap(demoCard.nfc);
  expect(await terminal.sell(sale)).toMatchObject({ outcome: "declined", code: "UNREACHABLE" });
});

test("a decline reaches the till with its lines", async () => {
  double.next({ code: "WINDOW_NOT_OPEN", date: "2026-06-01" });
  reader.tap(demoCard.nfc);
  expect(await terminal.sell(sale)).toMatchObject({
    outcome: "declined",
    code: "WINDOW_NOT_OPEN",
    display: ["AVANTAGE PAS ENCORE OUVERT", "A PARTIR DU 01/06/2026"],
  });
});
