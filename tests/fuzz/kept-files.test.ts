// Files that disks damage and people mix up: each opens, or fails with its own named error; none crashes a program.

import { createHash } from "node:crypto";
import fc from "fast-check";
import forge from "node-forge";
import { expect } from "vitest";
import { drawKeys, keyFileOf } from "../../gateway/src/crypto/key-file.js";
import { openSealedFile, SealedFileError, sealFile } from "../../gateway/src/crypto/sealed-file.js";
import { readStatusReport } from "../../gateway/src/settlement/files/status-report.js";
import { xmlText } from "../../gateway/src/xml-text.js";
import { Journal } from "../../terminal-sdk/src/client/journal.js";
import { formatLine } from "../../terminal-sdk/src/client/journal-format.js";
import { loadCredentials } from "../../terminal-sdk/src/credentials.js";
import { enrolmentFile } from "../../terminal-sdk/src/enrolment/pending-file.js";
import { importPkcs12 } from "../../terminal-sdk/src/enrolment/pkcs12.js";
import { type ErrorCode, PassTpeError } from "../../terminal-sdk/src/errors.js";
import { installPinKey, takePinKey } from "../../terminal-sdk/src/pin/pin-key-file.js";
import { MemoryDisk } from "../../terminal-sdk/src/test-kit/memory-disk.js";
import { TestAuthority } from "../../terminal-sdk/src/test-kit/test-authority.js";
import { seededRandom } from "../support/random.js";
import { TEST_STORE_KEY } from "../support/store-key.js";
import { hostileBytes } from "./support/damage.js";
import { fuzz } from "./support/fuzz.js";
import { hostileBody } from "./support/json.js";

const authority = new TestAuthority();
const CREDENTIALS = { ca: authority.certificate, ...authority.issue({ commonName: "T-1" }) };
/** Of the private key: what no error may repeat. */
const KEY_PIECE = CREDENTIALS.privateKey.slice(100, 140);
const PATH = "file";

/** Runs what opens a file. What is thrown must be one of the SDK's own errors, and repeat no key. */
async function opensOrIs(codes: readonly ErrorCode[], open: () => unknown): Promise<void> {
  try {
    await open();
  } catch (thrown) {
    if (!(thrown instanceof PassTpeError)) throw thrown;
    expect(codes).toContain(thrown.code);
    expect(`${thrown.message} ${thrown.cause}`).not.toContain(KEY_PIECE);
  }
}

async function diskWith(bytes: Uint8Array): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  await disk.replace({ path: PATH, bytes });
  return disk;
}

/** As other tools write it, with one iteration of each hash: a hundred thousand would be most of the test. */
function aPkcs12(password: string): Buffer {
  const container = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(CREDENTIALS.privateKey),
    [CREDENTIALS.certificate, CREDENTIALS.ca].map((pem) => forge.pki.certificateFromPem(pem)),
    password,
    { algorithm: "aes256", count: 1 },
  );
  return Buffer.from(forge.asn1.toDer(container).getBytes(), "binary");
}

const PASSWORD = "correct horse battery";

fuzz(
  "a PKCS#12 file opens, or is CREDENTIALS_UNREADABLE",
  { usual: 150, cases: hostileBytes(aPkcs12(PASSWORD), 3_000) },
  (file) => opensOrIs(["CREDENTIALS_UNREADABLE"], () => importPkcs12({ file, password: PASSWORD })),
);

fuzz(
  "a credentials file opens, or is CREDENTIALS_UNREADABLE",
  { usual: 300, cases: hostileBody(CREDENTIALS) },
  async (bytes) => {
    const disk = await diskWith(bytes);
    await opensOrIs(["CREDENTIALS_UNREADABLE"], () => loadCredentials(PATH, disk));
  },
);

fuzz(
  "an enrolment under way goes on, or begins anew",
  {
    usual: 300,
    cases: hostileBody({ privateKey: "key", purpose: "why", answer: { terminalId: "T-1" } }),
  },
  async (bytes) => {
    const disk = await diskWith(bytes);
    await disk.replace({ path: `${PATH}.pending`, bytes });
    const pending = await enrolmentFile(disk, PATH).read("why");
    if (pending !== null) expect(typeof pending.privateKey).toBe("string");
  },
);

const SALE = "019ad0f0-0000-7000-8000-000000000001";
const JOURNAL = Buffer.from(
  [
    formatLine({ type: "terminal", id: "CN=T-1", atMs: 1 }),
    formatLine({ type: "attempt", id: SALE, atMs: 2, avantage: "SPECTACLE", purchaseCents: 1_800 }),
    formatLine({
      type: "answer",
      id: SALE,
      atMs: 3,
      outcome: "approved",
      code: "APPROVED",
      amountCents: 1_800,
    }),
  ].join(""),
);

fuzz(
  "a journal opens, or is JOURNAL_CORRUPT",
  { usual: 600, cases: hostileBytes(JOURNAL) },
  async (bytes) => {
    const disk = await diskWith(bytes);
    await opensOrIs(["JOURNAL_CORRUPT"], async () => {
      const journal = await Journal.open({ path: PATH, disk });
      // What survived is a beginning of what was there.
      expect(journal.sales().length).toBeLessThanOrEqual(1);
      await journal.close();
    });
  },
);

