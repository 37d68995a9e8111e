// Where a terminal's renewed credentials are kept: in the file that it was opened with, or by the integrator.

import type { RenewalAnswer } from "@pass-tpe/protocol";
import { saveCredentials, type TerminalCredentials } from "../credentials.js";
import type { TerminalDisk } from "../disk.js";
import { type RenewedCredentials, takeRenewed } from "./issued.js";
import { kept } from "./kept.js";
import { type Pending, renewalFile } from "./pending-file.js";

/** Must have kept them durably when it resolves: from then on the old ones may be worth nothing. */
export type CredentialsKeeper = (renewed: RenewedCredentials) => Promise<void>;

type PendingRenewal = Omit<Pending<RenewalAnswer>, "purpose">;

export interface RenewalHome {
  /** Whether a run that crashed may have left the terminal with credentials that it had not confirmed. */
  readonly mayHaveGivenUnconfirmed: boolean;
  /** What was begun and is not over, also by an earlier run. */
  pending(): Promise<PendingRenewal | null>;
  /** Resolves once it would survive a crash. */
  keepPending(pending: PendingRenewal): Promise<void>;
  /** The gateway has taken up the new credentials: they are the terminal's now. */
  replace(credentials: TerminalCredentials): Promise<void>;
  /** It is over, in one way or the other. */
  removePending(): Promise<void>;
}

const PURPOSE = "renewal";

/** @param options.path of the credentials. Beside it lies `<credentials>.renewal` meanwhile. */
export function fileHome(options: { disk: TerminalDisk; path: string }): RenewalHome {
  const { disk, path } = options;
  const file = renewalFile(disk, path);
  return {
    mayHaveGivenUnconfirmed: false,
    pending: () => kept(path, () => file.read(PURPOSE)),
    keepPending: (pending) => kept(path, () => file.keep({ purpose: PURPOSE, ...pending })),
    replace: (credentials) => kept(path, () => saveCredentials({ path, credentials, disk })),
    removePending: () => kept(path, () => file.remove()),
  };
}

/** The integrator keeps the new credentials before they are taken up; a key without an answer dies with the process. */
export function keeperHome(options: { keep: CredentialsKeeper; ca: string }): RenewalHome {
  const { keep, ca } = options;
  let pending: PendingRenewal | null = null;
  return {
    mayHaveGivenUnconfirmed: true,
    pending: async () => pending,
    keepPending: async (next) => {
      const { answer, privateKey } = next;
      if (answer !== undefined) await keep(takeRenewed({ answer, privateKey, ca }));
      pending = next;
    },
    replace: async () => undefined,
    removePending: async () => {
      pending = null;
    },
  };
}
