// What becomes of an answer that is asked for again when the key in it is not accepted any more.

import { beforeAll, expect, it, onTestFinished } from "vitest";
import { newDevice, secretOf } from "../../tests/support/device.js";
import { seededRandom } from "../../tests/support/random.js";
import { openShop, type Shop } from "../../tests/support/shop.js";
import { certificateFingerprint, createAuthority } from "./crypto/authority.js";
import { drawKeys, type KeyMaterial } from "./crypto/key-file.js";
import { retire, rotate } from "./crypto/rotation.js";
import { softwareKeys } from "./crypto/software-keys.js";
import { createTerminalLife } from "./enrolment.js";
import { memoryDriver } from "./store/memory/driver.js";

const TIMEOUT_MS = 60_000;
const random = seededRandom(23);
const first = drawKeys(random);
/** Initial keys of the first version are not accepted under these. */
const retired = withoutFirstBaseKey();

let authority: ReturnType<typeof createAuthority>;
let device: Awaited<ReturnType<typeof newDevice>>;
beforeAll(async () => {
  authority = createAuthority({ random, nowMs: Date.now() });
  device = await newDevice();
}, TIMEOUT_MS);

function rotatedOnce(): KeyMaterial {
  const rotated = rotate(first, "pinBase", random);
  if (rotated.type === "refused") throw new Error(rotated.detail);
  return rotated.keys;
}

function withoutFirstBaseKey(): KeyMaterial {
  const result = retire(rotatedOnce(), "pinBase", { version: 1, pinsUnder: 0 });
  if (result.type === "refused") throw new Error(result.detail);
  return result.keys;
}

/** The life of a shop's terminals, at a gateway that was started with these keys. */
function lifeOf({ store, clock }: Shop, material: KeyMaterial) {
  const keys = softwareKeys({ file: { ...material, authority }, random });
  return createTerminalLife({ store, keys, clock, random });
}

async function enrolled() {
  const shop = await openShop(memoryDriver());
  onTestFinished(() => shop.store.close());
  const life = lifeOf(shop, first);
  const asked = { terminalId: "T-1", pointOfSaleId: "pos-1", validMinutes: 60 };
  const operator = { id: "operator-1", role: "operator", etablissement: null } as const;
  const made = await life.makeActivationCode(asked, operator);
  if (made.type !== "made") throw new Error(made.type);
  const request = { secret: secretOf(made.activationCode), csr: device.csr };
  const issuance = await life.enrol(request);
  if (issuance.type !== "issued") throw new Error(issuance.type);
  const certificate = certificateFingerprint(issuance.answer.certificate);
  return { shop, life, request, shown: { terminalId: "T-1", certificate } };
}

it("an enrolment is refused, as for any code that cannot be used: the operator makes another", async () => {
  const { shop, life, request } = await enrolled();
  expect(await life.enrol(request)).toMatchObject({ type: "issued" });
  expect(await lifeOf(shop, retired).enrol(request)).toEqual({ type: "refused" });
});

it("a renewal is issued anew, under a key that is accepted", async () => {
  const { shop, life, shown } = await enrolled();
  const request = { csr: device.csr };
  const before = await life.renew(shown, request);
  if (before.type !== "issued") throw new Error(before.type);
  expect(await life.renew(shown, request)).toMatchObject({
    answer: { certificate: before.answer.certificate },
  });
  const after = await lifeOf(shop, retired).renew(shown, request);
  if (after.type !== "issued") throw new Error(after.type);
  const keyOf = (it: typeof after) => it.answer.pinKey?.initialKeyId.slice(0, 8);
  expect(keyOf(after)).toBe(retired.pinBaseKeys[0]?.id.toUpperCase());
  expect(keyOf(after)).not.toBe(keyOf(before));
});

it("a renewal that keeps the PIN key is the same again: there is no key in it", async () => {
  const { shop, life, shown } = await enrolled();
  const request = { csr: device.csr, pinKey: "keep" } as const;
  const before = await life.renew(shown, request);
  if (before.type !== "issued") throw new Error(before.type);
  expect(before.answer).not.toHaveProperty("pinKey");
  expect(await lifeOf(shop, retired).renew(shown, request)).toMatchObject({
    answer: { certificate: before.answer.certificate },
  });
});

it("a renewal is not put in force under a key that is not accepted any more", async () => {
  const { shop, life, shown } = await enrolled();
  const issuance = await life.renew(shown, { csr: device.csr });
  if (issuance.type !== "issued") throw new Error(issuance.type);
  const certificate = certificateFingerprint(issuance.answer.certificate);
  const renewed = { ...shown, certificate };
  expect(await lifeOf(shop, retired).confirm(renewed)).toBeNull();
  expect(await life.confirm(renewed)).toMatchObject({ terminalId: "T-1" });
});

it("the trail names the base key that an initial key is under, whichever is current", async () => {
  const { shop, life, shown } = await enrolled();
  const issuance = await life.renew(shown, { csr: device.csr });
  if (issuance.type !== "issued") throw new Error(issuance.type);
  const certificate = certificateFingerprint(issuance.answer.certificate);
  await lifeOf(shop, rotatedOnce()).confirm({ ...shown, certificate });
  const versions: (string | undefined)[] = [];
  for await (const { type, notes } of shop.driver.events({ subject: "T-1" })) {
    if (type.startsWith("terminal.rene"))
      versions.push(notes.find((it) => it.startsWith("pinBase")));
  }
  expect(versions).toEqual(["pinBase version 1", "pinBase version 1"]);
});
