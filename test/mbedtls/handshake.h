#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>
#include <stdint.h>

struct outcome {
  /* Side whose handshake failed, `device` or `peer`; NULL where it succeeded. */
  const char *failed_at;
  int code;
  /* What the peer found wrong with the device's certificate: those of mbedtls_x509_crt_verify. */
  uint32_t flags;
};

/* Returns what this mbedTLS lacks; NULL where handshakes can begin. */
const char *prepare_handshakes(void);

/*
 * A TLS 1.2 handshake in memory between the device and a peer that trusts `roots`. The peer goes on whatever it makes
 * of the device's certificate and notes the flags, so that a failure is one of keys, algorithms or messages.
 */
struct outcome shake_hands(int is_server, mbedtls_x509_crt *cert, mbedtls_pk_context *key, mbedtls_x509_crt *roots);
