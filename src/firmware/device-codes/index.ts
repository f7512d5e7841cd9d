import { enterprise, enterpriseFindings, errorKinds } from './at.ts';
import { fileFailures } from './certificates.ts';
import { reasons, tlsFailures } from './tls.ts';

/** Meaning of a number that a device printed. */
export interface DeviceCode {
  /** As it is written: `-0x2562`, `0x8003`. */
  readonly code: string;
  readonly table: 'mbedTLS' | 'Wi-Fi Enterprise' | 'ERR CODE';
  /** `MBEDTLS_ERR_X509_INVALID_EXTENSIONS`; none in the tables of AT. */
  readonly names: readonly string[];
  /** Sentences. */
  readonly meaning: string;
  /** Codes of at-pki that find the cause in the files. */
  readonly findings: readonly string[];
}

/** Looks a number up; undefined where it is in none of the tables. */
export function deviceCodeOf(word: string): DeviceCode | undefined {
  const number = Number.parseInt(word.replace(/^-/, ''), 16);
  const isNegative = word.startsWith('-');
  if (!isNegative && number >= 0x0100_0000 && number <= 0x01ff_ffff) return errorCode(number);
  const said = enterprise.get(number);
  if (!isNegative && said !== undefined) {
    const findings = enterpriseFindings.get(number) ?? [];
    return { code: hexOf(number), table: 'Wi-Fi Enterprise', names: [], meaning: said, findings };
  }
  return number < 0x8000 ? mbedTlsCode(number) : undefined;
}

/**
 * Numbers of mbedTLS, as the log of the device and `+ERRNO:` show them: a multiple of 0x80 that names what failed, less
 * a number below that for why: -0x2562 is -0x2500 and -0x62. From the headers of mbedTLS 2.28 and 3.6.
 */
function mbedTlsCode(number: number): DeviceCode | undefined {
  const failed = number & ~0x7f;
  const failure = fileFailures.get(failed) ?? tlsFailures.get(failed);
  const reason = reasons.get(number & 0x7f);
  if ((number & 0x7f) !== 0 && reason === undefined) return undefined;
  if (number >= 0x80 && failure === undefined) return undefined;
  const parts = [failure ?? [], reason ?? []].flat();
  if (parts.length === 0) return undefined;
  const why = reason && (failure ? ` In particular: ${reason.meaning}.` : `${capital(reason.meaning)}.`);
  return {
    code: `-${hexOf(number)}`,
    table: 'mbedTLS',
    names: parts.map(({ name }) => `MBEDTLS_ERR_${name}`),
    meaning: `${failure?.meaning ?? ''}${why ?? ''}`,
    findings: failure?.findings ?? [],
  };
}

function errorCode(number: number): DeviceCode | undefined {
  const kind = errorKinds.get((number >>> 16) & 0xff);
  if (kind === undefined) return undefined;
  const rest = number & 0xffff;
  const isHttp = ((number >>> 16) & 0xff) === 0x0a && rest >>> 12 === 7;
  const http = isHttp ? ` The server answered with the HTTP status ${rest & 0xfff}.` : '';
  const where = rest !== 0 && !isHttp ? ` Where or why: ${hexOf(rest)}.` : '';
  return {
    code: `0x${number.toString(16).padStart(8, '0')}`,
    table: 'ERR CODE',
    names: [],
    meaning: `${kind}${http}${where}`,
    findings: [],
  };
}

const hexOf = (number: number): string => `0x${number.toString(16).padStart(4, '0')}`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
