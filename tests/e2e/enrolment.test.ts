// A terminal's whole life at a real gateway: one call with a code, first sales, renewal, replacement, revocation.

import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  type CardReader,
  enrolTerminal,
  exportPkcs12,
  importPkcs12,
  loadCredentials,
  type PinPad,
  type Presented,
  type ReaderSink,
  type SaleResult,
  saveCredentials,
  softwarePinPad,
  Terminal,
} from "@pass-tpe/terminal-sdk";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { nfcEvidence } from "../support/nfc-evidence.js";
import {
  POINT_OF_SALE,
  startTestGateway,
  TEST_PIN,
  type TestGateway,
} from "../support/running-gateway.js";
import { tempFiles } from "../support/temp-folder.js";

const newFile = tempFiles();
let running: TestGateway;
beforeAll(async () => {
  running = await startTestGateway();
});
afterAll(() => running.stop());

/** Presents what lies on it each time it is armed. */
function handReader() {
  let sink: ReaderSink = () => undefined;
  const onIt: Presented[] = [];
  const reader: CardReader = {
    name: "hand",
    needsPin: true,
    async open(to) {
      sink = to;
      sink({ type: "state", state: { status: "ready" } });
    },
    arm() {
      const presented = onIt.shift();
      if (presented) queueMicrotask(() => sink({ type: "presented", presented, readMs: 1 }));
    },
    disarm: () => undefined,
    close: async () => undefined,
  };
  return { reader, onIt };
}

async function codeFor(id: string): Promise<string> {
  const asked = { terminalId: id, pointOfSaleId: POINT_OF_SALE, validMinutes: 60 };
  const made = await running.gateway.operator.makeActivationCode(asked);
  if (made.type !== "made") throw new Error(`no code: ${made.type}`);
  return made.activationCode;
}

interface Place {
  readonly folder: string;
  readonly credentials: string;
  readonly pinKeyFile: string;
}

function newPlace(): Place {
  const folder = newFile("terminal");
  return {
    folder,
    credentials: join(folder, "credentials.json"),
    pinKeyFile: join(folder, "pin.key"),
  };
}

async function enrolledAt({ credentials, pinKeyFile }: Place, id: string) {
  const activationCode = await codeFor(id);
  const gateway = running.gateway.url;
  return enrolTerminal({ gateway, activationCode, credentials, pinKeyFile });
}

function padAt({ pinKeyFile }: Place): PinPad {
  return softwarePinPad({ keyFile: pinKeyFile, digits: async () => TEST_PIN });
}

/** Its key was put into it once, by another way than a renewal. */
function padOfFixedKey(place: Place): PinPad {
  const { name, requestPin, close } = padAt(place);
  return { name, requestPin, close };
}

async function tillAt(place: Place, pinPad = padAt(place)) {
  const { folder, credentials } = place;
  const { reader, onIt } = handReader();
  const terminal = await Terminal.open({
    gateway: running.gateway.url,
    credentials,
    journal: join(folder, "journal"),
    readers: [reader],
    pinPad,
  });
  onTestFinished(() => terminal.close());
  const present = (presented: Presented): Promise<SaleResult> => {
    onIt.push(presented);
    return terminal.sell({ avantage: "LIVRES_LOISIR", purchaseCents: 500 });
  };
  return { terminal, ...(await cardSales(present)) };
}

/** Sales by a card of their own, in the two ways. */
async function cardSales(present: (presented: Presented) => Promise<SaleResult>) {
  const card = await running.card({ grants: { LIVRES_LOISIR: 10_000 } });
  const { operator } = running.gateway;
  const text = operator.qrToken({ kind: "printed", cardNumber: card.cardNumber });
  return {
    sellByTap: () => {
      const { message } = nfcEvidence(running.gateway, card);
      return present({ kind: "nfcMessage", message });
    },
    sellByQr: () => present({ kind: "qr", text }),
  };
}

const APPROVED = { outcome: "approved", amountCents: 500 };

