import type { ImageNode } from '../image-node.ts';

/** `added` and `removed`: only in the second, only in the first file. */
export interface Difference {
  readonly change: 'added' | 'removed' | 'changed';
  readonly node: ImageNode;
  readonly details: readonly Detail[];
}

export interface Detail {
  /** What differs: `value`, `subject`, `valid until`, … */
  readonly what: string;
  /** Absent where it is only on the other side. */
  readonly a?: string;
  readonly b?: string;
}
