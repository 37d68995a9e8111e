// A driver with some of its members in another's place.

import type { Driver } from "@pass-tpe/gateway/parts";

/** All but what is given is the driver's own. */
export function wrapped(inner: Driver, members: Partial<Driver>): Driver {
  return new Proxy(inner, {
    get: (target, name: keyof Driver) => members[name] ?? target[name],
  });
}
