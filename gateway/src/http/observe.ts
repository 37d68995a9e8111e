// What the operator sees of the gateway: structured logs without secrets, and metrics by code.

import { classifyUnknown, isOutcomeCode, publicIso39Of } from "@pass-tpe/protocol";
import { type DestinationStream, type Logger, pino } from "pino";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { standardOutput } from "./log-stream.js";

/** Fields that must never be written, should a future line carry them by mistake. */
const SECRET_FIELDS = [
  "evidence",
  "token",
  "cardNumber",
  "pinBlock",
  "pin",
  "dossier",
  "password",
  "openingCode",
  "proofRef",
  "privateKey",
];

export type { Logger };

/** Makes the logger: one JSON object a line, on stdout where no destination is given. */
export function createLogger(options: {
  readonly level?: string;
  readonly destination?: DestinationStream;
}): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  return pino(
    {
      level: options.level ?? "info",
      redact: { paths, censor: "[redacted]" },
      base: { app: "gateway" },
    },
    options.destination ?? standardOutput(),
  );
}

/** Buckets that tell a decision's stages apart: a fraction of a millisecond to the SDK's whole deadline. */
const SECONDS_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** What deciding hangs on. */
export interface Standing {
  /** By the reason for which nothing is decided: whether that is so. */
  readonly closed: Readonly<Record<string, boolean>>;
  /** How far the clock is from where it should be. */
  readonly clockOffMs: number;
  /** Of the ledger's disk; null where it does not tell. */
  readonly diskFreeBytes: number | null;
}

export interface Metrics {
  readonly registry: Registry;
  /** Counts a decision by its precise code and its class. */
  countDecision(code: string): void;
  countProblem(code: string): void;
  /** Counts a terminal that seems to try card numbers or codes. */
  countEnumerationSuspected(): void;
  /** Counts a terminal at which many PINs are locked. */
  countPinLockedAlarm(): void;
  observeRequest(operation: string, seconds: number): void;
  observeCommit(batchSize: number): void;
  /** Counts a command that was refused because it would have waited too long. */
  countShed(): void;
  /** Shows how long something has stood without an exported head, in milliseconds; read when they are scraped. */
  watchExport(unexportedMs: () => number): void;
  /** Shows whether and why nothing is decided, and what that hangs on; read when they are scraped. */
  watchStanding(read: () => Standing): void;
  /** Counts a run of the archive that failed. */
  countArchiveFailure(): void;
  /** Shows how long ago everything committed was in the archive, in milliseconds; read when they are scraped. */
  watchArchive(behindMs: () => number): void;
  /** Shows how long each of the gateway's own certificates lasts, in milliseconds; read when they are scraped. */
  watchCertificates(lastsMs: () => Readonly<Record<string, number>>): void;
}

/** Makes the metrics of one gateway. `waiting` is read when they are scraped. */
export function createMetrics(waiting: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const decisions = new Counter({
    name: "pass_tpe_decisions_total",
    help: "Decisions by precise code and class",
    labelNames: ["code", "class"],
    registers,
  });
  const problems = new Counter({
    name: "pass_tpe_problems_total",
    help: "Answers that are not decisions, by code",
    labelNames: ["code"],
    registers,
  });
  const enumeration = new Counter({
    name: "pass_tpe_enumeration_suspected_total",
    help: "Times that a terminal was slowed because it showed many cards that are none; the log names it",
    registers,
  });
  const pinLocked = new Counter({
    name: "pass_tpe_pin_locked_alarms_total",
    help: "Times that many PINs were found locked at one terminal in a short time; the log names it",
    registers,
  });
  const shed = new Counter({
    name: "pass_tpe_shed_total",
    help: "Commands that were refused because they would have waited past their deadline, or met a full line",
    registers,
  });
  const archiveFailures = new Counter({
    name: "pass_tpe_archive_failures_total",
    help: "Runs of the archive that failed; the log says why",
    registers,
  });
  const requests = new Histogram({
    name: "pass_tpe_request_seconds",
    help: "From the request's arrival to its answer",
    labelNames: ["operation"],
    buckets: SECONDS_BUCKETS,
    registers,
  });
  const commits = new Histogram({
    name: "pass_tpe_commit_batch_size",
    help: "Attempts that shared one commit",
    buckets: BATCH_BUCKETS,
    registers,
  });
  new Gauge({
    name: "pass_tpe_waiting",
    help: "Attempts that wait for their commit",
    registers,
    collect() {
      this.set(waiting());
    },
  });
  return {
    registry,
    countDecision: (code) => decisions.inc({ code, class: classOf(code) }),
    countProblem: (code) => problems.inc({ code }),
    countEnumerationSuspected: () => enumeration.inc(),
    countPinLockedAlarm: () => pinLocked.inc(),
    observeRequest: (operation, seconds) => requests.observe({ operation }, seconds),
    observeCommit: (batchSize) => commits.observe(batchSize),
    countShed: () => shed.inc(),
    watchExport(unexportedMs) {
      new Gauge({
        name: "pass_tpe_unexported_seconds",
        help: "How long something has stood without an exported head of the chain; 0 where nothing does",
        registers,
        collect() {
          this.set(unexportedMs() / 1_000);
        },
      });
    },
    countArchiveFailure: () => archiveFailures.inc(),
    watchArchive(behindMs) {
      new Gauge({
        name: "pass_tpe_archive_behind_seconds",
        help: "How long ago everything that was committed was in the archive; about 1 while it keeps up",
        registers,
        collect() {
          this.set(behindMs() / 1_000);
        },
      });
    },
    watchStanding: (read) => watchStanding(registers, read),
    watchCertificates(lastsMs) {
      new Gauge({
        name: "pass_tpe_certificate_ends_seconds",
        help: "How long the gateway's own certificate and its authority's last; below 0 where one is over",
        labelNames: ["certificate"],
        registers,
        collect() {
          for (const [certificate, ms] of Object.entries(lastsMs())) {
            this.set({ certificate }, ms / 1_000);
          }
        },
      });
    },
  };
}

function watchStanding(registers: Registry[], read: () => Standing): void {
  new Gauge({
    name: "pass_tpe_closed",
    help: "1 where nothing is decided just now, by reason; the log says more",
    labelNames: ["reason"],
    registers,
    collect() {
      for (const [reason, isSo] of Object.entries(read().closed))
        this.set({ reason }, Number(isSo));
    },
  });
  new Gauge({
    name: "pass_tpe_clock_off_seconds",
    help: "How far the clock is from where it should be, by one that never steps",
    registers,
    collect() {
      this.set(read().clockOffMs / 1_000);
    },
  });
  new Gauge({
    name: "pass_tpe_disk_free_bytes",
    help: "What is left on the ledger's disk; NaN where it does not tell",
    registers,
    collect() {
      this.set(read().diskFreeBytes ?? Number.NaN);
    },
  });
}

function classOf(code: string): string {
  const iso39 = isOutcomeCode(code) ? publicIso39Of(code) : null;
  return iso39 === null ? "technical" : classifyUnknown({ code, iso39 });
}
