// Reimbursement over the operators' listener: who may ask what, in which form files leave, and what is refused how.

import type { Agent as HttpsAgent } from "node:https";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { STATUS_REPORT_BYTES_MAX } from "../../gateway/src/core/settlement/limits.js";
import { PaymentFileError } from "../../gateway/src/settlement/reimbursements.js";
import { StoreBusyError, StoreStoppedError } from "../../gateway/src/store/engine.js";
import { type RawRequest, raw } from "../support/raw-client.js";
import { AGENTS, connectionOf, type Who } from "./agents.js";
import {
  LAST_DAY,
  PAYMENT_FILE,
  REPORT,
  type SettlementRig,
  startSettlementRig,
} from "./settlement-rig.js";

let rig: SettlementRig;
const connections = new Map<Who, HttpsAgent>();

beforeAll(async () => {
  rig = await startSettlementRig();
  for (const who of ["operator", "region", "lycee"] as const) {
    connections.set(who, connectionOf(await rig.credentials(AGENTS[who])));
  }
});

afterEach(() => rig.reset());

afterAll(async () => {
  for (const connection of connections.values()) connection.destroy();
  await rig.stop();
});

async function ask(who: Who, path: string, change: Partial<RawRequest> = {}) {
  const agent = connections.get(who);
  if (!agent) throw new Error(`${who} has no credentials here`);
  const answer = await raw({ agent, url: `${rig.url}${path}`, ...change });
  return {
    ...answer,
    body: answer.headers["content-type"]?.includes("json") ? JSON.parse(answer.text) : answer.text,
  };
}

const post = (who: Who, path: string, body: object) =>
  ask(who, path, { body: JSON.stringify(body) });
const sendReport = (who: Who, change: Partial<RawRequest> = {}) =>
  ask(who, "/v1/settlements/status-reports", {
    body: "<Document/>",
    headers: { "content-type": "application/xml" },
    ...change,
  });

const READS = [
  "/v1/settlements",
  `/v1/settlements/${LAST_DAY}`,
  `/v1/settlements/${LAST_DAY}/payments.xml`,
  `/v1/settlements/${LAST_DAY}/accounts.csv`,
  "/v1/partners/P-1/statement?from=2023-01-01&to=2023-01-31",
  "/v1/alerts?from=2023-01-01&to=2023-01-31",
];

describe("who may", () => {
  test.each(READS)("operator and Région read %s, an établissement does not", async (path) => {
    for (const who of ["operator", "region"] as const)
      expect((await ask(who, path)).status).toBe(200);
    expect(await ask("lycee", path)).toMatchObject({ status: 403, body: { code: "NOT_ALLOWED" } });
  });

  test("settle and send a bank's report: the operator alone", async () => {
    for (const who of ["region", "lycee"] as const) {
      const refused = { status: 403, body: { code: "NOT_ALLOWED" } };
      expect(await post(who, "/v1/settlements", { lastDay: LAST_DAY })).toMatchObject(refused);
      expect(await sendReport(who)).toMatchObject(refused);
    }
  });
});

describe("settling", () => {
  test("closes the period that is named, in the agent's name", async () => {
    const asked: unknown[] = [];
    rig.answer({
      settle: async (lastDay, by) => {
        asked.push([lastDay, by.id]);
        return { type: "settled", report: REPORT };
      },
    });
    expect(await post("operator", "/v1/settlements", { lastDay: "2023-02-26" })).toMatchObject({
      status: 200,
      body: REPORT,
    });
    expect(asked).toEqual([["2023-02-26", "operator-1"]]);
  });

  test("closes the last period that is over where none is named", async () => {
    expect(await post("operator", "/v1/settlements", {})).toMatchObject({
      body: { lastDay: LAST_DAY },
    });
  });

  test.each([
    ["NOT_A_CUTOFF", 422],
    ["NOT_OVER", 409],
    ["PERIOD_CLOSED", 409],
    ["NO_PAYER", 409],
  ] as const)("that is refused with %s is HTTP %i, and says why", async (code, status) => {
    rig.answer({ settle: async () => ({ type: "refused", code, detail: "who must act" }) });
    expect(await post("operator", "/v1/settlements", { lastDay: LAST_DAY })).toMatchObject({
      status,
      body: { code, detail: "who must act" },
    });
  });

  test.each([{ lastDay: "5 March" }, { lastDay: "2023-02-30" }, { day: LAST_DAY }])(
    "of %j is refused for its form",
    async (body) => {
      expect(await post("operator", "/v1/settlements", body)).toMatchObject({
        status: 400,
        body: { code: "FORMAT_ERROR" },
      });
    },
  );
});

