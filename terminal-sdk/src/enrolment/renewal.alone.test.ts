import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../clock.js";
import { loadCredentials, saveCredentials } from "../credentials.js";
import { nodeDisk } from "../disk.js";
import type { TerminalEvent } from "../events.js";
import type { TerminalOptions } from "../options.js";
import type { PinPad } from "../pin/pad.js";
import { takePinKey } from "../pin/pin-key-file.js";
import { softwarePinPad } from "../pin/software-pad.js";
import { Terminal } from "../terminal.js";
import { SALE } from "../test-kit/bench.js";
import { derOf, EnrolmentGateway, fingerprintOf } from "../test-kit/enrolment-gateway.js";
import { answer, problem } from "../test-kit/fake-gateway.js";
import { FakeReader, TAP } from "../test-kit/fake-reader.js";
import { PROFILE, temporaryFolder } from "../test-kit/fixtures.js";
import { TestAuthority } from "../test-kit/test-authority.js";
import { enrolTerminal } from "./enrol.js";
import type { RenewedCredentials } from "./issued.js";
import { renewalFile } from "./pending-file.js";

// An open terminal makes its own keys, which takes long.
vi.mock(import("./private-key.js"), async (original) => {
  const { nextTestKey: newPrivateKey } = await import("../test-kit/test-keys.js");
  return { ...(await original()), newPrivateKey };
});

let gateway: EnrolmentGateway;
const terminals: Terminal[] = [];

/** One for all tests: its key takes long to make. */
const AUTHORITY = new TestAuthority();

beforeEach(async () => {
  gateway = await EnrolmentGateway.start({ authority: AUTHORITY });
  // The gateway's clock decides, and it is today's as the certificates are.
  gateway.profile = answer({ ...PROFILE, serverTimeMs: Date.now() });
});
afterEach(async () => {
  await Promise.all(terminals.splice(0).map((terminal) => terminal.close()));
  await gateway.stop();
});

interface Enrolled {
  readonly folder: string;
  readonly path: string;
  readonly pinKeyFile: string;
}

async function enrolled(): Promise<Enrolled> {
  const folder = temporaryFolder();
  const path = join(folder, "credentials.json");
  const pinKeyFile = join(folder, "pin.key");
  const { url, code } = gateway;
  await enrolTerminal({ gateway: url, activationCode: code, credentials: path, pinKeyFile });
  return { folder, path, pinKeyFile };
}

/** Its key was put into it once, by another way than a renewal. */
function padOfFixedKey({ pinKeyFile }: Enrolled): PinPad {
  const pad = softwarePinPad({ keyFile: pinKeyFile, digits: async () => null });
  const { name, requestPin, close } = pad;
  return { name, requestPin, close };
}

function open(at: Enrolled, change: Partial<TerminalOptions> = {}) {
  const pinPad = softwarePinPad({ keyFile: at.pinKeyFile, digits: async () => null });
  return openWithPad(at, pinPad, change);
}

async function openWithPad(
  at: Enrolled,
  pinPad: PinPad | undefined,
  change: Partial<TerminalOptions> = {},
) {
  const reader = new FakeReader();
  const terminal = await Terminal.open({
    gateway: gateway.url,
    credentials: at.path,
    journal: join(at.folder, "journal"),
    readers: [reader],
    ...(pinPad && { pinPad }),
    ...change,
  });
  terminals.push(terminal);
  const events: TerminalEvent[] = [];
  terminal.on("*", (event) => events.push(event));
  return { terminal, reader, events };
}

type Opened = Awaited<ReturnType<typeof open>>;

async function sell({ terminal, reader }: Opened) {
  const sale = terminal.sell(SALE);
  await Promise.race([reader.whenArmed(), sale]);
  reader.present(TAP);
  return sale;
}

async function inFile(at: Enrolled): Promise<string> {
  const { certificate } = await loadCredentials(at.path);
  return fingerprintOf(derOf(certificate));
}

