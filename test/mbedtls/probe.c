/*
 * Takes certificates and keys as a device does and prints what mbedTLS makes of them: the reference of agree.test.ts.
 * Against mbedTLS 2.28 (Debian's libmbedtls-dev); esp-tls of ESP-IDF stands for the AT firmware, which is closed.
 *
 * Standard input has a trial a line, its fields separated by tabs:
 *
 *   own DATE ROLE CERT KEY ROOTS      the device proves its identity to a peer that trusts ROOTS
 *   ca  DATE ROLE CA NAME PEER...     the device verifies each PEER by CA; NAME is the peer's, or -
 *
 * DATE is in seconds since 1970. ROLE is that of the device: client, server, or mqtt (a client whose files travel as
 * text, so that they end at their first NUL). Standard output has a line for each:
 *
 *   STEP CODE FLAGS... [+LEFT_OUT]
 *
 * STEP is where it ended: `cert`, `key`, `pair`, `length` (CODE: bytes of the message), `device` or `peer` (the side
 * whose handshake failed), `done`. FLAGS are those of mbedtls_x509_crt_verify, for each peer. LEFT_OUT counts the
 * certificates of the file that mbedTLS passed over.
 *
 * Time: 2.28 as Debian builds it lacks mbedtls_platform_set_time, but its libraries call time() of libc, and a function
 * of that name in the program goes before it. So the library itself compares the dates. `main` proves it first.
 */
#include "handshake.h"
#include <inttypes.h>
#include <mbedtls/oid.h>
#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* MBEDTLS_SSL_OUT_CONTENT_LEN of ESP-AT; Debian's is 16384. */
#define OUT_CONTENT_LEN 4096
#define MOST_FIELDS 40

static time_t now;

time_t time(time_t *result) {
  if (result != NULL) *result = now;
  return now;
}

/* A file with a NUL behind it, as the firmware has it in memory; the length includes the NUL. */
static unsigned char *content(const char *path, int is_text, size_t *length) {
  FILE *file = fopen(path, "rb");
  long size = -1;
  unsigned char *bytes;
  if (file != NULL && fseek(file, 0, SEEK_END) == 0) size = ftell(file);
  if (size < 0 || (bytes = calloc(1, (size_t)size + 1)) == NULL) {
    fprintf(stderr, "%s cannot be read\n", path);
    exit(2);
  }
  rewind(file);
  *length = fread(bytes, 1, (size_t)size, file) + 1;
  fclose(file);
  if (is_text) *length = strlen((char *)bytes) + 1;
  return bytes;
}

static int read_certificates(mbedtls_x509_crt *chain, const char *path, int is_text) {
  size_t length;
  unsigned char *bytes = content(path, is_text, &length);
  int code = mbedtls_x509_crt_parse(chain, bytes, length);
  free(bytes);
  return code;
}

static int read_key(mbedtls_pk_context *key, const char *path, int is_text) {
  size_t length;
  unsigned char *bytes = content(path, is_text, &length);
  int code = mbedtls_pk_parse_key(key, bytes, length, NULL, 0);
  free(bytes);
  return code;
}

static void end_line(int left_out) {
  if (left_out > 0) printf(" +%d", left_out);
  putchar('\n');
  fflush(stdout);
}

static void print_code(const char *step, int code) {
  if (code < 0) printf("%s -0x%04x", step, (unsigned)-code);
  else printf("%s %d", step, code);
}

/* Bytes of the message Certificate (RFC 5246, 7.4.2): header and length of the list, then each with its length. */
static size_t message_length(const mbedtls_x509_crt *cert) {
  size_t length = 7;
  for (; cert != NULL && cert->version != 0; cert = cert->next) length += 3 + cert->raw.len;
  return length;
}

static void try_own(const char *role, char **files) {
  int is_text = strcmp(role, "mqtt") == 0;
  int code, left_out = 0;
  mbedtls_x509_crt cert, roots;
  mbedtls_pk_context key;
  mbedtls_x509_crt_init(&cert);
  mbedtls_x509_crt_init(&roots);
  mbedtls_pk_init(&key);
  if ((code = read_certificates(&cert, files[0], is_text)) < 0) print_code("cert", code);
  else {
    left_out = code;
    if ((code = read_key(&key, files[1], is_text)) != 0) print_code("key", code);
    else if ((code = mbedtls_pk_check_pair(&cert.pk, &key)) != 0) print_code("pair", code);
    else if (message_length(&cert) > OUT_CONTENT_LEN) print_code("length", (int)message_length(&cert));
    else {
      /* What the peer cannot read of its roots is not what is tried here. */
      read_certificates(&roots, files[2], 0);
      struct outcome outcome = shake_hands(strcmp(role, "server") == 0, &cert, &key, &roots);
      print_code(outcome.failed_at == NULL ? "done" : outcome.failed_at, outcome.code);
      printf(" 0x%" PRIx32, outcome.flags);
    }
  }
  end_line(left_out);
  mbedtls_x509_crt_free(&cert);
  mbedtls_x509_crt_free(&roots);
  mbedtls_pk_free(&key);
}

