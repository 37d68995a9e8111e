// The life of a terminal's credentials: who may have some is the store's to say, what they are the key store's.

import { createHash, X509Certificate } from "node:crypto";
import type { EnrolmentAnswer, RenewalAnswer } from "@pass-tpe/protocol";
import {
  ACTIVATION_SECRET_BYTES,
  activationSecret,
  authorityHash,
  formatActivationCode,
} from "@pass-tpe/protocol/standards";
import type { Agent } from "./core/loading/event.js";
import type { Clock, Random } from "./core/ports.js";
import { certificateFingerprint } from "./crypto/authority.js";
import { readCertificateRequest } from "./crypto/certificate-request.js";
import type { KeyStore } from "./crypto/key-store.js";
import type { ActivationAsked, ActivationResult } from "./http/operators/ports.js";
import type { Enrolment } from "./http/terminals/ports.js";
import type { EmbeddedStore } from "./store/engine.js";
import type { Issued, Renewed } from "./store/terminals/driver.js";
import type { Enrolled, Renewal } from "./store/terminals/steps.js";
import { type Act, TERMINAL, trailRow } from "./trail.js";

const MINUTE_MS = 60_000;

export interface TerminalLife extends Enrolment {
  /** Makes a code of one use. The terminal's earlier one is void. */
  makeActivationCode(asked: ActivationAsked, by: Agent): Promise<ActivationResult>;
}

/** Builds the life of terminals over a store. The key store makes what is issued inside the store's transaction. */
export function createTerminalLife(parts: {
  readonly store: Pick<EmbeddedStore, "terminals" | "checkClock">;
  readonly keys: Pick<KeyStore, "authority" | "pins">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly random: Random;
}): TerminalLife {
  const { keys, clock, random } = parts;
  const { terminals, checkClock } = parts.store;
  const ca = keys.authority.certificate;

  /** The instant that is stamped on what is issued. @throws ClosedError by a clock that jumped. */
  function stampMs(): number {
    checkClock();
    return clock.nowMs();
  }

  const trailOf = (type: Act["type"], nowMs: number) => (it: Enrolled | Renewal) => {
    const notes = issuedNotes(keys, { pointOfSaleId: it.pointOfSaleId, ...it.issued });
    const act = { type, subject: it.terminalId, by: TERMINAL, nowMs, notes };
    return trailRow({ ...act, came: { outcome: "applied" } }, random);
  };

  function answerOf({ terminalId, pointOfSaleId, issued }: Enrolled | Renewal) {
    const { certificate, certificateExpiresAtMs } = issued;
    const serverTimeMs = clock.nowMs();
    return { terminalId, pointOfSaleId, ca, certificate, certificateExpiresAtMs, serverTimeMs };
  }

  const accepts = (initialKeyId: string) => keys.pins.baseVersionOf(initialKeyId) !== null;

  /** Wrapped anew each time: the store keeps no key, in whatever envelope. */
  const pinKeyOf = (initialKeyId: string, recipient: string) => ({
    initialKeyId,
    wrappedKey: keys.pins.wrapInitialKey({ initialKeyId, recipient }),
  });

  return {
    async makeActivationCode({ terminalId, pointOfSaleId, validMinutes }, by) {
      const secret = activationSecret(random.bytes(ACTIVATION_SECRET_BYTES));
      const nowMs = stampMs();
      const expiresAtMs = nowMs + validMinutes * MINUTE_MS;
      const notes = [
        `pointOfSale ${pointOfSaleId}`,
        `until ${new Date(expiresAtMs).toISOString()}`,
      ];
      const act = { type: "terminal.code-made", subject: terminalId, by, nowMs, notes } as const;
      const row = trailRow({ ...act, came: { outcome: "applied" } }, random);
      const code = { terminalId, pointOfSaleId, digest: digestOf(secret), expiresAtMs };
      const type = await terminals.makeCode(code, row);
      if (type !== "made") return { type };
      const trusted = authorityHash(new X509Certificate(ca).raw);
      const activationCode = formatActivationCode({ secret, authorityHash: trusted });
      return { type, activationCode, expiresAtMs };
    },

    async enrol({ secret, csr }) {
      const asking = readCertificateRequest(csr);
      if (asking.type === "refused") return { type: "malformed", reason: asking.reason };
      const { publicKey, keyHash } = asking;
      const nowMs = stampMs();
      const enrolled = await terminals.enrol({
        digest: digestOf(secret),
        keyHash,
        nowMs,
        issue: (terminalId) => ({
          ...certificateFor({ keys, terminalId, publicKey, nowMs }),
          initialKeyId: keys.pins.drawInitialKeyId(),
        }),
        trailOf: trailOf("terminal.enrolled", nowMs),
      });
      // A lost answer that is asked for again after its base key was retired: another code gives another key.
      if (enrolled === null || !accepts(enrolled.issued.initialKeyId)) {
        return { type: "refused" };
      }
      const pinKey = pinKeyOf(enrolled.issued.initialKeyId, publicKey);
      const answer: EnrolmentAnswer = { ...answerOf(enrolled), pinKey };
      return { type: "issued", answer };
    },

    async renew({ terminalId, certificate: certificateFingerprint }, request) {
      const asking = readCertificateRequest(request.csr);
      if (asking.type === "refused") return { type: "malformed", reason: asking.reason };
      const { publicKey, keyHash } = asking;
      const keepsPinKey = request.pinKey === "keep";
      const nowMs = stampMs();
      const renewal = await terminals.renew({
        terminalId,
        certificateFingerprint,
        keyHash,
        nowMs,
        mayRepeat: ({ initialKeyId: before }) =>
          before === null ? keepsPinKey : !keepsPinKey && accepts(before),
        issue: () => ({
          ...certificateFor({ keys, terminalId, publicKey, nowMs }),
          initialKeyId: keepsPinKey ? null : keys.pins.drawInitialKeyId(),
        }),
        trailOf: trailOf("terminal.renewed", nowMs),
      });
      if (renewal === null) return { type: "refused" };
      const { initialKeyId } = renewal.issued;
      const pinKey = initialKeyId === null ? {} : { pinKey: pinKeyOf(initialKeyId, publicKey) };
      const answer: RenewalAnswer = { ...answerOf(renewal), ...pinKey };
      return { type: "issued", answer };
    },

    async confirm({ terminalId, certificate: certificateFingerprint }) {
      const nowMs = stampMs();
      const row = trailOf("terminal.renewal-confirmed", nowMs);
      return terminals.confirm({
        terminalId,
        certificateFingerprint,
        nowMs,
        mayPutInForce: ({ initialKeyId: own }) => own === null || accepts(own),
        trailOf: row,
      });
    },

    renewing: (certificate) => terminals.renewing(certificate),
  };
}

