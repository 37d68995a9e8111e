// Writes operator data; loading the same record again never moves what a sale has moved.

import type { CardRecord, GrantRecord, LoadBatch, PartnerRecord } from "../records.js";
import type { Sqlite } from "./database.js";

/** Prepares the load of a database: one transaction a batch, all of it or none. */
export function prepareLoad(db: Sqlite): (batch: LoadBatch) => void {
  const partner = db.prepare(
    `INSERT INTO partners (id, name, status) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, status = excluded.status`,
  );
  const dropConventions = db.prepare("DELETE FROM conventions WHERE partner_id = ?");
  const convention = db.prepare(
    "INSERT INTO conventions (reference, partner_id, state, from_ms, to_ms) VALUES (?, ?, ?, ?, ?)",
  );
  const dropAgrements = db.prepare("DELETE FROM agrements WHERE partner_id = ?");
  const agrement = db.prepare("INSERT INTO agrements (partner_id, avantage) VALUES (?, ?)");
  const pointOfSale = db.prepare(
    `INSERT INTO points_of_sale (id, partner_id, name, city) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET partner_id = excluded.partner_id, name = excluded.name, city = excluded.city`,
  );
  const terminal = db.prepare(
    `INSERT INTO terminals (id, point_of_sale_id, status, certificate_fingerprint, initial_key_id)
     VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET point_of_sale_id = excluded.point_of_sale_id,
       -- A revoked terminal stays revoked; a new key begins a new count.
       status = iif(status = 'revoked', 'revoked', excluded.status),
       ksn_counter = iif(initial_key_id IS excluded.initial_key_id, ksn_counter, 0),
       certificate_fingerprint = excluded.certificate_fingerprint, initial_key_id = excluded.initial_key_id`,
  );
  const revoke = db.prepare("UPDATE terminals SET status = 'revoked' WHERE id = ?");
  const account = db.prepare(
    `INSERT INTO accounts (id, holder) VALUES (?, ?)
     ON CONFLICT (id) DO UPDATE SET holder = excluded.holder`,
  );
  const card = db.prepare(
    `INSERT INTO cards (id, account_id, status, generation, last_four, number_index, number_encrypted,
       identifier_index, pin_salt, pin_verifier, pin_key_version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, generation = excluded.generation,
       pin_salt = excluded.pin_salt, pin_verifier = excluded.pin_verifier,
       pin_key_version = excluded.pin_key_version`,
  );
  const grant = db.prepare(
    `INSERT INTO grants (id, account_id, avantage, campaign, unit, amount, from_ms, to_ms, first_day, last_day)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  );

  function loadPartner(record: PartnerRecord): void {
    partner.run(record.id, record.name, record.status);
    dropConventions.run(record.id);
    for (const { reference, state, fromMs, toMs } of record.conventions) {
      convention.run(reference, record.id, state, fromMs, toMs);
    }
    dropAgrements.run(record.id);
    for (const avantage of record.agrements) agrement.run(record.id, avantage);
  }

  function loadCard(record: CardRecord): void {
    const { credential } = record;
    card.run(
      record.id,
      record.accountId,
      record.status,
      record.generation,
      record.lastFour,
      record.numberIndex,
      record.numberEncrypted,
      record.identifierIndex,
      credential?.pinSalt ?? null,
      credential?.pinVerifier ?? null,
      credential?.pinKeyVersion ?? null,
    );
  }

  function loadGrant(record: GrantRecord): void {
    const { id, accountId, avantage, campaign, unit, amount, window } = record;
    const { fromMs, toMs, firstDay, lastDay } = window;
    grant.run(id, accountId, avantage, campaign, unit, amount, fromMs, toMs, firstDay, lastDay);
  }

  return db.transaction((batch: LoadBatch) => {
    for (const record of batch.partners ?? []) loadPartner(record);
    for (const { id, partnerId, name, city } of batch.pointsOfSale ?? []) {
      pointOfSale.run(id, partnerId, name, city);
    }
    for (const record of batch.terminals ?? []) {
      const { id, pointOfSaleId, status, certificateFingerprint, initialKeyId } = record;
      terminal.run(id, pointOfSaleId, status, certificateFingerprint, initialKeyId);
    }
    for (const id of batch.revokedTerminals ?? []) revoke.run(id);
    for (const { id, holder } of batch.accounts ?? []) account.run(id, holder);
    for (const record of batch.cards ?? []) loadCard(record);
    for (const record of batch.grants ?? []) loadGrant(record);
  });
}
