// The authority's certificates: what Node's own verification says of them.

import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { NOW_MS } from "../../../tests/support/builders.js";
import { seededRandom } from "../../../tests/support/random.js";
import {
  certificateFingerprint,
  createAuthority,
  issueAgent,
  issueServer,
  issueTerminal,
} from "./authority.js";

const options = { random: seededRandom(5), nowMs: NOW_MS };
const authority = createAuthority(options);
const server = issueServer(authority, { ...options, hosts: ["localhost", "127.0.0.1"] });
const terminal = await issueTerminal(authority, { ...options, terminalId: "terminal-1" });
const agent = await issueAgent(authority, { ...options, agentId: "operator-1" });
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
    await issueAgent(authority, { ...options, agentId: "operator-2" });
    expect(turns).toBe(1);
  });
});
