// Routes of the archive: make a copy of the database in it now, and how far one is.

import { ProblemError } from "../problem-error.js";
import type { OperatorsBackend } from "./ports.js";
import { type Call, OPERATOR, type Reply, type Route } from "./route.js";
import { stepByStep } from "./step-by-step.js";

export const BACKUP_ROUTES: readonly Route[] = [
  {
    method: "post",
    path: "/v1/backups",
    operation: "makeBackup",
    roles: OPERATOR,
    takes: "nothing",
    handle: makeBackup,
  },
  {
    method: "get",
    path: "/v1/backups/progress",
    operation: "backupProgress",
    roles: OPERATOR,
    takes: "nothing",
    handle: progress,
  },
];

const NO_ARCHIVE =
  "This gateway keeps no archive. Operator: start it with --archive and a folder on another disk; where its ledger is on PostgreSQL, use that one's own, with pgBackRest, Barman or the like.";

async function makeBackup({ makeBackup: make }: OperatorsBackend, call: Call): Promise<Reply> {
  const result = await stepByStep(make(call.agent));
  switch (result.type) {
    case "made": {
      const { type: _, ...made } = result;
      return { body: made, act: { base: made.name, bytes: made.bytes } };
    }
    case "noArchive":
      throw new ProblemError({ code: "CONTRADICTION", detail: NO_ARCHIVE });
    case "failed":
      throw new ProblemError({
        code: "SYSTEM_ERROR",
        status: 503,
        detail: `The copy was not made: ${result.detail}. Look at the archive's disk, and ask again.`,
      });
  }
}

async function progress({ backupProgress }: OperatorsBackend): Promise<Reply> {
  return { body: { progress: backupProgress() }, act: {} };
}