async function aPinKeyFile(): Promise<Buffer> {
  const disk = new MemoryDisk();
  const pinKey = {
    initialKeyHex: "1273671ea26ac29afa4d1084127652a1",
    initialKeyIdHex: "1234567890123456",
  };
  await installPinKey({ path: PATH, pinKey, disk });
  return Buffer.from(disk.durable(PATH));
}
const PIN_KEY_FILE = await aPinKeyFile();
const FIRST_PIN_KEY = await takePinKey({ path: PATH, disk: await diskWith(PIN_KEY_FILE) });

fuzz(
  "a PIN key file gives its next key, or is CREDENTIALS_UNREADABLE, never another key",
  { usual: 600, cases: hostileBytes(PIN_KEY_FILE) },
  async (bytes) => {
    const disk = await diskWith(bytes);
    await opensOrIs(["CREDENTIALS_UNREADABLE"], async () => {
      const { workingKey } = await takePinKey({ path: PATH, disk });
      expect(workingKey).toEqual(FIRST_PIN_KEY.workingKey);
    });
  },
);

/** The body of a file that begins with its checksum, and what makes the checksum right again. */
const digestOf = (body: Uint8Array) => createHash("sha256").update(body).digest("hex");
const PIN_KEY_BODY = PIN_KEY_FILE.subarray(PIN_KEY_FILE.indexOf("\n") + 1);

fuzz(
  "a PIN key file of wrong content under a right checksum is CREDENTIALS_UNREADABLE where no key is in it",
  { usual: 600, cases: hostileBytes(PIN_KEY_BODY) },
  async (body) => {
    const disk = await diskWith(Buffer.concat([Buffer.from(`${digestOf(body)}\n`), body]));
    await opensOrIs(["CREDENTIALS_UNREADABLE"], async () => {
      const { workingKey, initialKeyId } = await takePinKey({ path: PATH, disk });
      expect([workingKey.length, initialKeyId.length]).toEqual([16, 8]);
    });
  },
);

const ATTEMPT = { type: "attempt", id: SALE, atMs: 2, avantage: "SPECTACLE", purchaseCents: 1_800 };

fuzz(
  "a journal with a wrong record under a right checksum opens, or is JOURNAL_CORRUPT",
  { usual: 600, cases: hostileBody(ATTEMPT) },
  async (json) => {
    const line = Buffer.concat([Buffer.from(`${digestOf(json).slice(0, 16)} `), json]);
    const disk = await diskWith(Buffer.concat([line, Buffer.from("\n"), JOURNAL]));
    await opensOrIs(["JOURNAL_CORRUPT"], async () => {
      await (await Journal.open({ path: PATH, disk })).close();
    });
  },
);

const random = seededRandom(3);
const PEM = "-----BEGIN NOTHING-----";
const identity = { certificate: PEM, privateKey: PEM };
const KEYS = { ...drawKeys(random), authority: identity, server: { ...identity, hosts: ["a"] } };
const sealed = (content: unknown) => sealFile({ content, storeKey: TEST_STORE_KEY, random });
const KEY_FILE = sealed(KEYS);

fuzz(
  "the gateway's sealed keys open, or are a SealedFileError",
  { usual: 600, cases: hostileBytes(Buffer.from(KEY_FILE)) },
  (bytes) => {
    const text = Buffer.from(bytes).toString();
    try {
      expect(keyFileOf(openSealedFile(text, TEST_STORE_KEY))).toEqual(KEYS);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(SealedFileError);
    }
  },
);

fuzz(
  "sealed keys that a later version wrote are refused by the names of fields alone",
  { usual: 300, cases: hostileBody(KEYS) },
  (bytes) => {
    let content: unknown;
    try {
      content = JSON.parse(bytes.toString());
    } catch {
      return;
    }
    try {
      keyFileOf(openSealedFile(sealed(content), TEST_STORE_KEY));
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(SyntaxError);
      expect(String(thrown)).not.toContain(KEYS.numberKey);
    }
  },
);

const DAY = "2023-03-19";
const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2023-03-21T08:00:00Z</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>PASSREGION-${DAY}</OrgnlMsgId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>PASSREGION-${DAY}</OrgnlPmtInfId>
<TxInfAndSts><OrgnlEndToEndId>PASSREGION-${DAY}-1</OrgnlEndToEndId><TxSts>RJCT</TxSts>
<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>closed</AddtlInf></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>
</CstmrPmtStsRpt></Document>`;

/** What makes a parser of XML fetch, expand or hang. */
const TRAPS: readonly string[] = [
  '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
  '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
  "&#0;",
  "&b;",
  "<![CDATA[",
  "]]>",
  "<!--",
  "<a>".repeat(2_000),
  '<a b="'.repeat(100),
];
const trapped = fc
  .tuple(fc.nat(REPORT.length), fc.constantFrom(...TRAPS))
  .map(([at, trap]) => Buffer.from(REPORT.slice(0, at) + trap + REPORT.slice(at)));

fuzz(
  "a bank's report is read for the settlement that it names, or refused with a reason",
  { usual: 400, cases: fc.oneof(hostileBytes(Buffer.from(REPORT)), trapped) },
  (bytes) => {
    const text = xmlText(bytes);
    if (text === null) return;
    const report = readStatusReport(text);
    if (report.type === "refused") expect(report.detail).not.toBe("");
    else
      for (const { settlement } of report.statuses)
        expect(settlement).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  },
);
