import { afterEach, beforeEach, expect, it } from "vitest";
import { HttpClient } from "../client/http-client.js";
import { systemClock } from "../clock.js";
import { loadCredentials } from "../credentials.js";
import { EventHub } from "../events.js";
import { softwarePinPad } from "../pin/software-pad.js";
import { CrashingDisk, PowerCut } from "../test-kit/crashing-disk.js";
import { derOf, EnrolmentGateway, fingerprintOf } from "../test-kit/enrolment-gateway.js";
import { MemoryDisk } from "../test-kit/memory-disk.js";
import { nextTestKey } from "../test-kit/test-keys.js";
import { enrolOn } from "./enrol.js";
import { Renewal } from "./renewal.js";
import { fileHome } from "./renewal-home.js";

const PATH = "credentials";
const PIN_KEY_FILE = "pin";

let gateway: EnrolmentGateway;
const clients: HttpClient[] = [];
beforeEach(async () => {
  gateway = await EnrolmentGateway.start();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await gateway.stop();
});

async function enrolledDisk(): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await enrolOn(
    { disk, clock: systemClock, newPrivateKey: nextTestKey },
    {
      gateway: gateway.url,
      activationCode: gateway.code,
      credentials: PATH,
      pinKeyFile: PIN_KEY_FILE,
    },
  );
  return disk;
}

/** The parts of a terminal that a renewal is about. */
async function startOn(disk: MemoryDisk) {
  const clock = systemClock;
  const credentials = await loadCredentials(PATH, disk);
  const http = new HttpClient({ gateway: gateway.url, credentials, clock });
  clients.push(http);
  const renewal = new Renewal({
    gateway: gateway.url,
    http,
    credentials,
    home: fileHome({ disk, path: PATH }),
    pinPad: softwarePinPad({ keyFile: PIN_KEY_FILE, digits: async () => null, disk }),
    clock,
    hub: new EventHub({ clock }),
    timeoutMs: 10_000,
    newPrivateKey: nextTestKey,
  });
  return { http, renewal };
}

/** The copy that the next crash happens on. */
function crashing(disk: MemoryDisk, changesBeforeCut: number): CrashingDisk {
  const copy = new CrashingDisk({ changesBeforeCut });
  for (const path of [PATH, PIN_KEY_FILE]) copy.put(path, disk.durable(path));
  return copy;
}

async function whoSpeaks(http: HttpClient): Promise<string | null | undefined> {
  const accepted = { safeParse: () => ({ success: true, data: null }) as const };
  const call = { method: "GET", path: "v1/terminal", schema: accepted, timeoutMs: 10_000 } as const;
  expect(await http.exchange(call)).toMatchObject({ kind: "answer" });
  return gateway.received.at(-1)?.caller;
}

it("after a power cut at any step of a renewal, the next start works and the one after a renewal too", async () => {
  let disk = await enrolledDisk();
  let cuts = 0;
  for (let wasCut = true; wasCut; cuts += 1) {
    const crashed = crashing(disk, cuts);
    const { renewal } = await startOn(crashed);
    const cut = await renewal.renew((run) => run()).catch((thrown: unknown) => thrown);
    wasCut = cut !== undefined;
    if (wasCut) expect(String(cut), `cut ${cuts}`).toContain("the power is cut");

    disk = crashed.afterPowerCut();
    const next = await startOn(disk);
    await next.renewal.resume();
    expect(await whoSpeaks(next.http), `cut ${cuts}`).toBe(gateway.fingerprint);
    const { certificate } = await loadCredentials(PATH, disk);
    expect(fingerprintOf(derOf(certificate)), `cut ${cuts}`).toBe(gateway.fingerprint);
    expect(await next.renewal.isUnsettled(), `cut ${cuts}`).toBe(false);

    await next.renewal.renew((run) => run());
    expect(await whoSpeaks(next.http)).toBe(gateway.fingerprint);
    expect(pinKeyIdOn(disk)).toBe([...gateway.pinKeys.keys()].at(-1));
  }
  // The key, the answer, credentials, PIN key, removal of the pending set.
  expect(cuts).toBe(6);
}, 120_000);

it("a disk that fails says which file it is about", async () => {
  const { renewal } = await startOn(crashing(await enrolledDisk(), 0));
  await expect(renewal.renew((run) => run())).rejects.toMatchObject({
    code: "CREDENTIALS_UNREADABLE",
    message: expect.stringContaining(PATH),
    cause: expect.any(PowerCut),
  });
});

/** The file says it on its third line. */
function pinKeyIdOn(disk: MemoryDisk): string | undefined {
  return disk.durable(PIN_KEY_FILE).split("\n")[2]?.toUpperCase();
}
