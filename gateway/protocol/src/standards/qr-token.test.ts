// Checks the QR token: what is signed is read back, and every other text is refused by name.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex } from "./bytes.js";
import { withLuhn } from "./card-number.js";
import { ed25519KeysFromSeed } from "./ed25519.js";
import {
  MAX_QR_TOKEN_LENGTH,
  parseQrToken,
  type QrToken,
  type QrTokenContent,
  signQrToken,
  verifyQrToken,
} from "./qr-token.js";

const { privateKey, publicKey } = ed25519KeysFromSeed(new Uint8Array(32));
const cardNumber = "4111111111111111";
const nonce = fromHex("0102030405060708");
const printed = signQrToken({ privateKey, token: { kind: "printed", keyId: "K1", cardNumber } });
const app = signQrToken({
  privateKey,
  token: { kind: "app", keyId: "K1", cardNumber, issuedAtSeconds: 1_760_000_000, nonce },
});

const anyContent: fc.Arbitrary<QrTokenContent> = fc
  .record({
    keyId: fc.stringMatching(/^[0-9A-Z]{1,8}$/),
    cardNumber: fc.stringMatching(/^[0-9]{15}$/).map(withLuhn),
    issuedAtSeconds: fc.integer({ min: 0, max: 99_999_999_999 }),
    nonce: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    kind: fc.constantFrom("printed", "app"),
  })
  .map(({ kind, keyId, cardNumber, ...own }) =>
    kind === "printed" ? { kind, keyId, cardNumber } : { kind: "app", keyId, cardNumber, ...own },
  );

function parsed(text: string): QrToken {
  const result = parseQrToken(text);
  if (!result.ok) throw new Error(`not a token: ${result.reason}`);
  return result.token;
}

describe("QR token", () => {
  it("is read back with everything the issuer put in, and verifies", () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        const text = signQrToken({ privateKey, token: content });
        const token = parsed(text);
        const expected =
          content.kind === "app" ? { ...content, nonce: Buffer.from(content.nonce) } : content;
        expect(token).toMatchObject(expected);
        expect(text.startsWith(`${token.signedText}.`)).toBe(true);
        expect(verifyQrToken({ token, publicKey })).toBe(true);
      }),
    );
  });

  it("stays in the QR alphanumeric set and under its length limit", () => {
    fc.assert(
      fc.property(anyContent, (token) => {
        const text = signQrToken({ privateKey, token });
        expect(text).toMatch(/^[0-9A-Z $%*+\-./:]+$/);
        expect(text.length).toBeLessThanOrEqual(161);
      }),
    );
  });

  it("has the fields in their places", () => {
    expect(printed).toMatch(/^PR1\.P\.K1\.4111111111111111\.[A-Z2-7]{103}$/);
    expect(app).toMatch(/^PR1\.A\.K1\.4111111111111111\.1760000000\.AEBAGBAFAYDQQ\.[A-Z2-7]{103}$/);
  });

  it("does not verify with any character changed", () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(printed, app)
          .chain((text) => fc.record({ text: fc.constant(text), at: fc.nat(text.length - 1) })),
        fc.constantFrom(..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.$%*+-/: "),
        ({ text, at }, character) => {
          fc.pre(text[at] !== character);
          const result = parseQrToken(`${text.slice(0, at)}${character}${text.slice(at + 1)}`);
          expect(result.ok && verifyQrToken({ token: result.token, publicKey })).toBe(false);
        },
      ),
    );
  });

  it("does not verify with the key of another issuer", () => {
    const other = ed25519KeysFromSeed(new Uint8Array(32).fill(7)).publicKey;
    expect(verifyQrToken({ token: parsed(printed), publicKey: other })).toBe(false);
  });

  it.each([
    { reason: "too-long", text: "PR1.P".padEnd(MAX_QR_TOKEN_LENGTH + 1, "A") },
    { reason: "other-programme", text: "" },
    { reason: "other-programme", text: "https://example.org/" },
    { reason: "other-programme", text: printed.replace("PR1", "PR2") },
    { reason: "other-programme", text: printed.toLowerCase() },
    { reason: "other-programme", text: ` ${printed}` },
    { reason: "unknown-kind", text: "PR1" },
    { reason: "unknown-kind", text: printed.replace(".P.", ".X.") },
    { reason: "wrong-parts", text: printed.replace(".P.", ".A.") },
    { reason: "wrong-parts", text: app.replace(".A.", ".P.") },
    { reason: "wrong-parts", text: `${printed}.` },
    { reason: "key-id", text: printed.replace(".K1.", "..") },
    { reason: "key-id", text: printed.replace(".K1.", ".K12345678.") },
    { reason: "key-id", text: printed.replace(".K1.", ".K-1.") },
    { reason: "card-number", text: printed.replace(cardNumber, "4111111111111112") },
    { reason: "issued-at", text: app.replace("1760000000", "01760000000") },
    { reason: "issued-at", text: app.replace("1760000000", "-1") },
    { reason: "issued-at", text: app.replace("1760000000", "1E9") },
    { reason: "issued-at", text: app.replace("1760000000", "100000000000") },
    { reason: "nonce", text: app.replace("AEBAGBAFAYDQQ", "AEBAGBAFAYDQ") },
    { reason: "nonce", text: app.replace("AEBAGBAFAYDQQ", "AEBAGBAFAYDQR") },
    { reason: "signature", text: printed.slice(0, -1) },
    { reason: "signature", text: `${printed}A` },
    { reason: "signature", text: `${printed}\n` },
  ])("is refused as $reason: $text", ({ reason, text }) => {
    expect(parseQrToken(text)).toEqual({ ok: false, reason });
  });

  it.each([
    { reason: "key-id", change: { keyId: "k1" } },
    { reason: "card-number", change: { cardNumber: "4111111111111112" } },
    { reason: "wrong-parts", change: { issuedAtSeconds: 1.5 } },
    { reason: "issued-at", change: { issuedAtSeconds: -1 } },
    { reason: "nonce", change: { nonce: new Uint8Array(7) } },
    { reason: "wrong-parts", change: { keyId: "K.1" } },
  ])("is never issued with a wrong $reason", ({ reason, change }) => {
    const token = { kind: "app", keyId: "K1", cardNumber, issuedAtSeconds: 1, nonce, ...change };
    expect(() => signQrToken({ privateKey, token: { ...token, kind: "app" } })).toThrow(reason);
  });

  it("answers any text without throwing", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 250 }), (text) => {
        expect(parseQrToken(text).ok).toBe(false);
      }),
    );
  });
});