describe("what stops on its way", () => {
  const fails = (error: Error) => {
    rig.answer({
      settle: () => Promise.reject(error),
      readStatusReport: () => Promise.reject(error),
    });
    return [
      () => post("operator", "/v1/settlements", { lastDay: LAST_DAY }),
      () => sendReport("operator"),
    ];
  };

  test("is told as that, and may be sent again: what is done stays", async () => {
    for (const send of fails(new Error("database or disk is full"))) {
      const { status, headers, body } = await send();
      expect({ status, code: body.code }).toEqual({ status: 503, code: "SYSTEM_ERROR" });
      expect(body.detail).toContain("what is done stays. Send the same again");
      expect(body.detail).not.toContain("disk");
      expect(headers["retry-after"]).toBe("1");
    }
  });

  test("for a fault in the payment file says which, and who must act", async () => {
    const fault = new PaymentFileError(
      "the payment file would be refused by the bank: Nm is empty",
    );
    for (const send of fails(fault)) {
      const { status, body } = await send();
      expect({ status, code: body.code }).toEqual({ status: 500, code: "SYSTEM_ERROR" });
      expect(body.detail).toContain("Nm is empty");
      expect(body.detail).toContain("Operator: tell the developers");
    }
  });

  test("because too much waits is told as that", async () => {
    for (const send of fails(new StoreBusyError("full"))) {
      expect(await send()).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
    }
  });

  test("with a commit in doubt is not answered at all", async () => {
    for (const send of fails(new StoreStoppedError("in doubt"))) {
      await expect(send()).rejects.toThrow("socket hang up");
    }
  });
});

describe("a file", () => {
  test.each([
    [`/v1/settlements/${LAST_DAY}/payments.xml`, "application/xml", `payments-${LAST_DAY}.xml`],
    [
      `/v1/settlements/${LAST_DAY}/accounts.csv`,
      "text/csv; charset=utf-8",
      `accounts-${LAST_DAY}.csv`,
    ],
    [
      "/v1/partners/P-1/statement?from=2023-01-01&to=2023-01-31",
      "text/csv; charset=utf-8",
      "statement-P-1-2023-01-01-2023-01-31.csv",
    ],
    [
      "/v1/partners/P-1/statement?from=2023-01-01&to=2023-01-31&format=html",
      "text/html; charset=utf-8",
      "statement-P-1-2023-01-01-2023-01-31.html",
    ],
  ])(
    "%s is saved and not shown, not guessed at and not kept on the way",
    async (path, type, name) => {
      const { status, headers } = await ask("operator", path);
      expect(status).toBe(200);
      expect(headers["content-type"]).toBe(type);
      expect(headers).toMatchObject({
        "content-disposition": `attachment; filename="${name}"`,
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "content-security-policy": expect.stringContaining("default-src 'none'"),
      });
    },
  );

  test("of payments leaves byte for byte as it was made", async () => {
    expect((await ask("region", `/v1/settlements/${LAST_DAY}/payments.xml`)).text).toBe(
      PAYMENT_FILE,
    );
  });

  test("of payments that is not there says whether there was a settlement", async () => {
    const unsettled = await ask("operator", "/v1/settlements/2023-02-26/payments.xml");
    expect(unsettled).toMatchObject({ status: 404, body: { code: "UNKNOWN_SUBJECT" } });
    expect(unsettled.body.detail).toContain("No period");
    rig.answer({ paymentFile: async () => null });
    const why = async () =>
      (await ask("operator", `/v1/settlements/${LAST_DAY}/payments.xml`)).body.detail;
    expect(await why()).toContain("nothing was to be paid");
    rig.answer({ report: async () => ({ ...REPORT, state: "open" }) });
    expect(await why()).toContain("settle the same day again");
  });

  test("of a partner whose id could break out of a header has another name", async () => {
    rig.answer({ statement: async () => "csv" });
    const id = encodeURIComponent('a"b\r\nX: y');
    const { status, headers } = await ask(
      "operator",
      `/v1/partners/${id}/statement?from=2023-01-01&to=2023-01-31`,
    );
    expect(status).toBe(200);
    expect(headers["content-disposition"]).toBe(
      'attachment; filename="statement-a_b__X__y-2023-01-01-2023-01-31.csv"',
    );
  });
});

test.each([
  ["/v1/settlements/2023-02-26", 404, "UNKNOWN_SUBJECT"],
  ["/v1/settlements/2023-02-26/accounts.csv", 404, "UNKNOWN_SUBJECT"],
  ["/v1/partners/P-NONE/statement?from=2023-01-01&to=2023-01-31", 404, "UNKNOWN_SUBJECT"],
  ["/v1/settlements/latest", 400, "FORMAT_ERROR"],
  ["/v1/settlements/..%2f..%2fkeys/payments.xml", 400, "FORMAT_ERROR"],
  ["/v1/settlements/2023-02-30/accounts.csv", 400, "FORMAT_ERROR"],
])("%s is HTTP %i %s, and says what to do", async (path, status, code) => {
  const answer = await ask("operator", path);
  expect(answer).toMatchObject({ status, body: { code } });
  expect(answer.body.detail.length).toBeGreaterThan(20);
});

