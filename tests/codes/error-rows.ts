// How each typed error of the SDK comes about, on real files, real readers and the real gateway.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ErrorCode,
  enrolTerminal,
  Journal,
  type MoneyMoved,
  serialQrReader,
  Terminal,
  type TerminalDisk,
  type TerminalOptions,
} from "@pass-tpe/terminal-sdk";
import { OWED_MAX } from "../../terminal-sdk/src/client/owed-queue.js";
import { nodeDisk } from "../../terminal-sdk/src/disk.js";
import { POINT_OF_SALE, startTestGateway } from "../support/running-gateway.js";
import type { Rig } from "./rig.js";
import type { SdkTill } from "./sdk-till.js";
import { deadAddress, strangersCredentials } from "./terminal-rows.js";

const SHOW = { avantage: "SPECTACLE", purchaseCents: 500 };

export interface ErrorRow {
  readonly code: ErrorCode;
  readonly how: string;
  /** Where it is not the code's own. */
  readonly moneyMoved?: MoneyMoved;
  /** Rejects with it. */
  readonly reach: (rig: Rig) => Promise<unknown>;
}

/** Does something in a folder of its own. */
async function inFolder(work: (folder: string) => Promise<unknown>): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-errors-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens a terminal and closes it again, which it never comes to where it does not open. */
async function open(options: TerminalOptions): Promise<void> {
  const terminal = await Terminal.open(options);
  await terminal.close();
}

async function withTill(rig: Rig, work: (till: SdkTill) => Promise<unknown>): Promise<unknown> {
  const till = await rig.sdk();
  try {
    return await work(till);
  } finally {
    await till.close();
  }
}

/** A journal file of a terminal that sold once. */
async function soldJournal(rig: Rig, path: string): Promise<void> {
  const credentials = rig.till.credentials;
  const journal = await Journal.open({ path });
  const { code, ...sale } = { code: "APPROVED", id: rig.till.newId(), atMs: Date.now() };
  await journal.append({ type: "attempt", ...sale, ...SHOW });
  await journal.append({ type: "answer", ...sale, outcome: "approved", code, amountCents: 500 });
  await journal.append({ type: "acknowledged", ...sale });
  await journal.close();
  await open({ gateway: rig.gateway.url, credentials, journal: path, readers: [] });
}

/** A real disk whose syncs fail from a moment on. */
function failingDisk(): { readonly disk: TerminalDisk; fail(): void } {
  let isFailing = false;
  const disk: TerminalDisk = {
    ...nodeDisk,
    async openForAppend(path) {
      const file = await nodeDisk.openForAppend(path);
      const sync = () => (isFailing ? Promise.reject(new Error("EIO: i/o error")) : file.sync());
      return { append: (bytes) => file.append(bytes), sync, close: () => file.close() };
    },
  };
  return {
    disk,
    fail() {
      isFailing = true;
    },
  };
}

/** A terminal at a dead address whose journal owes so much that nothing new is begun. */
async function withDebts(
  fill: (journal: Journal, newId: () => string) => Promise<unknown>,
  rig: Rig,
  work: (terminal: Terminal) => Promise<unknown>,
): Promise<unknown> {
  return inFolder(async (folder) => {
    const journal = await Journal.open({ path: join(folder, "journal") });
    await fill(journal, () => rig.till.newId());
    const { credentials } = rig.till;
    const gateway = await deadAddress();
    const terminal = await Terminal.open({ gateway, credentials, journal, readers: [] });
    try {
      return await work(terminal);
    } finally {
      await terminal.close();
    }
  });
}

const many = <T>(make: (index: number) => T) =>
  Array.from({ length: OWED_MAX }, (_, at) => make(at));

