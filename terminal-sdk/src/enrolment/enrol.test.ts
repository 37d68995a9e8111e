import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../clock.js";
import { loadCredentials } from "../credentials.js";
import { nodeDisk } from "../disk.js";
import type { PassTpeError } from "../errors.js";
import { takePinKey } from "../pin/pin-key-file.js";
import { CrashingDisk, PowerCut } from "../test-kit/crashing-disk.js";
import { derOf, EnrolmentGateway, fingerprintOf } from "../test-kit/enrolment-gateway.js";
import { problem } from "../test-kit/fake-gateway.js";
import { temporaryFolder } from "../test-kit/fixtures.js";
import type { MemoryDisk } from "../test-kit/memory-disk.js";
import { TestAuthority } from "../test-kit/test-authority.js";
import { nextTestKey } from "../test-kit/test-keys.js";
import type { EnrolmentOptions } from "./check-enrolment.js";
import { type EnrolledTerminal, enrolOn, enrolTerminal } from "./enrol.js";

const gateways: EnrolmentGateway[] = [];
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop()));
});

const AUTHORITY = new TestAuthority();
/** Another one that has the same name. */
const IMPOSTOR = new TestAuthority();

const MACHINE = { disk: nodeDisk, clock: systemClock, newPrivateKey: nextTestKey };

/** As {@link enrolTerminal}, by keys that were made before. */
function enrol(options: EnrolmentOptions): Promise<EnrolledTerminal> {
  return enrolOn(MACHINE, options);
}

async function newGateway(options: Parameters<typeof EnrolmentGateway.start>[0] = {}) {
  const gateway = await EnrolmentGateway.start({ authority: AUTHORITY, ...options });
  gateways.push(gateway);
  return gateway;
}

function optionsFor(gateway: EnrolmentGateway, folder = temporaryFolder()) {
  return {
    gateway: gateway.url,
    activationCode: gateway.code,
    credentials: join(folder, "credentials.json"),
    pinKeyFile: join(folder, "pin.key"),
  };
}

function refusalOf(enrolment: Promise<unknown>): Promise<PassTpeError> {
  return enrolment.then(
    () => {
      throw new Error("it was not refused");
    },
    (error: PassTpeError) => error,
  );
}

