/* SPDX-License-Identifier: Apache-2.0
 *
 * Certificates for fake servers and their clients.
 */
#include "fake_https.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(bool ok)
{
    if (ok)
        return;
    fprintf(stderr, "fake_identity: OpenSSL failed\n");
    abort();
}

static BIO *reader(const char *pem)
{
    return BIO_new_mem_buf(pem, -1);
}

static const char *text_of(struct glm_arena *arena, BIO *bio)
{
    char *data;
    long len = BIO_get_mem_data(bio, &data);
    const char *text = glm_strndup(arena, data, (size_t)len);
    BIO_free(bio);
    return text;
}

static void extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    must(extension && X509_add_ext(certificate, extension, -1));
    X509_EXTENSION_free(extension);
}

struct fake_identity fake_identity(struct glm_arena *arena, const char *common_name,
                                   const char *names, const struct fake_identity *issuer,
                                   int from_hours, int for_hours)
{
    EVP_PKEY *key = EVP_EC_gen("P-256"), *issuer_key = key;
    X509 *certificate = X509_new(), *issuer_certificate = certificate;
    unsigned char serial[8];
    must(key && certificate && RAND_bytes(serial, sizeof serial));
    if (issuer) {
        BIO *in = reader(issuer->certificate), *key_in = reader(issuer->key);
        issuer_certificate = PEM_read_bio_X509(in, NULL, NULL, NULL);
        issuer_key = PEM_read_bio_PrivateKey(key_in, NULL, NULL, NULL);
        BIO_free(in);
        BIO_free(key_in);
    }
    X509_set_version(certificate, 2);
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    X509_gmtime_adj(X509_getm_notBefore(certificate), (long)from_hours * 3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), (long)(from_hours + for_hours) * 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               (const unsigned char *)common_name, -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer_certificate));
    X509_set_pubkey(certificate, key);
    extend(certificate, issuer_certificate, NID_basic_constraints,
           names ? "critical,CA:FALSE" : "critical,CA:TRUE");
    if (names)
        extend(certificate, issuer_certificate, NID_subject_alt_name, names);
    must(X509_sign(certificate, issuer_key, EVP_sha256()) > 0);

    BIO *out = BIO_new(BIO_s_mem()), *key_out = BIO_new(BIO_s_mem());
    must(PEM_write_bio_X509(out, certificate) &&
         PEM_write_bio_PrivateKey(key_out, key, NULL, NULL, 0, NULL, NULL));
    struct fake_identity made = {text_of(arena, out), text_of(arena, key_out)};
    if (issuer) {
        X509_free(issuer_certificate);
        EVP_PKEY_free(issuer_key);
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    return made;
}

const char *fake_encrypted_key(struct glm_arena *arena, const char *pem)
{
    BIO *in = reader(pem), *out = BIO_new(BIO_s_mem());
    EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
    unsigned char pass[] = "pass";
    must(PEM_write_bio_PrivateKey(out, key, EVP_aes_128_cbc(), pass, 4, NULL, NULL));
    EVP_PKEY_free(key);
    BIO_free(in);
    return text_of(arena, out);
}
