import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadCredentials, parseCredentials, saveCredentials } from "./credentials.js";
import {
  AUTHORITY_PEM,
  GATEWAY_KEY_PEM,
  TERMINAL_CERTIFICATE_PEM,
  TERMINAL_KEY_PEM,
} from "./test-kit/certificates.js";
import { temporaryFolder } from "./test-kit/fixtures.js";

const CREDENTIALS = {
  ca: AUTHORITY_PEM,
  certificate: TERMINAL_CERTIFICATE_PEM,
  privateKey: TERMINAL_KEY_PEM,
};

const newPath = () => join(temporaryFolder(), "credentials.json");

describe("credentials", () => {
  it("are found again as they were saved, readable by their owner alone", async () => {
    const path = newPath();
    await saveCredentials({ path, credentials: CREDENTIALS });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await loadCredentials(path)).toEqual(CREDENTIALS);
  });

  it("are saved without the PIN pad's initial key, which only the pad may have", async () => {
    const path = newPath();
    const pinKey = { initialKeyHex: "5a".repeat(16), initialKeyIdHex: "1".repeat(16) };
    const issued = { ...CREDENTIALS, pinKey };
    await saveCredentials({ path, credentials: issued });
    expect(await readFile(path, "utf8")).not.toContain(pinKey.initialKeyHex);
    expect(parseCredentials(issued)).toEqual(CREDENTIALS);
  });

  it("that other users can read are refused, with what to do", async () => {
    const path = newPath();
    await saveCredentials({ path, credentials: CREDENTIALS });
    await chmod(path, 0o644);
    await expect(loadCredentials(path)).rejects.toThrow("chmod 600");
  });

  it.each<[string, unknown]>([
    ["without a key", { ...CREDENTIALS, privateKey: undefined }],
    ["with the key of another certificate", { ...CREDENTIALS, privateKey: GATEWAY_KEY_PEM }],
    ["that are no object", "text"],
  ])("%s are refused without a word of their content", async (_case, content) => {
    const path = newPath();
    await writeFile(path, JSON.stringify(content), { mode: 0o600 });
    const refused = await loadCredentials(path).then(
      () => null,
      (error: Error) => error,
    );
    expect(refused).toMatchObject({ code: "CREDENTIALS_UNREADABLE", actor: "integrator" });
    expect(refused?.message).not.toContain("PRIVATE KEY");
  });

  it("that are half a file are refused without a word of their content", async () => {
    const path = newPath();
    await writeFile(path, JSON.stringify(CREDENTIALS).slice(0, -200), { mode: 0o600 });
    await expect(loadCredentials(path)).rejects.toThrow("is not JSON; enrol the terminal again");
  });
});