describe("a range of days", () => {
  const statement = (query: string) => ask("operator", `/v1/partners/P-1/statement?${query}`);

  test("of a statement is a day at least and 400 at most", async () => {
    const asked: unknown[] = [];
    rig.answer({
      statement: async ({ firstDay, lastDay }) => {
        asked.push([firstDay, lastDay]);
        return "csv";
      },
    });
    expect((await statement("from=2023-01-01&to=2023-01-01")).status).toBe(200);
    expect((await statement("from=2023-01-01&to=2024-02-04")).status).toBe(200);
    expect((await statement("from=2023-01-01&to=2024-02-05")).status).toBe(400);
    expect((await statement("from=2023-01-02&to=2023-01-01")).status).toBe(400);
    expect(asked).toEqual([
      ["2023-01-01", "2023-01-01"],
      ["2023-01-01", "2024-02-04"],
    ]);
  });

  test("of alerts is 31 days at most", async () => {
    expect((await ask("operator", "/v1/alerts?from=2023-01-01&to=2023-01-31")).status).toBe(200);
    expect(await ask("operator", "/v1/alerts?from=2023-01-01&to=2023-02-01")).toMatchObject({
      status: 400,
      body: { code: "FORMAT_ERROR", detail: expect.stringContaining("at most 31") },
    });
  });

  test.each([
    "to=2023-01-31",
    "from=2023-01-01&to=31/01/2023",
    "from=2023-01-01&from=2023-01-02&to=2023-01-31",
    "from=2023-01-01&to=2023-01-31&format=pdf",
    "from=2023-01-01&to=2023-01-31&month=1",
  ])("is refused for its form: %s", async (query) => {
    expect(await statement(query)).toMatchObject({ status: 400, body: { code: "FORMAT_ERROR" } });
  });
});

test("alerts are told as they are", async () => {
  const alert = {
    kind: "MANY_PSC1",
    partnerId: "P-1",
    day: "2023-01-09",
    words: "16 débits",
    figures: { debits: 16 },
  } as const;
  rig.answer({ alerts: async () => [alert] });
  const { body } = await ask("region", "/v1/alerts?from=2023-01-09&to=2023-01-09");
  expect(body).toEqual({ alerts: [alert] });
});

describe("a bank's report", () => {
  test("is read as it was sent, in the agent's name, and answered with what became of each payment", async () => {
    const asked: unknown[] = [];
    const outcome = { settlement: LAST_DAY, no: 1, partnerId: "P-1", outcome: "applied" } as const;
    rig.answer({
      readStatusReport: async (file, by) => {
        asked.push([Buffer.from(file), by.id]);
        return { type: "read", outcomes: [outcome] };
      },
    });
    const body = Buffer.from([0xef, 0xbb, 0xbf, 0x3c, 0x61, 0x2f, 0x3e, 0x0d, 0x0a, 0xe9]);
    expect(await sendReport("operator", { body })).toMatchObject({
      status: 200,
      body: { outcomes: [outcome] },
    });
    expect(asked).toEqual([[body, "operator-1"]]);
  });

  test("that is none is refused with what is wrong with it", async () => {
    rig.answer({ readStatusReport: async () => ({ type: "refused", detail: "not a pain.002" }) });
    expect(await sendReport("operator")).toMatchObject({
      status: 400,
      body: { code: "FORMAT_ERROR", detail: "not a pain.002" },
    });
  });

  const xml = { "content-type": "application/xml" };
  test.each([
    ["of another type", 415, { headers: { "content-type": "application/json" } }],
    ["compressed", 415, { headers: { ...xml, "content-encoding": "gzip" } }],
    ["too large", 413, { body: Buffer.alloc(STATUS_REPORT_BYTES_MAX + 1, 0x20) }],
  ])("%s is refused with HTTP %i, and not read", async (_what, status, change) => {
    rig.answer({ readStatusReport: () => Promise.reject(new Error("it was read")) });
    expect(await sendReport("operator", change)).toMatchObject({
      status,
      body: { code: "FORMAT_ERROR" },
    });
  });

  test("may be as large as the limit", async () => {
    const body = Buffer.alloc(STATUS_REPORT_BYTES_MAX, 0x20);
    expect((await sendReport("operator", { body })).status).toBe(200);
  });
});
