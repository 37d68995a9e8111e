// A gateway over real TLS that enrols and renews one terminal, loses answers on demand, and keeps what it was sent.

import { constants, createHash, type KeyObject, publicEncrypt, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { TLSSocket } from "node:tls";
import type { RenewalAnswer } from "@pass-tpe/protocol";
import { authorityHash, formatActivationCode } from "@pass-tpe/protocol/standards";
import { answer, approve, type Behaviour, problem } from "./fake-gateway.js";
import { PROFILE } from "./fixtures.js";
import { TestAuthority } from "./test-authority.js";

const SECRET = "0123456789ABCDEF";

interface Received {
  readonly path: string;
  readonly body: Record<string, unknown>;
  /** SHA-256 of the caller's certificate, hex; null without one. */
  readonly caller: string | null;
}

interface IssuedHere {
  readonly answer: RenewalAnswer;
  readonly publicKey: string;
  readonly fingerprint: string;
}

interface GatewayOptions {
  readonly authority?: TestAuthority;
  /** The authority that it shows, where that is not the one which certified it. */
  readonly shows?: string;
  readonly hosts?: readonly string[];
}

export class EnrolmentGateway {
  readonly authority: TestAuthority;
  readonly received: Received[] = [];
  /** The plain initial keys that were given out, by their id. */
  readonly pinKeys = new Map<string, string>();
  /** Answers to paths that end like this are decided and lost, so many times. */
  readonly losing: { ending: string; times: number } = { ending: "", times: 0 };
  /** In place of what a path that ends like this answers. */
  instead: { ending: string; behaviour: Behaviour } | null = null;
  /** Changes what is issued. */
  tamper: (answer: RenewalAnswer) => RenewalAnswer = (same) => same;
  sales: Behaviour = approve;
  profile: Behaviour = answer(PROFILE);
  /** Of the certificates it issues. */
  commonName = "T1";
  validDays = 365;
  /** Called with the path of each request, before it is decided. */
  onRequest: (path: string) => void = () => undefined;
  readonly #server: Server;
  #inForce: IssuedHere | null = null;
  #renewing: IssuedHere | null = null;
  #enrolled: IssuedHere | null = null;

  private constructor(options: GatewayOptions) {
    const { hosts = ["127.0.0.1"], shows } = options;
    this.authority = options.authority ?? new TestAuthority();
    const { certificate, privateKey } = this.authority.issue({ commonName: "gateway", hosts });
    const cert = `${certificate}${shows ?? this.authority.certificate}`;
    const asked = { requestCert: true, rejectUnauthorized: false };
    this.#server = createServer(
      { key: privateKey, cert, ca: this.authority.certificate, ...asked },
      (request, response) => void this.#serve(request, response),
    );
    this.#server.on("tlsClientError", () => undefined);
  }

  static async start(options: GatewayOptions = {}): Promise<EnrolmentGateway> {
    const gateway = new EnrolmentGateway(options);
    await new Promise<void>((resolve) => gateway.#server.listen(0, "127.0.0.1", resolve));
    return gateway;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get code(): string {
    const hash = authorityHash(this.authority.der);
    return formatActivationCode({ secret: SECRET, authorityHash: hash });
  }

  /** Of the certificate in force. */
  get fingerprint(): string | null {
    return this.#inForce?.fingerprint ?? null;
  }

  sentTo(ending: string): Received[] {
    return this.received.filter(({ path }) => path.endsWith(ending));
  }

  /** As if the code had never been used. */
  forgetEnrolment(): void {
    this.#enrolled = null;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const text = Buffer.concat(chunks).toString();
    const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    const path = request.url ?? "";
    const received = { path, body, caller: callerOf(request) };
    this.received.push(received);
    this.onRequest(path);
    const behaviour = this.#decide(received);
    const { losing } = this;
    if (losing.times > 0 && path.endsWith(losing.ending)) {
      losing.times -= 1;
      request.socket.destroy();
      return;
    }
    behaviour({ method: request.method ?? "", path, body }, response);
  }

  #decide({ path, body, caller }: Received): Behaviour {
    if (this.instead !== null && path.endsWith(this.instead.ending)) return this.instead.behaviour;
    const csr = String(body["csr"]);
    if (path === "/v1/terminals/enrolments") return this.#enrol(String(body["secret"]), csr);
    if (path === "/v1/terminal/renewal/confirmation") return this.#confirm(caller);
    if (caller === null || caller !== this.#inForce?.fingerprint) {
      return problem(401, "TERMINAL_AUTH_FAILED");
    }
    if (path === "/v1/terminal/renewal") {
      this.#renewing = this.#again(this.#renewing, csr) ?? this.#issue(csr, body["pinKey"]);
      return answer(this.tamper(this.#renewing.answer));
    }
    return path === "/v1/terminal" ? this.profile : this.sales;
  }

  #enrol(secret: string, csr: string): Behaviour {
    if (secret !== SECRET) return problem(403, "TERMINAL_NOT_AUTHORISED");
    if (this.#enrolled !== null && this.#again(this.#enrolled, csr) === null) {
      return problem(403, "TERMINAL_NOT_AUTHORISED");
    }
    this.#enrolled ??= this.#issue(csr);
    this.#inForce = this.#enrolled;
    return answer(this.tamper(this.#enrolled.answer));
  }

  #confirm(caller: string | null): Behaviour {
    if (caller !== null && caller === this.#renewing?.fingerprint) this.#inForce = this.#renewing;
    if (caller === null || caller !== this.#inForce?.fingerprint) {
      return problem(401, "TERMINAL_AUTH_FAILED");
    }
    const { terminalId, certificateExpiresAtMs } = this.#inForce.answer;
    return answer({ terminalId, certificateExpiresAtMs });
  }

  #again(before: IssuedHere | null, csr: string): IssuedHere | null {
    if (before === null) return null;
    const { publicKey } = this.authority.certify(csr, { commonName: "T1" });
    return spki(publicKey) === before.publicKey ? before : null;
  }

  #issue(csr: string, pinKeyAsked: unknown = "new"): IssuedHere {
    const { certificate, publicKey } = this.authority.certify(csr, this);
    const pinKey = pinKeyAsked === "keep" ? {} : { pinKey: this.#newPinKey(publicKey) };
    return {
      publicKey: spki(publicKey),
      fingerprint: fingerprintOf(derOf(certificate)),
      answer: {
        terminalId: "T1",
        pointOfSaleId: "S1",
        ca: this.authority.certificate,
        certificate,
        certificateExpiresAtMs: Date.now() + this.validDays * 24 * 3_600_000,
        ...pinKey,
        serverTimeMs: Date.now(),
      },
    };
  }

  #newPinKey(key: KeyObject) {
    const initialKey = randomBytes(16);
    const initialKeyId = randomBytes(8).toString("hex").toUpperCase();
    this.pinKeys.set(initialKeyId, initialKey.toString("hex"));
    const wrap = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
    return { initialKeyId, wrappedKey: publicEncrypt(wrap, initialKey).toString("base64") };
  }
}

/** SHA-256 of a certificate, hex. */
export function fingerprintOf(der: Buffer): string {
  return createHash("sha256").update(der).digest("hex");
}

/** A certificate's DER out of its PEM. */
export function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ""), "base64");
}

function spki(key: KeyObject): string {
  return key.export({ format: "der", type: "spki" }).toString("base64");
}

function callerOf({ socket }: IncomingMessage): string | null {
  if (!(socket instanceof TLSSocket)) return null;
  const { raw } = socket.getPeerCertificate();
  return raw === undefined ? null : fingerprintOf(raw);
}
