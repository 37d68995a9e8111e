import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  AUTHORITY_PEM,
  TERMINAL_CERTIFICATE_PEM,
  TERMINAL_KEY_PEM,
} from "../test-kit/certificates.js";
import { temporaryFolder } from "../test-kit/fixtures.js";
import { TestAuthority } from "../test-kit/test-authority.js";
import { exportPkcs12, importPkcs12 } from "./pkcs12.js";

const PASSWORD = "correct horse battery";

const authority = new TestAuthority();
const CREDENTIALS = { ca: authority.certificate, ...authority.issue({ commonName: "T1" }) };
const FILE = exportPkcs12({ credentials: CREDENTIALS, password: PASSWORD });

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

function openssl(args: readonly string[], folder: string) {
  const env = { ...process.env, PASSWORD };
  const { status, stdout, stderr } = spawnSync("openssl", args, { cwd: folder, env });
  return { status, text: `${stdout}${stderr}` };
}

function refusalOf(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  return null;
}

describe("a PKCS#12 file", () => {
  it("gives back the credentials that were put into it", () => {
    expect(importPkcs12({ file: FILE, password: PASSWORD })).toEqual(CREDENTIALS);
  });

  it.runIf(hasOpenssl)("opens in openssl, with AES-256 and the MAC that it promises", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "t.p12"), FILE);
    const read = ["pkcs12", "-in", "t.p12", "-passin", "env:PASSWORD", "-noenc"];
    const info = openssl([...read, "-info"], folder);
    expect(info).toMatchObject({ status: 0, text: expect.stringContaining("AES-256-CBC") });
    expect(info.text).toContain("Iteration 100000, PRF hmacWithSHA256");
    expect(info.text).toContain("MAC: sha1, Iteration 100000");
    expect(openssl([...read, "-passin", "pass:another password"], folder).status).not.toBe(0);
  });

  it.runIf(hasOpenssl)("of openssl itself is read", () => {
    const folder = temporaryFolder();
    const { ca, certificate, privateKey } = CREDENTIALS;
    writeFileSync(join(folder, "all.pem"), [privateKey, certificate, ca].join("\n"));
    chmodSync(join(folder, "all.pem"), 0o600);
    const pack = ["pkcs12", "-export", "-in", "all.pem", "-out", "o.p12"];
    expect(openssl([...pack, "-passout", "env:PASSWORD"], folder).status).toBe(0);
    const packed = spawnSync("cat", ["o.p12"], { cwd: folder }).stdout;
    expect(importPkcs12({ file: packed, password: PASSWORD })).toEqual(CREDENTIALS);
  });

  it("is refused with a wrong password, with what to do", () => {
    expect(
      refusalOf(() => importPkcs12({ file: FILE, password: "another password" })),
    ).toMatchObject({
      code: "CREDENTIALS_UNREADABLE",
      actor: "integrator",
      message: expect.stringContaining("give the password it was exported with"),
    });
  });

  it("that was damaged anywhere is refused, without a word of its content", () => {
    // Each opening takes a tenth of a second, so a few places stand for all.
    for (const place of [0, 5, 60, 700, 1_500, FILE.length - 40, FILE.length - 10]) {
      const damaged = Buffer.from(FILE);
      damaged.writeUInt8(damaged.readUInt8(place) ^ 0x01, place);
      const refusal = refusalOf(() => importPkcs12({ file: damaged, password: PASSWORD }));
      expect(refusal, `byte ${place}`).toMatchObject({ code: "CREDENTIALS_UNREADABLE" });
      expect(String(refusal)).not.toContain(PASSWORD);
    }
  });

  it("that is cut or something else is refused", () => {
    for (const file of [FILE.subarray(0, 900), Buffer.from("text"), new Uint8Array(300_000)]) {
      const refusal = refusalOf(() => importPkcs12({ file, password: PASSWORD }));
      expect(refusal).toMatchObject({ code: "CREDENTIALS_UNREADABLE" });
    }
  });

  it("with a MAC that would take hours to compute is refused at once", () => {
    const iterations = Buffer.from([0x02, 0x03, 0x01, 0x86, 0xa0]);
    const damaged = Buffer.from(FILE);
    damaged.writeUInt8(0x7f, damaged.lastIndexOf(iterations) + 2);
    expect(refusalOf(() => importPkcs12({ file: damaged, password: PASSWORD }))).toMatchObject({
      message: expect.stringContaining("takes 8357536 iterations"),
    });
  });

  it.each(["", "short", "un mot de passe accentué"])("takes no password like %j", (password) => {
    const refusal = refusalOf(() => exportPkcs12({ credentials: CREDENTIALS, password }));
    expect(refusal).toMatchObject({ code: "OPTIONS_INVALID" });
  });

  it("is not made of a key that is no RSA key", () => {
    const credentials = {
      ca: AUTHORITY_PEM,
      certificate: TERMINAL_CERTIFICATE_PEM,
      privateKey: TERMINAL_KEY_PEM,
    };
    expect(refusalOf(() => exportPkcs12({ credentials, password: PASSWORD }))).toMatchObject({
      code: "CREDENTIALS_UNREADABLE",
    });
  });
});