async function pinKeyIn(at: Enrolled): Promise<string> {
  const { initialKeyId } = await takePinKey({ path: at.pinKeyFile, disk: nodeDisk });
  return Buffer.from(initialKeyId).toString("hex").toUpperCase();
}

/** Resolves at the first event of a type, past or to come. */
function seen(terminal: Terminal, type: TerminalEvent["type"]): Promise<TerminalEvent> {
  return new Promise((resolve) => {
    terminal.on("*", (event) => {
      if (event.type === type) resolve(event);
    });
  });
}

describe("renewed credentials", () => {
  it("are used from the next request on, without a new start, and kept with their PIN key", async () => {
    const at = await enrolled();
    const before = await inFile(at);
    const opened = await open(at);
    const { certificateExpiresAtMs } = await opened.terminal.renewCredentials();
    expect(certificateExpiresAtMs).toBeGreaterThan(Date.now());
    expect(gateway.fingerprint).not.toBe(before);
    expect(await inFile(at)).toBe(gateway.fingerprint);
    expect(await pinKeyIn(at)).toBe([...gateway.pinKeys.keys()][1]);
    expect(statSync(at.path).mode & 0o777).toBe(0o600);
    expect(readdirSync(at.folder).filter((name) => name.endsWith(".renewal"))).toEqual([]);
    expect(await sell(opened)).toMatchObject({ outcome: "approved" });
    expect(gateway.received.at(-1)?.caller).toBe(gateway.fingerprint);
    expect(opened.events.map(({ type }) => type)).toContain("credentialsRenewed");
    expect(JSON.stringify(opened.events)).not.toContain("PRIVATE KEY");
  });

  it("leave the journal the terminal's own", async () => {
    const at = await enrolled();
    const { terminal } = await open(at);
    await terminal.renewCredentials();
    await terminal.close();
    expect(await sell(await open(at))).toMatchObject({ outcome: "approved" });
  });

  it("are asked for by the terminal itself when a third of the certificate's life is left", async () => {
    // Certificates here begin a day before they are made: of three days one is left.
    gateway.validDays = 0.49;
    const at = await enrolled();
    gateway.validDays = 365;
    const { terminal } = await open(at);
    await seen(terminal, "credentialsRenewed");
    expect(await inFile(at)).toBe(gateway.fingerprint);
    expect(gateway.sentTo("renewal")).toHaveLength(1);
  });

  it("are not asked for as long as more is left", async () => {
    gateway.validDays = 0.51;
    const at = await enrolled();
    const { terminal } = await open(at);
    await terminal.close();
    expect(gateway.sentTo("renewal")).toEqual([]);
  });

  it("do not meet a sale: neither begins while the other goes on", async () => {
    const at = await enrolled();
    const opened = await open(at);
    const { terminal, reader } = opened;
    const sale = terminal.sell(SALE);
    await reader.whenArmed();
    await expect(terminal.renewCredentials()).rejects.toMatchObject({ code: "BUSY" });
    reader.present(TAP);
    await sale;
    let during: Promise<unknown> | null = null;
    gateway.onRequest = (path) => {
      if (path.endsWith("confirmation")) during = terminal.sell(SALE).catch((error) => error);
    };
    await terminal.renewCredentials();
    expect(await during).toMatchObject({
      code: "BUSY",
      message: expect.stringContaining("renewed credentials"),
    });
    expect(await sell(opened)).toMatchObject({ outcome: "approved" });
  });

  it("are taken up while other requests wait, which then go out as the new ones", async () => {
    const at = await enrolled();
    const { terminal } = await open(at);
    let during: Promise<unknown> | null = null;
    gateway.onRequest = (path) => {
      if (path.endsWith("confirmation")) during = terminal.profile();
    };
    await terminal.renewCredentials();
    expect(await during).toMatchObject({ terminalId: "T1" });
    const { path, caller } = gateway.received.at(-1) ?? {};
    expect({ path, caller }).toEqual({ path: "/v1/terminal", caller: gateway.fingerprint });
  });

  it("of another terminal are not kept", async () => {
    const at = await enrolled();
    const before = await inFile(at);
    const { terminal } = await open(at);
    gateway.commonName = "T2";
    await expect(terminal.renewCredentials()).rejects.toMatchObject({
      code: "GATEWAY_NOT_TRUSTED",
    });
    expect(await inFile(at)).toBe(before);
  });
});

