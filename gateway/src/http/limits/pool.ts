// A bounded set of connections: when it is full, the network that holds most of it makes room, so that no crowd keeps others out.

/** What is cut where it must go; a socket is one. */
export interface Cuttable {
  destroy(): unknown;
}

export interface PoolLimits {
  readonly max: number;
  /** How many of them may come from one network. */
  readonly perNetworkMax: number;
}

export interface Pool {
  /**
   * Takes a connection in. Where there is no room, the oldest of its network is cut, or of the network that holds most,
   * this connection counted; among those that hold as many, the oldest of all.
   */
  add(socket: Cuttable, network: string): void;
  delete(socket: Cuttable): void;
}

/** Builds an empty pool. */
export function createPool({ max, perNetworkMax }: PoolLimits): Pool {
  // A Map keeps the order in which its keys were put in: the oldest is the first.
  const networks = new Map<Cuttable, string>();
  const counts = new Map<string, number>();

  function remove(socket: Cuttable): void {
    const network = networks.get(socket);
    if (network === undefined) return;
    networks.delete(socket);
    const left = (counts.get(network) ?? 1) - 1;
    if (left === 0) counts.delete(network);
    else counts.set(network, left);
  }

  function cutOldest(isOf: (network: string) => boolean): void {
    for (const [socket, network] of networks) {
      if (!isOf(network)) continue;
      remove(socket);
      socket.destroy();
      return;
    }
  }

  return {
    add(socket, network) {
      const held = (counts.get(network) ?? 0) + 1;
      networks.set(socket, network);
      counts.set(network, held);
      if (held > perNetworkMax) cutOldest((its) => its === network);
      else if (networks.size > max) {
        const most = Math.max(...counts.values());
        cutOldest((its) => counts.get(its) === most);
      }
    },
    delete: remove,
  };
}
