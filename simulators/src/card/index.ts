// The card as software.

export {
  createVirtualCard,
  type VirtualCard,
  type VirtualCardKeys,
  type VirtualCardOptions,
  virtualCardKeys,
} from "./virtual-card.js";
