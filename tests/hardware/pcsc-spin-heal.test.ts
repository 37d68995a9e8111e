// A PC/SC service that listens and takes no clients: the native constructor would hang on it, and the till must not.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { describeSystem } from "../support/suites.js";

const TILL = fileURLToPath(new URL("pcsc-spin.mjs", import.meta.url));
const NFC = fileURLToPath(new URL("../../node_modules/nfc-pcsc/dist/index.js", import.meta.url));

/** SCARD_E_NO_SERVICE, which the service answers to a client of another version. */
const NO_SERVICE = 0x8010001d;

/** The last field of the service's answer to a client's version (pcsc-lite, winscard_msg.h `struct version_struct`). */
const VERSION_BYTES = 12;
const RESULT_OFFSET = 8;

type Service = (connection: Socket) => void;

const mute: Service = (connection) => connection.resume();

const refusing: Service = (connection) => {
  connection.on("data", (request) => {
    if (request.length < VERSION_BYTES) return;
    const answer = Buffer.from(request.subarray(-VERSION_BYTES));
    answer.writeUInt32LE(NO_SERVICE, RESULT_OFFSET);
    connection.write(answer);
  });
};

/** Something that listens in the service's place; null: nothing does. */
async function listening(service: Service | null): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-pcsc-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const socket = join(folder, "pcscd.comm");
  if (service === null) return socket;
  const server = createServer((connection) => {
    connection.on("error", () => undefined);
    service(connection);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => void server.close());
  return socket;
}

function run(args: readonly string[], socket: string) {
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, PCSCLITE_CSOCK_NAME: socket },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

describeSystem("pcsc")("a PC/SC service that takes no clients", () => {
  it.each([
    ["is not there", null],
    ["says nothing", mute],
    ["is of another version", refusing],
  ])("holds up whoever makes an NFC while it %s", async (_case, service) => {
    const program = `setTimeout(() => process.exit(7), 0); new (require(${JSON.stringify(NFC)}).NFC)();`;
    const child = run(["-e", program], await listening(service));
    const ended = once(child, "exit").then(() => "ended");
    // Long enough to have started; that the timer of its own loop did not end it shows the rest.
    const still = new Promise((resolve) => setTimeout(() => resolve("still there"), 2_000));
    expect(await Promise.race([ended, still])).toBe("still there");
  });

  it.each([
    ["says nothing", mute],
    ["is of another version", refusing],
  ])(
    "leaves the reader absent with a reason, and the till going on, while it %s",
    async (_case, service) => {
      const child = run([TILL], await listening(service));
      const [line = ""] = (await text(child.stdout)).split("\n");
      const { status, reason, turns } = JSON.parse(line);
      expect({ status, reason }).toEqual({
        status: "absent",
        reason: expect.stringMatching(/takes no clients.*restart pcscd/),
      });
      expect(turns).toBeGreaterThan(20);
    },
    30_000,
  );
});