const OPENING: readonly ErrorRow[] = [
  {
    code: "OPTIONS_INVALID",
    how: "a gateway without TLS on another machine",
    reach: () => open({ gateway: "http://gateway.example", journal: "journal", readers: [] }),
  },
  {
    code: "CREDENTIALS_UNREADABLE",
    how: "a file of credentials that is half a file",
    reach: ({ gateway }) =>
      inFolder((folder) => {
        const credentials = join(folder, "credentials.json");
        writeFileSync(credentials, '{"ca":', { mode: 0o600 });
        const journal = join(folder, "journal");
        return open({ gateway: gateway.url, credentials, journal, readers: [] });
      }),
  },
  {
    code: "GATEWAY_NOT_TRUSTED",
    how: "an activation code of another gateway",
    reach: ({ gateway }) =>
      inFolder(async (folder) => {
        const elsewhere = await startTestGateway();
        const asked = { terminalId: "T-NEW", pointOfSaleId: POINT_OF_SALE, validMinutes: 60 };
        const made = await elsewhere.gateway.operator.makeActivationCode(asked);
        await elsewhere.stop();
        if (made.type !== "made") throw new Error(`no code: ${made.type}`);
        return enrolTerminal({
          gateway: gateway.url,
          activationCode: made.activationCode,
          credentials: join(folder, "credentials.json"),
          pinKeyFile: join(folder, "pin.key"),
        });
      }),
  },
  {
    code: "READER_UNAVAILABLE",
    how: "a scanner with a baud rate that is none",
    reach: (rig) =>
      inFolder((folder) =>
        open({
          gateway: rig.gateway.url,
          credentials: rig.till.credentials,
          journal: join(folder, "journal"),
          readers: [serialQrReader({ path: join(folder, "scanner"), baudRate: 0 })],
          pinPad: {
            name: "none",
            requestPin: async () => ({ ok: false, reason: "cancelled" }),
            close: async () => undefined,
          },
        }),
      ),
  },
  {
    code: "JOURNAL_CORRUPT",
    how: "a journal in which a byte of an earlier line has changed",
    reach: (rig) =>
      inFolder(async (folder) => {
        const path = join(folder, "journal");
        await soldJournal(rig, path);
        const bytes = readFileSync(path);
        const at = Math.floor(bytes.indexOf("\n") / 2);
        bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
        writeFileSync(path, bytes);
        const { credentials } = rig.till;
        return open({ gateway: rig.gateway.url, credentials, journal: path, readers: [] });
      }),
  },
  {
    code: "JOURNAL_IN_USE",
    how: "a journal that another terminal has open",
    reach: (rig) =>
      inFolder(async (folder) => {
        const { credentials } = rig.till;
        const options = { gateway: rig.gateway.url, credentials, journal: join(folder, "journal") };
        const first = await Terminal.open({ ...options, readers: [] });
        try {
          return await open({ ...options, readers: [] });
        } finally {
          await first.close();
        }
      }),
  },
  {
    code: "JOURNAL_OF_ANOTHER",
    how: "a journal that another terminal began",
    reach: (rig) =>
      inFolder(async (folder) => {
        const path = join(folder, "journal");
        await soldJournal(rig, path);
        const credentials = await rig.running.terminal("T-ANOTHER");
        return open({ gateway: rig.gateway.url, credentials, journal: path, readers: [] });
      }),
  },
  {
    code: "JOURNAL_FAILED",
    how: "a journal in a folder that is a file",
    reach: (rig) =>
      inFolder((folder) => {
        writeFileSync(join(folder, "file"), "");
        const { credentials } = rig.till;
        const journal = join(folder, "file", "journal");
        return open({ gateway: rig.gateway.url, credentials, journal, readers: [] });
      }),
  },
];

const RUNNING: readonly ErrorRow[] = [
  {
    code: "JOURNAL_FAILED",
    how: "a capture that a failing disk may hold",
    moneyMoved: "unknown",
    reach: (rig) =>
      inFolder(async (folder) => {
        const { disk, fail } = failingDisk();
        const journal = await Journal.open({ path: join(folder, "journal"), disk });
        const id = rig.till.newId();
        await journal.append({ type: "attempt", id, atMs: Date.now(), ...SHOW });
        const held = { outcome: "approved", code: "APPROVED_HELD", amountCents: 500 } as const;
        const holdExpiresAtMs = Date.now() + 60_000;
        await journal.append({ type: "answer", id, atMs: Date.now(), ...held, holdExpiresAtMs });
        const { credentials } = rig.till;
        const gateway = await deadAddress();
        const terminal = await Terminal.open({ gateway, credentials, journal, readers: [] });
        fail();
        try {
          return await terminal.capture(id);
        } finally {
          await terminal.close();
        }
      }),
  },
  {
    code: "BUSY",
    how: "a sale while another one waits for its card",
    reach: (rig) =>
      withTill(rig, async ({ terminal }) => {
        const first = terminal.sell(SHOW);
        try {
          return await terminal.sell(SHOW);
        } finally {
          await terminal.cancel();
          await first;
        }
      }),
  },
  {
    code: "CLOSED",
    how: "a sale after the terminal was closed",
    reach: (rig) =>
      withTill(rig, async ({ terminal }) => {
        await terminal.close();
        return terminal.sell(SHOW);
      }),
  },
  {
    code: "REVERSALS_OWED",
    how: "more sales in doubt than a terminal takes upon itself",
    reach: (rig) =>
      withDebts(
        (journal, newId) =>
          Promise.all(
            many(() => journal.append({ type: "attempt", id: newId(), atMs: Date.now(), ...SHOW })),
          ),
        rig,
        (terminal) => terminal.sell(SHOW),
      ),
  },
  {
    code: "ANSWERS_OWED",
    how: "more refunds without an answer than a terminal takes upon itself",
    reach: (rig) =>
      withDebts(
        (journal, newId) =>
          Promise.all(
            many(() =>
              journal.append({ type: "refundOwed", id: newId(), atMs: Date.now(), of: newId() }),
            ),
          ),
        rig,
        (terminal) => terminal.refund({ of: rig.till.newId() }),
      ),
  },
  {
    code: "UNREACHABLE",
    how: "the profile of a gateway that is not there",
    reach: (rig) =>
      inFolder(async (folder) => {
        const { credentials } = rig.till;
        const options = { gateway: await deadAddress(), credentials, readers: [] };
        const terminal = await Terminal.open({ ...options, journal: join(folder, "journal") });
        try {
          return await terminal.profile();
        } finally {
          await terminal.close();
        }
      }),
  },
  {
    code: "TERMINAL_AUTH_FAILED",
    how: "the profile of a gateway whose authority the till does not know",
    reach: async (rig) => {
      const till = await rig.sdk({ credentials: await strangersCredentials() });
      try {
        return await till.terminal.profile();
      } finally {
        await till.close();
      }
    },
  },
  {
    code: "REFUSED",
    how: "the profile that a revoked terminal asks for",
    reach: async (rig) => {
      const till = await rig.sdk({ credentials: await rig.running.terminal("T-GONE") });
      await rig.gateway.operator.revokeTerminal("T-GONE");
      try {
        return await till.terminal.profile();
      } finally {
        await till.close();
      }
    },
  },
];

export const ERROR_ROWS: readonly ErrorRow[] = [...OPENING, ...RUNNING];