describe("a terminal that was enrolled in one call", () => {
  it("sells at once, by tap and by QR code with the PIN", async () => {
    const place = newPlace();
    expect(await enrolledAt(place, "T-FIRST")).toMatchObject({
      terminalId: "T-FIRST",
      pointOfSaleId: POINT_OF_SALE,
    });
    expect(readdirSync(place.folder).sort()).toEqual(["credentials.json", "pin.key"]);
    expect(statSync(place.credentials).mode & 0o777).toBe(0o600);
    const { sellByTap, sellByQr } = await tillAt(place);
    expect(await sellByTap()).toMatchObject({ ...APPROVED, receipt: { channel: "NFC" } });
    expect(await sellByQr()).toMatchObject({ ...APPROVED, receipt: { channel: "QR" } });
  });

  it("sells on after a renewal, and its old certificate is worth nothing", async () => {
    const place = newPlace();
    await enrolledAt(place, "T-RENEWED");
    const old = await loadCredentials(place.credentials);
    const { terminal, sellByTap, sellByQr } = await tillAt(place);
    expect(await sellByQr()).toMatchObject(APPROVED);
    await terminal.renewCredentials();
    expect(await sellByTap()).toMatchObject(APPROVED);
    expect(await sellByQr()).toMatchObject(APPROVED);
    expect(existsSync(`${place.credentials}.renewal`)).toBe(false);
    await terminal.close();
    const again = await tillAt(place);
    expect(await again.sellByQr()).toMatchObject(APPROVED);
    expect(await profileWith(old)).toMatchObject({ code: "REFUSED" });
  });

  it("sells on by QR code and PIN after a renewal that its PIN pad can take no key from", async () => {
    const place = newPlace();
    await enrolledAt(place, "T-FIXED-PAD");
    const { terminal, sellByQr } = await tillAt(place, padOfFixedKey(place));
    expect(await sellByQr()).toMatchObject(APPROVED);
    const old = await loadCredentials(place.credentials);
    await terminal.renewCredentials();
    expect(await profileWith(old)).toMatchObject({ code: "REFUSED" });
    expect(await sellByQr()).toMatchObject(APPROVED);
    await terminal.renewCredentials();
    expect(await sellByQr()).toMatchObject(APPROVED);
  });

  it("is refused from the next request on once it was revoked, and no code brings it back", async () => {
    const place = newPlace();
    await enrolledAt(place, "T-STOLEN");
    const { sellByTap } = await tillAt(place);
    expect(await sellByTap()).toMatchObject(APPROVED);
    const asked = { terminalId: "T-STOLEN", pointOfSaleId: POINT_OF_SALE, validMinutes: 60 };
    const code = await codeFor("T-STOLEN");
    await running.gateway.operator.revokeTerminal("T-STOLEN");
    expect(await sellByTap()).toMatchObject({ outcome: "declined", moneyMoved: "no" });
    expect(await running.gateway.operator.makeActivationCode(asked)).toMatchObject({
      type: "revoked",
    });
    const { credentials, pinKeyFile } = newPlace();
    const gateway = running.gateway.url;
    await expect(
      enrolTerminal({ gateway, activationCode: code, credentials, pinKeyFile }),
    ).rejects.toMatchObject({ code: "REFUSED" });
  });

  it("is replaced by another device under the same name, and the first is worth nothing then", async () => {
    const [first, second] = [newPlace(), newPlace()];
    await enrolledAt(first, "T-REPLACED");
    const before = await loadCredentials(first.credentials);
    await enrolledAt(second, "T-REPLACED");
    const { sellByQr } = await tillAt(second);
    expect(await sellByQr()).toMatchObject(APPROVED);
    expect(await profileWith(before)).toMatchObject({ code: "REFUSED" });
  });

  it("moves its credentials by PKCS#12, and gets a PIN key at the other place by renewing", async () => {
    const [from, to] = [newPlace(), newPlace()];
    await enrolledAt(from, "T-MOVED");
    const password = "a password of the merchant";
    const file = exportPkcs12({ credentials: await loadCredentials(from.credentials), password });
    const credentials = importPkcs12({ file, password });
    await saveCredentials({ path: to.credentials, credentials });
    const { terminal, sellByTap, sellByQr } = await tillAt(to);
    expect(await sellByTap()).toMatchObject(APPROVED);
    expect(await sellByQr()).toMatchObject({ outcome: "declined", moneyMoved: "no" });
    await terminal.renewCredentials();
    expect(await sellByQr()).toMatchObject(APPROVED);
  });
});

describe("an activation code", () => {
  it("works once, and not at another gateway", async () => {
    const gateway = running.gateway.url;
    const activationCode = await codeFor("T-ONCE");
    const [one, two, three] = [newPlace(), newPlace(), newPlace()];
    await enrolTerminal({ gateway, activationCode, ...paths(one) });
    await expect(enrolTerminal({ gateway, activationCode, ...paths(two) })).rejects.toMatchObject({
      code: "REFUSED",
    });
    const other = await startTestGateway();
    onTestFinished(() => other.stop());
    const elsewhere = { gateway: other.gateway.url, activationCode, ...paths(three) };
    await expect(enrolTerminal(elsewhere)).rejects.toMatchObject({ code: "GATEWAY_NOT_TRUSTED" });
  });
});

function paths({ credentials, pinKeyFile }: Place) {
  return { credentials, pinKeyFile };
}

/** What a terminal with such credentials is told. */
async function profileWith(credentials: Awaited<ReturnType<typeof loadCredentials>>) {
  const terminal = await Terminal.open({
    gateway: running.gateway.url,
    credentials,
    journal: newFile("journal"),
    readers: [],
  });
  try {
    return await terminal.profile().catch((thrown: unknown) => thrown);
  } finally {
    await terminal.close();
  }
}
