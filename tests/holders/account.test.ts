// The account itself: who gets in, how often wrong passwords are looked at, and what nobody can tell from outside.

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Pupil } from "../operators/events.js";
import { type Heard, type HoldersGateway, PASSWORD, startHoldersGateway } from "./rig.js";

/** A hundred requests over TLS and some slow hashes, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS });

const DAY_MS = 24 * 3_600_000;
const OTHER_PASSWORD = "une autre phrase bien à moi";

let running: HoldersGateway;
beforeAll(async () => {
  running = await startHoldersGateway();
  // Before any test moves the clock: certificates begin at the gateway's instant.
  for (const who of ["region", "lycee"] as const) await running.as(who);
});
afterAll(() => running.stop());

const stateOf = ({ id: dossier }: Pick<Pupil, "id">, password = PASSWORD) =>
  running.ask("/v1/account/pin-state", { dossier, password });
const open = (dossier: string, openingCode: string, password = PASSWORD) =>
  running.ask("/v1/account/opening", { dossier, openingCode, password });
const codesOf = (answers: readonly Heard[]) => answers.map(({ body }) => body["code"] ?? "DONE");

describe("an opening code", () => {
  test("opens an account once, however it is typed", async () => {
    const { id } = await running.pupil();
    const code = await running.invite(id);
    const typed = ` ${code.toLowerCase().replaceAll("-", " ")}`;
    expect([await open(id, typed), await open(id, code)]).toMatchObject([
      { status: 200, body: { account: "OPEN" } },
      {
        status: 403,
        body: {
          code: "LOGIN_FAILED",
          message: expect.stringMatching(/code d'ouverture incorrect/),
        },
      },
    ]);
  });

  test("opens nobody else's account, nor one that was invited again, nor after a week", async () => {
    const [one, other] = [await running.pupil(), await running.pupil()];
    const code = await running.invite(one.id);
    expect(await open(other.id, code)).toMatchObject({ status: 403 });
    const newer = await running.invite(one.id);
    expect(await open(one.id, code)).toMatchObject({ status: 403 });
    running.advance(7 * DAY_MS);
    expect(await open(one.id, newer)).toMatchObject({ status: 403 });
  });

  test("gives another password where one was forgotten; the old one holds until then", async () => {
    const pupil = await running.openedPupil();
    const code = await running.invite(pupil.id);
    expect(await stateOf(pupil)).toMatchObject({ status: 200 });
    await open(pupil.id, code, OTHER_PASSWORD);
    expect([await stateOf(pupil), await stateOf(pupil, OTHER_PASSWORD)]).toMatchObject([
      { status: 403 },
      { status: 200 },
    ]);
  });

  test("is not used up by a password that is too easy", async () => {
    const { id } = await running.pupil();
    const code = await running.invite(id);
    expect([
      await open(id, code, "trop court"),
      await open(id, code, `mon dossier ${id}`),
      await open(id, code, "Motdepasse2007"),
      await open(id, code),
    ]).toMatchObject([
      {
        status: 422,
        body: {
          code: "PASSWORD_REFUSED",
          reason: "short",
          message: expect.stringMatching(/12 caractères/),
        },
      },
      {
        status: 422,
        body: { reason: "dossier", message: expect.stringMatching(/numéro de dossier/) },
      },
      { status: 422, body: { reason: "common", message: expect.stringMatching(/en premier/) } },
      { status: 200 },
    ]);
  });

  test("is made by the Région and the operator, for a beneficiary, with a birth date", async () => {
    const { id } = await running.pupil();
    const body = { birthDay: "2007-03-29" };
    const ask = async (who: "region" | "lycee", dossier: string, sent: object = body) =>
      (await (await running.as(who)).post(`/v1/beneficiaries/${dossier}/account`, sent)).body;
    expect(await ask("region", id)).toMatchObject({
      beneficiary: id,
      openingCode: expect.stringMatching(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/),
      expiresAt: expect.stringMatching(/Z$/),
    });
    expect(await ask("lycee", id)).toMatchObject({ code: "NOT_ALLOWED" });
    expect(await ask("region", "D-NOBODY")).toMatchObject({ code: "UNKNOWN_SUBJECT" });
    expect(await ask("region", id, {})).toMatchObject({ code: "FORMAT_ERROR" });
  });
});

describe("wrong passwords", () => {
  test("a hundred at once are looked at five times, and then the right one waits too", async () => {
    const pupil = await running.openedPupil();
    const guesses = Array.from({ length: 100 }, (_, index) =>
      stateOf(pupil, `${PASSWORD}${index}`),
    );
    const codes = codesOf(await Promise.all(guesses));
    expect(codes.filter((code) => code === "LOGIN_FAILED")).toHaveLength(5);
    expect(codes.filter((code) => code === "TOO_MANY_TRIES")).toHaveLength(95);
    expect(await stateOf(pupil)).toMatchObject({
      status: 429,
      headers: { "retry-after": "60" },
      body: { code: "TOO_MANY_TRIES", message: "Trop d'essais. Réessaie dans 1 minute." },
    });
    running.advance(60_000);
    expect(codesOf([await stateOf(pupil, "no"), await stateOf(pupil)])).toEqual([
      "LOGIN_FAILED",
      "TOO_MANY_TRIES",
    ]);
    running.advance(120_000);
    expect(
      codesOf([await stateOf(pupil), await stateOf(pupil, "no"), await stateOf(pupil)]),
    ).toEqual(["DONE", "LOGIN_FAILED", "DONE"]);
  });

  test("are counted by dossier, however it is typed; so is the right one let in", async () => {
    const pupil = await running.openedPupil();
    const spellings = [pupil.id.toLowerCase(), ` ${pupil.id} `, pupil.id];
    const wrong = [];
    for (const id of [...spellings, ...spellings]) wrong.push(await stateOf({ id }, "no"));
    expect(codesOf(wrong)).toEqual([
      ...Array.from({ length: 5 }, () => "LOGIN_FAILED"),
      "TOO_MANY_TRIES",
    ]);
    const code = await running.invite(pupil.id);
    const [lower = ""] = spellings;
    const opened = [await open(lower, code, OTHER_PASSWORD), await stateOf(pupil, OTHER_PASSWORD)];
    expect([
      ...codesOf(opened),
      ...codesOf([await stateOf({ id: lower }, OTHER_PASSWORD)]),
    ]).toEqual(["DONE", "DONE", "DONE"]);
  });

  test("are still counted after a restart", async () => {
    const own = await startHoldersGateway();
    try {
      const { id: dossier } = await own.openedPupil();
      const login = { dossier, password: "pas le bon mot de passe" };
      for (const _ of [1, 2, 3, 4, 5]) await own.ask("/v1/account/pin-state", login);
      await own.restart();
      const path = "/v1/account/pin-state";
      expect(codesOf([await own.ask(path, { dossier, password: PASSWORD })])).toEqual([
        "TOO_MANY_TRIES",
      ]);
    } finally {
      await own.stop();
    }
  });
});

test("who is kept out by somebody else's tries is let in again by an office", async () => {
  const pupil = await running.openedPupil();
  for (const _ of [1, 2, 3, 4, 5]) await stateOf(pupil, "pas le bon mot de passe");
  const before = await stateOf(pupil);
  const code = await running.invite(pupil.id);
  expect(codesOf([before, await stateOf(pupil)])).toEqual(["TOO_MANY_TRIES", "DONE"]);
  for (const _ of [1, 2, 3, 4, 5]) await stateOf(pupil, "pas le bon mot de passe");
  expect(codesOf([await stateOf(pupil), await open(pupil.id, code, OTHER_PASSWORD)])).toEqual([
    "TOO_MANY_TRIES",
    "DONE",
  ]);
});

describe("from outside", () => {
  /** All that is heard of a refusal, but for the instant. */
  const heardOf = ({ status, headers: { date: _, ...headers }, body }: Heard) => ({
    status,
    headers,
    body,
  });

  test("an unknown dossier, one without account and a wrong password are told alike, try by try", async () => {
    const withAccount = await running.openedPupil();
    const without = await running.pupil();
    const invited = await running.pupil();
    await running.invite(invited.id);
    const strangers = { id: "D-0000000000" };
    for (const ask of [
      (pupil: { readonly id: string }) => stateOf(pupil, "pas le bon mot de passe"),
      (pupil: { readonly id: string }) => open(pupil.id, "0000-0000-0000-0000"),
      (pupil: { readonly id: string }) => running.setPin(pupil, "7294", "pas le bon mot de passe"),
    ]) {
      const heard = [];
      for (const pupil of [withAccount, without, invited, strangers]) {
        const tries = [];
        for (const _ of [1, 2, 3]) tries.push(heardOf(await ask(pupil)));
        heard.push(tries);
      }
      for (const other of heard.slice(1)) expect(other).toEqual(heard[0]);
    }
  });

  test("an answer is kept by nobody, and no other site's page may ask", async () => {
    const { headers } = await stateOf(await running.openedPupil());
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    for (const name of ["set-cookie", "access-control-allow-origin", "etag", "x-powered-by"]) {
      expect(headers).not.toHaveProperty(name);
    }
  });

  test.each([
    [400, "{"],
    [400, "{}"],
    [400, JSON.stringify({ dossier: "D-1", password: "x", pin: "1234", admin: true })],
    [400, JSON.stringify({ dossier: { $ne: "" }, password: "x", pin: "1234" })],
    [413, JSON.stringify({ dossier: "D-1", password: "x".repeat(4_096), pin: "1234" })],
  ])("%i for a body that is not as it should be, in French too", async (status, body) => {
    const answer = await running.askRaw({ path: "/v1/account/pin", body });
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(answer.text)).toMatchObject({
      code: "FORMAT_ERROR",
      message: "La demande n'est pas complète.",
    });
    expect(answer.text).not.toContain("D-1");
  });

  test("nothing else is there, nor by another method", async () => {
    for (const [path, method] of [
      ["/v1/account/pin", "GET"],
      ["/v1/events", "POST"],
      ["/v1/authorizations", "POST"],
    ] as const) {
      const { status, text } = await running.askRaw({ path, method });
      expect([status, JSON.parse(text).code]).toEqual([404, "OPERATION_NOT_SUPPORTED"]);
    }
  });

  test("one address is served so often a minute", async () => {
    const own = await startHoldersGateway({ holderRequestsPerMinute: 3 });
    try {
      const answers = [];
      for (const _ of [1, 2, 3, 4]) answers.push(await own.ask("/v1/account/pin-state", {}));
      expect(codesOf(answers)).toEqual([
        "FORMAT_ERROR",
        "FORMAT_ERROR",
        "FORMAT_ERROR",
        "RATE_LIMITED",
      ]);
      expect(answers[3]).toMatchObject({
        status: 429,
        headers: { "retry-after": expect.stringMatching(/^\d+$/) },
      });
    } finally {
      await own.stop();
    }
  });
});
