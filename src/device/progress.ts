/** What a run with a device is at, for whoever shows it. Bytes of the flash. */
export type Phase =
  | { readonly phase: 'connect'; readonly port: string }
  | { readonly phase: 'compare' }
  | { readonly phase: 'read' | 'write' | 'verify'; readonly done: number; readonly total: number }
  | { readonly phase: 'end' };

export type OnPhase = (phase: Phase) => void;