/** What the audit trail says of what was issued: which point of sale, certificate, PIN key, and its base key's version. */
export function issuedNotes(
  { pins }: Pick<KeyStore, "pins">,
  issued: Pick<Renewed, "certificateFingerprint" | "initialKeyId"> & {
    readonly pointOfSaleId: string;
  },
): readonly string[] {
  const { pointOfSaleId, certificateFingerprint: certificate, initialKeyId } = issued;
  const made = [`pointOfSale ${pointOfSaleId}`, `certificate ${certificate}`];
  if (initialKeyId === null) return [...made, "initialKey kept"];
  return [
    ...made,
    `initialKey ${initialKeyId}`,
    `pinBase version ${pins.baseVersionOf(initialKeyId)}`,
  ];
}

/** Of a secret of 80 random bits: no slow hash is needed to keep it from being found. */
function digestOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** The act of issuing, as it is kept. */
function certificateFor(input: {
  readonly keys: Pick<KeyStore, "authority">;
  readonly terminalId: string;
  readonly publicKey: string;
  readonly nowMs: number;
}): Omit<Issued, "keyHash" | "initialKeyId"> {
  const { keys, ...subject } = input;
  const { certificate, expiresAtMs } = keys.authority.issueTerminal(subject);
  return {
    certificate,
    certificateFingerprint: certificateFingerprint(certificate),
    certificateExpiresAtMs: expiresAtMs,
  };
}