describe("an enrolment", () => {
  it("makes credentials that the gateway knows, and a PIN key, readable by their owner alone", async () => {
    const gateway = await newGateway();
    const options = optionsFor(gateway);
    expect(await enrolTerminal(options)).toMatchObject({ terminalId: "T1", pointOfSaleId: "S1" });
    const { certificate, ca } = await loadCredentials(options.credentials);
    expect(fingerprintOf(derOf(certificate))).toBe(gateway.fingerprint);
    expect(fingerprintOf(derOf(ca))).toBe(fingerprintOf(AUTHORITY.der));
    for (const path of [options.credentials, options.pinKeyFile]) {
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    const { initialKeyId } = await takePinKey({ path: options.pinKeyFile, disk: nodeDisk });
    const given = [...gateway.pinKeys.keys()];
    expect(Buffer.from(initialKeyId).toString("hex").toUpperCase()).toBe(given[0]);
    expect(readdirSync(join(options.credentials, "..")).sort()).toEqual([
      "credentials.json",
      "pin.key",
    ]);
  });

  it("takes a code as people type it", async () => {
    const gateway = await newGateway();
    const typed = gateway.code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o");
    await enrol({ ...optionsFor(gateway), activationCode: typed });
    expect(gateway.received).toHaveLength(1);
  });

  it("keeps the private key from other users while it waits for the answer", async () => {
    const gateway = await newGateway();
    const options = optionsFor(gateway);
    let mode = 0;
    gateway.instead = {
      ending: "enrolments",
      behaviour: (_received, response) => {
        mode = statSync(`${options.credentials}.pending`).mode & 0o777;
        response.socket?.destroy();
      },
    };
    await refusalOf(enrol(options));
    expect(mode).toBe(0o600);
  });

  it("does not touch credentials that are there unless it is told to replace them", async () => {
    const gateway = await newGateway();
    const options = optionsFor(gateway);
    writeFileSync(options.credentials, "old", { mode: 0o600 });
    const refusal = await refusalOf(enrol(options));
    expect(refusal).toMatchObject({ code: "OPTIONS_INVALID" });
    expect(refusal.message).toContain("replace: true");
    expect(readFileSync(options.credentials, "utf8")).toBe("old");
    expect(gateway.received).toEqual([]);
    await enrol({ ...options, replace: true });
    await loadCredentials(options.credentials);
  });

  it("does not touch a PIN key that is there, another till's perhaps, unless it is told to", async () => {
    const gateway = await newGateway();
    const options = optionsFor(gateway);
    writeFileSync(options.pinKeyFile, "another till's", { mode: 0o600 });
    const refusal = await refusalOf(enrol(options));
    expect(refusal).toMatchObject({ code: "OPTIONS_INVALID" });
    expect(refusal.message).toContain("name another pinKeyFile");
    expect(readFileSync(options.pinKeyFile, "utf8")).toBe("another till's");
    expect(gateway.received).toEqual([]);
  });

  it.each([
    [429, "RATE_LIMITED"],
    [408, "SYSTEM_ERROR"],
    [503, "SYSTEM_ERROR"],
  ] as const)(
    "asked for patience by a %s says that the code is still good, and it is",
    async (status, code) => {
      const gateway = await newGateway();
      const options = optionsFor(gateway);
      gateway.instead = { ending: "enrolments", behaviour: problem(status, code) };
      const refusal = await refusalOf(enrol(options));
      expect(refusal).toMatchObject({ code: "UNREACHABLE", retryable: true });
      expect(refusal.message).toContain("Call again with the same code");
      gateway.instead = null;
      await enrol(options);
      await loadCredentials(options.credentials);
    },
  );

  it.each<[string, Record<string, unknown>]>([
    ["a code that is none", { activationCode: "0123-4567" }],
    ["a gateway in clear", { gateway: "http://127.0.0.1:1" }],
    ["one file for two things", { pinKeyFile: "same", credentials: "same" }],
    ["no path", { credentials: "" }],
    ["a time limit of nothing", { timeoutMs: 0 }],
  ])("refuses %s before anything is made", async (_case, change) => {
    const gateway = await newGateway();
    const options = { ...optionsFor(gateway), ...change };
    expect(await refusalOf(enrol(options))).toMatchObject({ code: "OPTIONS_INVALID" });
    expect(gateway.received).toEqual([]);
  });
});

describe("a gateway that the code is not for", () => {
  it("is sent nothing", async () => {
    const gateway = await newGateway();
    const stranger = await newGateway({ authority: new TestAuthority({ name: "a stranger" }) });
    const options = { ...optionsFor(gateway), gateway: stranger.url };
    expect(await refusalOf(enrol(options))).toMatchObject({
      code: "GATEWAY_NOT_TRUSTED",
      actor: "integrator",
      message: expect.stringContaining("nothing was sent"),
    });
    expect(stranger.received).toEqual([]);
    expect(readdirSync(join(options.credentials, ".."))).toEqual([]);
  });

  it("is sent nothing although its authority has the same name", async () => {
    const gateway = await newGateway();
    const impostor = await newGateway({ authority: IMPOSTOR });
    const options = { ...optionsFor(gateway), gateway: impostor.url };
    expect(await refusalOf(enrol(options))).toMatchObject({ code: "GATEWAY_NOT_TRUSTED" });
    expect(impostor.received).toEqual([]);
  });

  it("is sent nothing although it shows the right authority, which has not certified it", async () => {
    const gateway = await newGateway();
    const impostor = await newGateway({
      authority: IMPOSTOR,
      shows: AUTHORITY.certificate,
    });
    const options = { ...optionsFor(gateway), gateway: impostor.url };
    expect(await refusalOf(enrol(options))).toMatchObject({ code: "GATEWAY_NOT_TRUSTED" });
    expect(impostor.received).toEqual([]);
  });

  it("is sent nothing although the right authority certified it, under another name", async () => {
    const gateway = await newGateway({ hosts: ["gateway.example"] });
    expect(await refusalOf(enrol(optionsFor(gateway)))).toMatchObject({
      code: "GATEWAY_NOT_TRUSTED",
      message: expect.stringContaining("correct gateway"),
    });
    expect(gateway.received).toEqual([]);
  });

  it("sees no byte of a request in the handshake that looks at it", async () => {
    const gateway = await newGateway();
    const { certificate, privateKey } = IMPOSTOR.issue({ commonName: "x" });
    let bytes = 0;
    const server = createTlsServer({ cert: certificate, key: privateKey }, (socket) => {
      socket.on("data", (data) => {
        bytes += data.length;
      });
      socket.on("error", () => undefined);
    });
    const url = await listen(server);
    const closed = new Promise((resolve) => {
      server.once("connection", (socket) => socket.once("close", resolve));
    });
    await refusalOf(enrol({ ...optionsFor(gateway), gateway: url }));
    await closed;
    expect(bytes).toBe(0);
  });
});

describe("a man in the middle who lets the first handshake through", () => {
  it("is sent nothing on the second", async () => {
    const gateway = await newGateway();
    const impostor = await newGateway({ authority: IMPOSTOR });
    const ports = [gateway, impostor].map(({ url }) => Number(new URL(url).port));
    const middle = createTcpServer((socket) => {
      const onward = connect(ports.shift() ?? 0, "127.0.0.1");
      for (const end of [socket, onward]) end.on("error", () => undefined);
      socket.pipe(onward).pipe(socket);
    });
    const url = await listen(middle);
    expect(await refusalOf(enrol({ ...optionsFor(gateway), gateway: url }))).toMatchObject({
      code: "GATEWAY_NOT_TRUSTED",
    });
    expect([...gateway.received, ...impostor.received]).toEqual([]);
  });
});

describe("an answer that is not for this terminal", () => {
  it.each(["ca", "certificate", "pinKey"] as const)(
    "with another %s is not kept",
    async (field) => {
      const gateway = await newGateway();
      const options = optionsFor(gateway);
      const foreign = {
        ca: IMPOSTOR.certificate,
        certificate: AUTHORITY.issue({ commonName: "T1" }).certificate,
        pinKey: {
          initialKeyId: "0".repeat(16),
          wrappedKey: Buffer.alloc(256, 1).toString("base64"),
        },
      };
      gateway.tamper = (answer) => ({ ...answer, [field]: foreign[field] });
      expect(await refusalOf(enrol(options))).toMatchObject({
        code: "GATEWAY_NOT_TRUSTED",
      });
      expect(readdirSync(join(options.credentials, ".."))).toEqual(["credentials.json.pending"]);
      gateway.tamper = (answer) => answer;
      await enrol(options);
    },
  );
});

describe("a lost answer", () => {
  it("is asked for again with the same key and code, and the gateway gives the same", async () => {
    const gateway = await newGateway();
    const options = optionsFor(gateway);
    Object.assign(gateway.losing, { ending: "enrolments", times: 1 });
    const refusal = await refusalOf(enrol(options));
    expect(refusal).toMatchObject({ code: "UNREACHABLE", actor: "network", retryable: true });
    expect(refusal.message).toContain("call again with the same code");
    await enrol(options);
    expect(gateway.pinKeys.size).toBe(1);
    const { certificate } = await loadCredentials(options.credentials);
    expect(fingerprintOf(derOf(certificate))).toBe(gateway.fingerprint);
  });

  it("of another code is not asked for with the old key", async () => {
    const gateway = await newGateway();
    const options = optionsFor(gateway);
    Object.assign(gateway.losing, { ending: "enrolments", times: 1 });
    await refusalOf(enrol(options));
    const other = `1111-1111-1111-1111${gateway.code.slice(19)}`;
    expect(await refusalOf(enrol({ ...options, activationCode: other }))).toMatchObject({
      code: "REFUSED",
    });
    const [first, second] = gateway.received;
    expect(second?.body["csr"]).not.toBe(first?.body["csr"]);
  });
});

describe("a power cut", () => {
  it("at any step is mended by the same call again, and the gateway issues once", async () => {
    const gateway = await newGateway();
    const options = { ...optionsFor(gateway), credentials: "credentials", pinKeyFile: "pin" };
    const machine = (disk: MemoryDisk) => ({ ...MACHINE, disk });
    let cuts = 0;
    for (let wasCut = true; wasCut; cuts += 1) {
      const disk = new CrashingDisk({ changesBeforeCut: cuts });
      const cut = await enrolOn(machine(disk), options).then(
        () => null,
        (error: PassTpeError) => error,
      );
      wasCut = cut !== null;
      const after = disk.afterPowerCut();
      if (wasCut) {
        expect(cut?.cause).toBeInstanceOf(PowerCut);
        await enrolOn(machine(after), options);
      }
      const { certificate } = await loadCredentials("credentials", after);
      expect(fingerprintOf(derOf(certificate)), `cut ${cuts}`).toBe(gateway.fingerprint);
      expect(after.durable("credentials.pending")).toBe("");
      expect(after.durable("pin")).not.toBe("");
      expect(gateway.pinKeys.size).toBe(cuts + 1);
      gateway.forgetEnrolment();
    }
    // Two keeps of the pending set, PIN key, removal of a renewal, credentials, removal of the pending set.
    expect(cuts).toBe(7);
  });

  it("in the last step is mended without the gateway", async () => {
    const gateway = await newGateway();
    const options = { ...optionsFor(gateway), credentials: "credentials", pinKeyFile: "pin" };
    const disk = new CrashingDisk({ changesBeforeCut: 5 });
    await refusalOf(enrolOn({ ...MACHINE, disk }, options));
    const sent = gateway.received.length;
    const after = { ...MACHINE, disk: disk.afterPowerCut() };
    expect(await enrolOn(after, options)).toMatchObject({ terminalId: "T1" });
    expect(gateway.received).toHaveLength(sent);
  });
});

describe("what fails", () => {
  it("tells neither the code nor a key", async () => {
    const gateway = await newGateway();
    const folder = temporaryFolder();
    mkdirSync(join(folder, "pin.key"));
    const told: string[] = [];
    const used = { ...optionsFor(gateway, folder), replace: true };
    const typo = `${gateway.code}X`;
    for (const change of [{ activationCode: typo }, {}]) {
      const refusal = await refusalOf(enrol({ ...used, ...change }));
      told.push(`${refusal.stack} ${JSON.stringify(refusal)} ${String(refusal.cause)}`);
    }
    const text = told.join("\n");
    expect(text).toContain("pin.key");
    for (const secret of [gateway.code, gateway.code.slice(0, 19), "PRIVATE KEY"]) {
      expect(text).not.toContain(secret);
    }
    expect(readFileSync(`${used.credentials}.pending`, "utf8")).not.toContain(
      gateway.code.replaceAll("-", "").slice(0, 16),
    );
    for (const key of gateway.pinKeys.values()) expect(text).not.toContain(key);
  });

  it("of a code that works no more says that the gateway refuses it", async () => {
    const gateway = await newGateway();
    await enrol(optionsFor(gateway));
    const refusal = await refusalOf(enrol(optionsFor(gateway)));
    expect(refusal).toMatchObject({ code: "REFUSED", actor: "integrator" });
  });

  it("of nobody at the gateway's address is a network that may mend", async () => {
    const gateway = await newGateway();
    const options = optionsFor(gateway);
    await gateways.pop()?.stop();
    expect(await refusalOf(enrol(options))).toMatchObject({ code: "UNREACHABLE" });
  });

  it("of a server that never answers the handshake ends with its time", async () => {
    const gateway = await newGateway();
    const url = await listen(createTcpServer((socket) => socket.on("error", () => undefined)));
    const options = { ...optionsFor(gateway), gateway: url, timeoutMs: 200 };
    expect(await refusalOf(enrol(options))).toMatchObject({ code: "UNREACHABLE" });
  });
});

async function listen(server: ReturnType<typeof createTcpServer>): Promise<string> {
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `https://127.0.0.1:${address.port}`;
}
