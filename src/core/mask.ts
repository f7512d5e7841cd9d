/** A text of at least this length that a program printed as content is looked for in what it complains of. */
const shortestSecret = 8;
const masked = '[…]';

/**
 * A program's complaint without anything that could be of a key: PEM blocks, whatever looks like base64 or hex, and
 * every line of `secrets`. Rather too much is left out than too little.
 */
export function maskSecrets(text: string, secrets: readonly string[] = []): string {
  const lines = secrets
    .flatMap((secret) => secret.split(/[\r\n]+/))
    .map((line) => line.trim())
    .filter((line) => line.length >= shortestSecret);
  let shown = text.replace(/-----BEGIN [^\0]*?(?:-----END [^-\r\n]*-----|$)/g, masked);
  for (const line of new Set(lines)) shown = shown.replaceAll(line, masked);
  return (
    shown
      // Pairs of hex digits, as openssl prints numbers: 00:b4:7f, also over several lines.
      .replace(/(?:\b[0-9a-f]{2}[: ,\n\r\t]+){7,}[0-9a-f]{2}\b/gi, masked)
      .replace(/[A-Za-z0-9+/_-]{16,}={0,2}/g, (word) => (isTelling(word) ? masked : word))
  );
}

/** Whether a long word could be base64 or hex: words and paths have neither digits between letters nor both cases. */
function isTelling(word: string): boolean {
  if (/^[0-9a-f]+$/i.test(word)) return true;
  // A path or a name with dashes is made of short words.
  if (word.split(/[/_-]/).every((part) => part.length < 16 && /^([a-z]+|[A-Z][a-z]*|[A-Z]+|\d*)$/.test(part)))
    return false;
  return /\d/.test(word) || (/[a-z]/.test(word) && /[A-Z]/.test(word)) || word.length >= 40;
}