describe("a PIN pad that takes no key", () => {
  it.each([
    ["of fixed key", padOfFixedKey],
    ["that is not there", null],
  ])("%s is kept at the key that it has", async (_what, padAt) => {
    const at = await enrolled();
    const before = await pinKeyIn(at);
    const { terminal } = await openWithPad(at, padAt?.(at));
    await terminal.renewCredentials();
    expect(gateway.sentTo("renewal")[0]?.body).toMatchObject({ pinKey: "keep" });
    expect(await inFile(at)).toBe(gateway.fingerprint);
    expect(await pinKeyIn(at)).toBe(before);
  });

  it("is renewed after a lost confirmation too", async () => {
    const at = await enrolled();
    const pinPad = padOfFixedKey(at);
    const { terminal } = await open(at, { pinPad });
    Object.assign(gateway.losing, { ending: "confirmation", times: 2 });
    await expect(terminal.renewCredentials()).rejects.toMatchObject({ code: "UNREACHABLE" });
    await terminal.close();
    expect(await sell(await open(at, { pinPad }))).toMatchObject({ outcome: "approved" });
    expect(await inFile(at)).toBe(gateway.fingerprint);
  });

  it("gives the integrator no PIN key to keep", async () => {
    const at = await enrolled();
    const kept: RenewedCredentials[] = [];
    const { terminal } = await open(at, {
      pinPad: padOfFixedKey(at),
      credentials: await loadCredentials(at.path),
      keepCredentials: async (renewed) => void kept.push(renewed),
    });
    await terminal.renewCredentials();
    expect(kept).toMatchObject([{ pinKey: null }]);
  });
});

describe("a renewal whose answer is lost", () => {
  it("is asked for again with the same key", async () => {
    const at = await enrolled();
    const { terminal } = await open(at);
    Object.assign(gateway.losing, { ending: "renewal", times: 1 });
    await expect(terminal.renewCredentials()).rejects.toMatchObject({ code: "UNREACHABLE" });
    await terminal.renewCredentials();
    expect(gateway.pinKeys.size).toBe(2);
    expect(await inFile(at)).toBe(gateway.fingerprint);
  });

  it("is confirmed again where that answer was lost", async () => {
    const at = await enrolled();
    const opened = await open(at);
    Object.assign(gateway.losing, { ending: "confirmation", times: 1 });
    await opened.terminal.renewCredentials();
    expect(gateway.sentTo("confirmation")).toHaveLength(2);
    expect(await sell(opened)).toMatchObject({ outcome: "approved" });
  });

  it("leaves open which certificate is good, and the next start finds out", async () => {
    const at = await enrolled();
    const { terminal } = await open(at);
    Object.assign(gateway.losing, { ending: "confirmation", times: 2 });
    await expect(terminal.renewCredentials()).rejects.toMatchObject({ code: "UNREACHABLE" });
    // The gateway has taken up the new one; the file has the old one.
    expect(await inFile(at)).not.toBe(gateway.fingerprint);
    await terminal.close();
    expect(await sell(await open(at))).toMatchObject({ outcome: "approved" });
    expect(await inFile(at)).toBe(gateway.fingerprint);
    expect(await pinKeyIn(at)).toBe([...gateway.pinKeys.keys()][1]);
  });
});

describe("a new certificate that the gateway does not know", () => {
  it("is given up, and the old one works on", async () => {
    const at = await enrolled();
    const before = await inFile(at);
    const { terminal } = await open(at);
    const behaviour = problem(503, "SYSTEM_ERROR", "SAMEKEY");
    gateway.instead = { ending: "confirmation", behaviour };
    await expect(terminal.renewCredentials()).rejects.toMatchObject({ code: "UNREACHABLE" });
    await terminal.close();
    expect(await renewalFile(nodeDisk, at.path).read("renewal")).not.toBeNull();
    // As after a restore of a backup of the gateway.
    gateway.instead = { ending: "confirmation", behaviour: problem(401, "TERMINAL_AUTH_FAILED") };
    expect(await sell(await open(at))).toMatchObject({ outcome: "approved" });
    expect(await inFile(at)).toBe(before);
    expect(await renewalFile(nodeDisk, at.path).read("renewal")).toBeNull();
  });
});

