// What is started to ask the PC/SC service, and that nothing of it stays.

import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { temporaryFolder } from "../test-kit/fixtures.js";

const execPath = process.execPath;
let folder: string;

beforeEach(async () => {
  folder = temporaryFolder();
  const socket = join(folder, "pcscd.comm");
  const service = createServer((connection) => connection.resume());
  await new Promise<void>((resolve) => service.listen(socket, resolve));
  onTestFinished(() => void service.close());
  vi.stubEnv("PCSCLITE_CSOCK_NAME", socket);
  vi.resetModules();
});
afterEach(() => {
  process.execPath = execPath;
  vi.unstubAllEnvs();
});

/** A stand-in for the program that this process runs: it notes its own number, and stays. */
function runsIn(name: string): { pid: () => number | null } {
  const program = join(folder, name);
  writeFileSync(program, `#!/bin/sh\necho $$ >> ${folder}/started\nexec sleep 60\n`);
  chmodSync(program, 0o755);
  process.execPath = program;
  const pid = () => {
    try {
      return Number.parseInt(readFileSync(join(folder, "started"), "utf8"), 10) || null;
    } catch {
      return null;
    }
  };
  return { pid };
}

async function ask(signal: AbortSignal): Promise<string | null> {
  const { pcscServiceProblem } = await import("./pcsc-service.js");
  return pcscServiceProblem(signal);
}

describe.runIf(process.platform === "linux")("a PC/SC service that listens", () => {
  it("is not tried by the till's own program, which would be the till once more", async () => {
    const { pid } = runsIn("till");
    expect(await ask(new AbortController().signal)).toBeNull();
    expect(pid()).toBeNull();
  });

  it("is tried by Node, and that process ends when the reader is closed", async () => {
    const { pid } = runsIn("node-22");
    const closed = new AbortController();
    const asking = ask(closed.signal);
    await vi.waitFor(() => expect(pid()).not.toBeNull());
    closed.abort();
    await asking;
    await vi.waitFor(() => expect(() => process.kill(pid() ?? 0, 0)).toThrow("ESRCH"));
  });
});
