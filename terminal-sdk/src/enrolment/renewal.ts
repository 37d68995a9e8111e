// Renews a terminal's credentials so that a crash at any step leaves one set that the gateway accepts.

import type { RenewalAnswer, RenewalConfirmationAnswer } from "@pass-tpe/protocol";
import type { Exchange } from "../client/exchange.js";
import { HttpClient } from "../client/http-client.js";
import type { TerminalClock } from "../clock.js";
import { identityOf, type TerminalCredentials } from "../credentials.js";
import { PassTpeError } from "../errors.js";
import type { EventHub } from "../events.js";
import type { PinPad } from "../pin/pad.js";
import { connectionError } from "../sale/connection-fault.js";
import { askForRenewal, confirmRenewal } from "./enrolment-request.js";
import { type RenewedCredentials, takeRenewed } from "./issued.js";
import { certificateRequest } from "./private-key.js";
import { isRefusal, problemError } from "./refusal.js";
import type { RenewalHome } from "./renewal-home.js";
import { expiryOf, isExpiring, isRenewalDue } from "./validity.js";

/** A lost answer leaves open which of the two certificates is good, so it is asked for again at once. */
const CONFIRMATION_TRIES_MAX = 2;

/** Runs what must not meet a sale. @throws PassTpeError `BUSY`, `CLOSED`. */
type Exclusively = <T>(run: () => Promise<T>) => Promise<T>;

interface RenewalParts {
  readonly gateway: string;
  /** The terminal's own connection, which speaks as the old credentials until the new ones are good. */
  readonly http: HttpClient;
  readonly credentials: TerminalCredentials;
  /** Null where the integrator gave credentials and no way to keep new ones. */
  readonly home: RenewalHome | null;
  readonly pinPad: PinPad | null;
  readonly clock: TerminalClock;
  readonly hub: EventHub;
  readonly timeoutMs: number;
  /** PEM, PKCS#8. */
  readonly newPrivateKey: () => Promise<string>;
}

export class Renewal {
  readonly #parts: RenewalParts;
  #credentials: TerminalCredentials;

  constructor(parts: RenewalParts) {
    this.#parts = parts;
    this.#credentials = parts.credentials;
  }

  get certificateExpiresAtMs(): number {
    return expiryOf(this.#credentials.certificate);
  }

  /** Whether it is time for new credentials. @param nowMs the gateway's time, as well as it is known. */
  isDue(nowMs: number): boolean {
    return isRenewalDue(this.#credentials.certificate, nowMs);
  }

  /** Whether somebody must act soon. */
  isExpiring(nowMs: number): boolean {
    return isExpiring(this.#credentials.certificate, nowMs);
  }

  /** Whether the gateway has answered a renewal that is not over: which credentials are good may be open. */
  async isUnsettled(): Promise<boolean> {
    return (await this.#parts.home?.pending())?.answer !== undefined;
  }

  /**
   * Takes up what an earlier run has left: the new credentials where the gateway accepts them, else the old ones.
   * Where it does not answer the old ones stay for now.
   */
  async resume(): Promise<void> {
    const { home, http, timeoutMs } = this.#parts;
    // Of no harm where they are in force already; what else it comes to, the first request shows.
    if (home?.mayHaveGivenUnconfirmed === true) await confirmRenewal({ http, timeoutMs });
    try {
      if (await this.isUnsettled()) await this.renew((run) => run());
    } catch {
      // Whatever it is keeps no terminal from opening: it is tried again at once, and told, when the terminal is open.
    }
  }

  /**
   * Gets a new certificate, and a PIN key where the pad takes one, keeps them, has the gateway take them up, and speaks as them. The same call again
   * goes on where one ended.
   *
   * @throws PassTpeError `OPTIONS_INVALID` where nothing can keep them, `BUSY`, `CLOSED`, `UNREACHABLE`, `REFUSED`,
   * `TERMINAL_AUTH_FAILED`, `GATEWAY_NOT_TRUSTED` or `CREDENTIALS_UNREADABLE`. The terminal goes on with the old
   * ones, or with those that the gateway took up.
   */
  async renew(exclusively: Exclusively): Promise<void> {
    const { home } = this.#parts;
    if (home === null) {
      const detail = "give keepCredentials with credentials, or the path of their file instead";
      throw new PassTpeError({ code: "OPTIONS_INVALID", detail });
    }
    const issued = (await this.#issuedBefore(home)) ?? (await this.#ask(home));
    await exclusively(() => this.#parts.http.alone(() => this.#takeUp(home, issued)));
  }

  async #issuedBefore(home: RenewalHome): Promise<RenewedCredentials | null> {
    const pending = await home.pending();
    if (pending?.answer === undefined) return null;
    try {
      return this.#taken(pending.answer, pending.privateKey);
    } catch {
      // Checked when it was kept: since then the credentials were exchanged for another terminal's.
      await home.removePending();
      return null;
    }
  }

  async #ask(home: RenewalHome): Promise<RenewedCredentials> {
    const { http, pinPad, timeoutMs, newPrivateKey } = this.#parts;
    const privateKey = (await home.pending())?.privateKey ?? (await newPrivateKey());
    await home.keepPending({ privateKey });
    const csr = certificateRequest(privateKey);
    // A new key in force, and another one in the pad, would refuse every PIN.
    const pinKey = pinPad?.installKey === undefined ? "keep" : "new";
    const request = { csr, pinKey } as const;
    const answer = answered(await askForRenewal({ http, request, timeoutMs }));
    const issued = this.#taken(answer, privateKey);
    await home.keepPending({ privateKey, answer });
    return issued;
  }

  #taken(answer: RenewalAnswer, privateKey: string): RenewedCredentials {
    const issued = takeRenewed({ answer, privateKey, ca: this.#credentials.ca });
    if (identityOf(issued.credentials) === identityOf(this.#credentials)) return issued;
    const detail = "the gateway answers with another terminal's certificate; tell its operator";
    throw new PassTpeError({ code: "GATEWAY_NOT_TRUSTED", detail });
  }

  /** The pending set goes last: until then the next try, or the next run, ends what is left to do. */
  async #takeUp(home: RenewalHome, { credentials, pinKey }: RenewedCredentials): Promise<void> {
    const { http, pinPad } = this.#parts;
    if (credentials.certificate !== this.#credentials.certificate) {
      const exchange = await this.#confirm(credentials);
      if (isRefusal(exchange)) await home.removePending();
      answered(exchange);
      http.use(credentials);
      this.#credentials = credentials;
    }
    await home.replace(credentials);
    if (pinKey !== null) await pinPad?.installKey?.(pinKey);
    await home.removePending();
    this.#parts.hub.emit("credentialsRenewed", {
      certificateExpiresAtMs: this.certificateExpiresAtMs,
    });
  }

  async #confirm(credentials: TerminalCredentials): Promise<Exchange<RenewalConfirmationAnswer>> {
    const { gateway, clock, timeoutMs } = this.#parts;
    const http = new HttpClient({ gateway, credentials, clock });
    try {
      let exchange = await confirmRenewal({ http, timeoutMs });
      for (let tries = 1; tries < CONFIRMATION_TRIES_MAX; tries += 1) {
        if (exchange.kind === "answer" || exchange.kind === "problem") break;
        exchange = await confirmRenewal({ http, timeoutMs });
      }
      return exchange;
    } finally {
      http.close();
    }
  }
}

function answered<T>(exchange: Exchange<T>): T {
  if (exchange.kind === "answer") return exchange.body;
  if (exchange.kind !== "problem") throw connectionError(exchange.reason);
  throw problemError(exchange, "The terminal tries again by itself");
}
