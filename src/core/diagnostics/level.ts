/** Weight of a diagnostic; an error holds images back. */
export type Severity = 'error' | 'warning' | 'info';
