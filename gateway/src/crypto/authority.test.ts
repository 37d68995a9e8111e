// The authority's certificates: what Node's own verification says of them.

import { generateKeyPairSync, X509Certificate } from "node:crypto";
import forge from "node-forge";
import { describe, expect, it, vi } from "vitest";
import { NOW_MS } from "../../../tests/support/builders.js";
import { seededRandom } from "../../../tests/support/random.js";
import {
  certificateAuthority,
  certificateFingerprint,
  createAuthority,
  issueServer,
} from "./authority.js";

const nowMs = NOW_MS;
const random = seededRandom(5);
const authority = createAuthority({ random, nowMs });
const server = issueServer(authority, { random, nowMs, hosts: ["localhost", "127.0.0.1"] });
const issuer = certificateAuthority({ identity: authority, random });
const spki = { type: "spki", format: "pem" } as const;
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicKey = String(pair.publicKey.export(spki));
const terminal = issuer.issueTerminal({ terminalId: "terminal-1", publicKey, nowMs });
const agent = await issuer.issueAgent({ agentId: "operator-1", nowMs });
const read = ({ certificate }: { readonly certificate: string }) =>
  new X509Certificate(certificate);

const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

describe("the authority", () => {
  it("signs what it issues, and is the only one that may sign", () => {
    const root = read(authority);
    for (const issued of [server, terminal]) {
      expect(read(issued).verify(root.publicKey)).toBe(true);
      expect(read(issued).checkIssued(root)).toBe(true);
      expect(read(issued).ca).toBe(false);
    }
    expect(root.ca).toBe(true);
  });

  it("issues while tills are served: neither reads its key anew nor signs in JavaScript", () => {
    const slow = vi.spyOn(forge.pki, "privateKeyFromPem");
    issuer.issueTerminal({ terminalId: "terminal-2", publicKey, nowMs });
    expect(slow).not.toHaveBeenCalled();
    slow.mockRestore();
  });

  it("signs nothing that outlives itself, and says so beside it", () => {
    const endsAtMs = Date.parse(read(authority).validTo);
    const lastYear = endsAtMs - 100 * 86_400_000;
    const late = issuer.issueTerminal({ terminalId: "terminal-1", publicKey, nowMs: lastYear });
    expect(late.expiresAtMs).toBe(endsAtMs);
    expect(Date.parse(read(late).validTo)).toBe(endsAtMs);
  });

  it("names the gateway by an address of the sixth version too", () => {
    const named = read(issueServer(authority, { random, nowMs, hosts: ["::1", "2001:db8::7"] }));
    expect(named.checkIP("::1")).toBe("::1");
    expect(named.checkIP("2001:db8::7")).toBe("2001:db8::7");
  });

  it("names the gateway by the addresses that terminals call", () => {
    expect(read(server).checkHost("localhost")).toBe("localhost");
    expect(read(server).checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(read(server).checkHost("elsewhere")).toBeUndefined();
  });

  it("lets a terminal be a client alone, and the gateway a server alone", () => {
    expect(read(terminal).keyUsage).toEqual([CLIENT_AUTH]);
    expect(read(server).keyUsage).toEqual([SERVER_AUTH]);
  });

  it("tells a terminal from an agent", () => {
    expect(read(terminal).subject).toBe("CN=terminal-1\nOU=terminal");
    expect(read(agent).subject).toBe("CN=operator-1\nOU=agent");
    expect(read(agent).keyUsage).toEqual([CLIENT_AUTH]);
  });

  it("gives a terminal a year, and a day back for a clock that lags", () => {
    const { validFrom, validTo } = read(terminal);
    expect(Date.parse(validFrom)).toBe(NOW_MS - 86_400_000);
    expect(Date.parse(validTo)).toBe(NOW_MS + 365 * 86_400_000);
    expect(terminal.expiresAtMs).toBe(Date.parse(validTo));
  });

  it("says when a certificate ends in the whole seconds that stand in it", () => {
    const late = issuer.issueTerminal({ terminalId: "terminal-1", publicKey, nowMs: nowMs + 789 });
    expect(late.expiresAtMs).toBe(Date.parse(read(late).validTo));
  });

  it("certifies the key that a terminal made, and never learns its other half", () => {
    expect(String(read(terminal).publicKey.export(spki))).toBe(publicKey);
    expect(terminal).not.toHaveProperty("privateKey");
  });

  it("knows a certificate by the fingerprint that TLS reports", () => {
    const reported = read(terminal).fingerprint256.replaceAll(":", "").toLowerCase();
    expect(certificateFingerprint(terminal.certificate)).toBe(reported);
  });

  it("never gives the same serial number twice", () => {
    expect(new Set([authority, server, terminal].map((it) => read(it).serialNumber)).size).toBe(3);
  });

  it("makes a client's key beside the event loop, so that tills are served meanwhile", async () => {
    let turns = 0;
    setImmediate(() => {
      turns += 1;
    });
    await issuer.issueAgent({ agentId: "operator-2", nowMs });
    expect(turns).toBe(1);
  });
});
