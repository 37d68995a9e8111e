// Opens a shop for one test, and closes it when the test is done.

import { onTestFinished } from "vitest";
import type { Driver } from "../../../gateway/src/store/driver.js";
import type { MakeDriver } from "../../support/drivers.js";
import { openShop, type Shop, type ShopOptions } from "../../support/shop.js";

export type { MakeDriver };

/** A shop on a fresh driver, or on what `wrap` makes of it. */
export async function openFor(
  makeDriver: MakeDriver,
  options: ShopOptions & { readonly wrap?: (driver: Driver) => Driver } = {},
): Promise<Shop> {
  const driver = await makeDriver();
  const shop = await openShop(options.wrap?.(driver) ?? driver, options);
  onTestFinished(() => shop.store.close());
  return shop;
}