/* Whether its key usage allows any key exchange of TLS 1.2, as mbedtls_ssl_check_cert_usage looks at it. */
static int may_be_used(const mbedtls_x509_crt *cert, int is_server) {
  int exchange = mbedtls_pk_can_do(&cert->pk, MBEDTLS_PK_RSA) ? MBEDTLS_X509_KU_KEY_ENCIPHERMENT
                                                              : MBEDTLS_X509_KU_KEY_AGREEMENT;
  if (mbedtls_x509_crt_check_key_usage(cert, MBEDTLS_X509_KU_DIGITAL_SIGNATURE) == 0) return 1;
  /* A client proves itself by its signature in each of them. */
  return !is_server && mbedtls_x509_crt_check_key_usage(cert, exchange) == 0;
}

/* Flags of one peer's chain, with the purpose of the first certificate. */
static uint32_t flags_of(mbedtls_x509_crt *ca, const char *name, const char *path, int is_server) {
  const char *purpose = is_server ? MBEDTLS_OID_CLIENT_AUTH : MBEDTLS_OID_SERVER_AUTH;
  size_t length = strlen(purpose);
  uint32_t flags = 0;
  mbedtls_x509_crt chain;
  mbedtls_x509_crt_init(&chain);
  /* A handshake fails where a single certificate of the message cannot be read. */
  if (read_certificates(&chain, path, 0) != 0) flags = UINT32_MAX;
  else {
    int code = mbedtls_x509_crt_verify(&chain, ca, NULL, strcmp(name, "-") == 0 ? NULL : name, &flags, NULL, NULL);
    if (code != 0 && flags == 0) flags = UINT32_MAX;
    if (!may_be_used(&chain, is_server))
      flags |= MBEDTLS_X509_BADCERT_KEY_USAGE;
    if (mbedtls_x509_crt_check_extended_key_usage(&chain, purpose, length) != 0)
      flags |= MBEDTLS_X509_BADCERT_EXT_KEY_USAGE;
  }
  mbedtls_x509_crt_free(&chain);
  return flags;
}

static void try_ca(const char *role, char **files, int count) {
  int code;
  mbedtls_x509_crt ca;
  mbedtls_x509_crt_init(&ca);
  code = read_certificates(&ca, files[0], strcmp(role, "mqtt") == 0);
  if (code < 0) print_code("cert", code);
  else {
    print_code("done", 0);
    for (int at = 2; at < count; at++)
      printf(" 0x%" PRIx32, flags_of(&ca, files[1], files[at], strcmp(role, "server") == 0));
  }
  end_line(code);
  mbedtls_x509_crt_free(&ca);
}

/* Whether the library asks `time` above for the time. */
static int is_clock_ours(void) {
  mbedtls_x509_time day = {2030, 1, 1, 0, 0, 0};
  int before, after;
  now = 0;
  before = mbedtls_x509_time_is_past(&day);
  now = 0x7fffffff;
  after = mbedtls_x509_time_is_past(&day);
  return !before && after;
}

int main(void) {
  static char line[1 << 15];
  const char *missing = is_clock_ours() ? prepare_handshakes() : "a clock that can be set";
  if (missing != NULL) {
    fprintf(stderr, "this mbedTLS lacks %s\n", missing);
    return 3;
  }
  while (fgets(line, sizeof line, stdin) != NULL) {
    char *fields[MOST_FIELDS];
    int count = 0;
    for (char *field = strtok(line, "\t\n"); field != NULL && count < MOST_FIELDS; field = strtok(NULL, "\t\n"))
      fields[count++] = field;
    if (count < 6) return 2;
    now = (time_t)strtoll(fields[1], NULL, 10);
    if (strcmp(fields[0], "own") == 0) try_own(fields[2], fields + 3);
    else try_ca(fields[2], fields + 3, count - 3);
  }
  return 0;
}
