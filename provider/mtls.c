/* SPDX-License-Identifier: Apache-2.0
 *
 * A self-signed P-256 certificate for "localhost". The only file that includes OpenSSL.
 *
 * Source: go-plugin puts the server's certificate into its root pool and calls the server
 * "localhost", so the certificate is its own authority and serves both usages. P-256 because it
 * is the one curve that gRPC core 1.51 offers, and the fastest.
 */
#include "mtls.h"

#include "glm/codec.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#define LIFETIME_SECONDS (365L * 24 * 60 * 60)

static bool extend(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool ok = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return ok;
}

static bool set_serial(X509 *certificate)
{
    unsigned char bytes[8];
    uint64_t serial = 0;
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    for (size_t i = 0; i < sizeof bytes; i++)
        serial = serial << 8 | bytes[i];
    return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1) == 1;
}

/* What X509_set_pubkey does, without its way through OpenSSL's encoders and decoders, which takes a
 * fifth of the time from start to handshake. */
static bool set_public_key(X509 *certificate, EVP_PKEY *key)
{
    size_t len = 0;
    unsigned char *point = NULL;
    bool ok =
        EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, NULL, 0, &len) == 1 &&
        (point = OPENSSL_malloc(len)) &&
        EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, len, &len) == 1 &&
        X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(certificate),
                               OBJ_nid2obj(NID_X9_62_id_ecPublicKey), V_ASN1_OBJECT,
                               OBJ_nid2obj(NID_X9_62_prime256v1), point, (int)len) == 1;
    if (!ok)
        OPENSSL_free(point);
    return ok;
}

static bool fill(X509 *certificate, EVP_PKEY *key)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    static const unsigned char organization[] = "HashiCorp", common[] = "localhost";
    return X509_set_version(certificate, 2) == 1 && set_serial(certificate) &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -30) &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), LIFETIME_SECONDS) &&
           X509_NAME_add_entry_by_NID(name, NID_organizationName, MBSTRING_ASC, organization, -1,
                                      -1, 0) == 1 &&
           X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC, common, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 && set_public_key(certificate, key) &&
           extend(certificate, NID_basic_constraints, "critical,CA:TRUE") &&
           extend(certificate, NID_key_usage,
                  "critical,digitalSignature,keyEncipherment,keyAgreement,keyCertSign") &&
           extend(certificate, NID_ext_key_usage, "clientAuth,serverAuth") &&
           extend(certificate, NID_subject_alt_name, "DNS:localhost") &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

static const char *take_text(struct glm_arena *arena, BIO *bio)
{
    char *data;
    long len = BIO_get_mem_data(bio, &data);
    return len > 0 ? glm_strndup(arena, data, (size_t)len) : NULL;
}

/* The certificate in base64 as go-plugin wants it: one line without padding. */
static const char *der_line(struct glm_arena *arena, X509 *certificate)
{
    unsigned char *der = NULL;
    int len = i2d_X509(certificate, &der);
    if (len <= 0)
        return NULL;
    const char *text = glm_base64_encode(arena, der, (size_t)len);
    OPENSSL_free(der);
    return glm_strndup(arena, text, strcspn(text, "="));
}

static bool write_out(struct glm_arena *arena, X509 *certificate, EVP_PKEY *key,
                      struct glm_identity *ret_identity)
{
    BIO *certificate_bio = BIO_new(BIO_s_mem()), *key_bio = BIO_new(BIO_s_secmem());
    bool ok = certificate_bio && key_bio && PEM_write_bio_X509(certificate_bio, certificate) == 1 &&
              PEM_write_bio_PrivateKey_traditional(key_bio, key, NULL, NULL, 0, NULL, NULL) == 1;
    if (ok) {
        ret_identity->certificate_pem = take_text(arena, certificate_bio);
        ret_identity->key_pem = take_text(arena, key_bio);
        ret_identity->certificate_line = der_line(arena, certificate);
        ok = ret_identity->certificate_pem && ret_identity->key_pem &&
             ret_identity->certificate_line;
    }
    BIO_free(certificate_bio);
    BIO_free(key_bio);
    return ok;
}

bool glm_identity_make(struct glm_arena *arena, struct glm_identity *ret_identity,
                       const char **ret_why)
{
    /* The system's openssl.cnf has nothing to say here, and reading it costs start-up time. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    bool ok = key && certificate && fill(certificate, key) &&
              write_out(arena, certificate, key, ret_identity);
    if (!ok)
        *ret_why = "OpenSSL could not make a key and certificate";
    X509_free(certificate);
    EVP_PKEY_free(key);
    return ok;
}
