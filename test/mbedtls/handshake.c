#include "handshake.h"
#include <mbedtls/certs.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>
#include <stdlib.h>
#include <string.h>

static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context drbg;
/* Identity of the peer, the same in all. The device does not look at it. */
static mbedtls_x509_crt peer_cert;
static mbedtls_pk_context peer_key;

const char *prepare_handshakes(void) {
  const unsigned char *cert = (const unsigned char *)mbedtls_test_srv_crt_ec;
  const unsigned char *key = (const unsigned char *)mbedtls_test_srv_key_ec;
  mbedtls_entropy_init(&entropy);
  mbedtls_ctr_drbg_init(&drbg);
  mbedtls_x509_crt_init(&peer_cert);
  mbedtls_pk_init(&peer_key);
  if (mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, NULL, 0) != 0) return "randomness";
  if (mbedtls_x509_crt_parse(&peer_cert, cert, mbedtls_test_srv_crt_ec_len) != 0) return "a certificate of the peer";
  if (mbedtls_pk_parse_key(&peer_key, key, mbedtls_test_srv_key_ec_len, NULL, 0) != 0) return "a key of the peer";
  return NULL;
}

/* Bytes of a handshake on their way to one side. */
struct pipe {
  unsigned char bytes[1 << 17];
  size_t written, read;
};

struct side {
  mbedtls_ssl_context ssl;
  mbedtls_ssl_config config;
  struct pipe in;
  struct side *other;
};

static int put_bytes(void *context, const unsigned char *bytes, size_t length) {
  struct pipe *pipe = &((struct side *)context)->other->in;
  if (length > sizeof pipe->bytes - pipe->written) return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
  memcpy(pipe->bytes + pipe->written, bytes, length);
  pipe->written += length;
  return (int)length;
}

static int take_bytes(void *context, unsigned char *bytes, size_t length) {
  struct pipe *pipe = &((struct side *)context)->in;
  size_t available = pipe->written - pipe->read;
  if (available == 0) return MBEDTLS_ERR_SSL_WANT_READ;
  if (length > available) length = available;
  memcpy(bytes, pipe->bytes + pipe->read, length);
  pipe->read += length;
  return (int)length;
}

static int set_up(struct side *side, int is_server, int verification, mbedtls_x509_crt *cert, mbedtls_pk_context *key) {
  int endpoint = is_server ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT;
  int code;
  mbedtls_ssl_init(&side->ssl);
  mbedtls_ssl_config_init(&side->config);
  code = mbedtls_ssl_config_defaults(&side->config, endpoint, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
  if (code != 0) return code;
  mbedtls_ssl_conf_min_version(&side->config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
  mbedtls_ssl_conf_rng(&side->config, mbedtls_ctr_drbg_random, &drbg);
  mbedtls_ssl_conf_authmode(&side->config, verification);
  if ((code = mbedtls_ssl_conf_own_cert(&side->config, cert, key)) != 0) return code;
  if ((code = mbedtls_ssl_setup(&side->ssl, &side->config)) != 0) return code;
  mbedtls_ssl_set_bio(&side->ssl, side, put_bytes, take_bytes, NULL);
  return 0;
}

struct outcome shake_hands(int is_server, mbedtls_x509_crt *cert, mbedtls_pk_context *key, mbedtls_x509_crt *roots) {
  struct outcome outcome = {NULL, 0, 0};
  struct side *device = calloc(1, sizeof *device);
  struct side *peer = calloc(1, sizeof *peer);
  struct side *turn = device;
  int code, steps = 0, done = 0;
  if (device == NULL || peer == NULL) exit(2);
  device->other = peer;
  peer->other = device;
  code = set_up(peer, !is_server, MBEDTLS_SSL_VERIFY_OPTIONAL, &peer_cert, &peer_key);
  mbedtls_ssl_conf_ca_chain(&peer->config, roots, NULL);
  if (code == 0) code = set_up(device, is_server, MBEDTLS_SSL_VERIFY_NONE, cert, key);
  while (code == 0 && done < 2 && steps++ < 100) {
    code = mbedtls_ssl_handshake(&turn->ssl);
    done = code == 0 ? done + 1 : 0;
    if (code == MBEDTLS_ERR_SSL_WANT_READ || code == MBEDTLS_ERR_SSL_WANT_WRITE) code = 0;
    if (code == 0) turn = turn->other;
  }
  if (code == 0 && done < 2) code = MBEDTLS_ERR_SSL_TIMEOUT;
  if (code != 0) outcome.failed_at = turn == device ? "device" : "peer";
  outcome.code = code;
  outcome.flags = mbedtls_ssl_get_verify_result(&peer->ssl);
  mbedtls_ssl_free(&device->ssl);
  mbedtls_ssl_free(&peer->ssl);
  mbedtls_ssl_config_free(&device->config);
  mbedtls_ssl_config_free(&peer->config);
  free(device);
  free(peer);
  return outcome;
}
