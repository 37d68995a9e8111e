// The verbs of a terminal's life: enrol, list, revoke.

import { z } from "zod";
import { EXIT_OK, needed } from "../command.js";
import { json, parsed } from "../settlement/gateway-client.js";
import { type Values, type Verb, wholeOf } from "./verb.js";

const terminalPath = (id: string) => `/v1/terminals/${encodeURIComponent(id)}`;

/** For programs, the answer as it came; for people, what they need of it. */
function tell(answer: object, { json: asJson }: Values, lines: readonly string[]): number {
  process.stdout.write(
    asJson ? `${JSON.stringify(answer)}\n` : lines.map((it) => `${it}\n`).join(""),
  );
  return EXIT_OK;
}

const isoOf = (atMs: number) => new Date(atMs).toISOString();

const CodeSchema = z.looseObject({
  terminalId: z.string(),
  pointOfSaleId: z.string(),
  activationCode: z.string(),
  expiresAtMs: z.int(),
});

export const enrol: Verb = {
  words: 1,
  options: ["point-of-sale", "valid-minutes"],
  prepare([id], values) {
    const path = `${terminalPath(needed(id, "TERMINAL"))}/activation-codes`;
    const pointOfSale = needed(values["point-of-sale"], "--point-of-sale");
    const minutes = values["valid-minutes"];
    const validMinutes =
      minutes === undefined ? {} : { validMinutes: wholeOf(minutes, "--valid-minutes") };
    return {
      async ask(client) {
        const made = parsed(
          CodeSchema,
          await client.post(path, json({ pointOfSale, ...validMinutes })),
        );
        return tell(made, values, [
          `activation code  ${made.activationCode}`,
          `terminal         ${made.terminalId} at ${made.pointOfSaleId}`,
          `good until       ${isoOf(made.expiresAtMs)}, once`,
          "on the device    enrolTerminal({ gateway, activationCode, credentials, pinKeyFile })",
        ]);
      },
      again: "Give the same command again: only the last code that was made is good.",
    };
  },
};

const RevokedSchema = z.looseObject({ id: z.string(), status: z.string() });

export const revoke: Verb = {
  words: 1,
  options: [],
  prepare([id], values) {
    const path = `${terminalPath(needed(id, "TERMINAL"))}/revocation`;
    return {
      async ask(client) {
        const answer = parsed(RevokedSchema, await client.post(path, json({})));
        return tell(answer, values, [`${answer.id}  ${answer.status}`]);
      },
    };
  },
};

const InstantSchema = z.int().nullable();
const ListSchema = z.looseObject({
  terminals: z.array(
    z.looseObject({
      id: z.string(),
      pointOfSaleId: z.string(),
      status: z.string(),
      enrolledAtMs: InstantSchema,
      certificateExpiresAtMs: InstantSchema,
      renewalAskedAtMs: InstantSchema,
    }),
  ),
});

export const list: Verb = {
  words: 0,
  options: ["partner"],
  prepare(_words, values) {
    const partner = needed(values.partner, "--partner");
    return {
      async ask(client) {
        const path = `/v1/terminals?partner=${encodeURIComponent(partner)}`;
        const answer = parsed(ListSchema, await client.get(path));
        return tell(answer, values, answer.terminals.map(lineOf));
      },
    };
  },
};

type Listed = z.infer<typeof ListSchema>["terminals"][number];

function lineOf(terminal: Listed): string {
  const { id, pointOfSaleId, status } = terminal;
  const { enrolledAtMs, certificateExpiresAtMs, renewalAskedAtMs } = terminal;
  const instant = (what: string, atMs: number | null) =>
    atMs === null ? [] : [`${what} ${isoOf(atMs)}`];
  return [
    id,
    pointOfSaleId,
    status,
    ...instant("enrolled", enrolledAtMs),
    ...instant("good until", certificateExpiresAtMs),
    ...instant("renewal not confirmed since", renewalAskedAtMs),
  ].join("  ");
}