describe("a certificate that cannot be renewed", () => {
  it("is told of within its last 14 days, with the reason", async () => {
    gateway.validDays = 0.49;
    const at = await enrolled();
    gateway.instead = { ending: "renewal", behaviour: problem(503, "SYSTEM_ERROR") };
    const { terminal } = await open(at);
    expect(await seen(terminal, "credentialsExpiring")).toMatchObject({
      reason: expect.stringContaining("SYSTEM_ERROR"),
    });
  });
});

describe("credentials that are no path", () => {
  it("are given to the integrator before the gateway takes them up", async () => {
    const at = await enrolled();
    const kept: RenewedCredentials[] = [];
    let confirmedBefore = true;
    const { terminal } = await open(at, {
      credentials: await loadCredentials(at.path),
      keepCredentials: async (renewed) => {
        confirmedBefore =
          fingerprintOf(derOf(renewed.credentials.certificate)) === gateway.fingerprint;
        kept.push(renewed);
      },
    });
    await terminal.renewCredentials();
    expect(confirmedBefore).toBe(false);
    const [renewed] = kept;
    if (renewed === undefined) throw new Error("nothing was given");
    expect(fingerprintOf(derOf(renewed.credentials.certificate))).toBe(gateway.fingerprint);
    const [[id, key] = []] = [...gateway.pinKeys].slice(1);
    expect(renewed.pinKey).toEqual({ initialKeyIdHex: id, initialKeyHex: key });
  });

  it("that were kept and never confirmed are confirmed at the next start", async () => {
    const at = await enrolled();
    const kept: RenewedCredentials[] = [];
    const keepCredentials = async (renewed: RenewedCredentials) => void kept.push(renewed);
    const first = await open(at, { credentials: await loadCredentials(at.path), keepCredentials });
    gateway.instead = { ending: "confirmation", behaviour: problem(503, "SYSTEM_ERROR") };
    await expect(first.terminal.renewCredentials()).rejects.toMatchObject({ code: "UNREACHABLE" });
    await first.terminal.close();
    gateway.instead = null;
    const credentials = kept[0]?.credentials ?? "";
    expect(await sell(await open(at, { credentials, keepCredentials }))).toMatchObject({
      outcome: "approved",
    });
  });

  it("are not renewed without somebody to keep them", async () => {
    const at = await enrolled();
    const { terminal } = await open(at, { credentials: await loadCredentials(at.path) });
    await expect(terminal.renewCredentials()).rejects.toMatchObject({
      code: "OPTIONS_INVALID",
      message: expect.stringContaining("keepCredentials"),
    });
    expect(gateway.sentTo("renewal")).toEqual([]);
  });
});

describe("a pending renewal of credentials that were exchanged for another terminal's", () => {
  it("is forgotten", async () => {
    const at = await enrolled();
    const { terminal } = await open(at);
    gateway.instead = { ending: "confirmation", behaviour: problem(503, "SYSTEM_ERROR") };
    await expect(terminal.renewCredentials()).rejects.toMatchObject({ code: "UNREACHABLE" });
    await terminal.close();
    const other = gateway.authority.issue({ commonName: "T2" });
    const credentials = { ca: gateway.authority.certificate, ...other };
    await saveCredentials({ path: at.path, credentials });
    gateway.received.length = 0;
    const second = await open(at, {
      journal: join(at.folder, "other-journal"),
      clock: systemClock,
    });
    await second.terminal.close();
    expect(gateway.sentTo("confirmation")).toEqual([]);
    expect(await inFile(at)).toBe(fingerprintOf(derOf(other.certificate)));
  });
});
