// Ids of grants: they say what a grant is for, so that the same right is never given twice.

/** One grant of an avantage in a campaign. */
export function campaignGrantId(of: {
  readonly accountId: string;
  readonly campaign: string;
  readonly avantage: string;
}): string {
  return `${of.accountId}/${of.campaign}/${of.avantage}`;
}

/**
 * What the ids of all versements for one formation begin with, whatever the campaign. The versement's number follows;
 * and after it, where one was granted by mistake in another campaign before, its own campaign.
 */
export function versementIdPrefix(of: {
  readonly accountId: string;
  readonly avantage: string;
  readonly formation: string;
}): string {
  return `${of.accountId}/${of.avantage}/${of.formation}/`;
}

/** A versement's id in a campaign, where its first id stands for another campaign's. */
export function versementIdIn(of: { readonly firstId: string; readonly campaign: string }): string {
  return `${of.firstId}/${of.campaign}`;
}

/** Whether an id is that of a versement, in whatever campaign. */
export function isSameVersement(id: string, firstId: string): boolean {
  return id === firstId || id.startsWith(`${firstId}/`);
}

/** One grant that belongs to no campaign: the `no`-th of its avantage. */
export function ownGrantId(of: {
  readonly accountId: string;
  readonly avantage: string;
  readonly no: number;
}): string {
  return `${of.accountId}/${of.avantage}/${of.no}`;
}
