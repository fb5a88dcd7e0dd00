/* SPDX-License-Identifier: Apache-2.0
 *
 * Credentials in what others say: starred in whatever form they come back. The tokens are made up.
 */
#include "../../src/kube/exec/exec.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

static struct secrets *one(struct glm_arena *a, const char *secret)
{
    struct secrets *s = exec_secrets_create(a);
    exec_secrets_add(s, secret);
    return s;
}

static const char *star(const struct secrets *s, struct glm_arena *a, const char *text)
{
    return exec_secrets_starred(s, a, text, strlen(text));
}

static void a_secret_is_found_in_every_form(void **state)
{
    struct glm_arena *a = *state;
    const struct secrets *s = one(a, "a/b+c\"d\\ge\xC3\xA4n=42");
    static const char *const cases[][2] = {
        {"token a/b+c\"d\\ge\xC3\xA4n=42 is old", "token *** is old"},
        {"q=a%2Fb%2bc%22d%5Cge%C3%A4n%3D42&x", "q=***&x"},
        {"{\"t\":\"a\\/b+c\\\"d\\\\ge\\u00e4n=42\"}", "{\"t\":\"***\"}"},
        {"\\x61/b\\u002Bc\\\"d\\\\ge\xC3\xA4n=42", "***"},
        {"base64 YS9iK2MiZFxnZcOkbj00Mg==.", "base64 ***==."},
        {"nothing of it", "nothing of it"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(star(s, a, cases[i][0]), cases[i][1]);
    assert_string_equal(star(one(a, "\?\?>>\?\?>>"), a, "Pz8-Pj8_Pj4 Pz8+Pj8/Pj4="), "*** ***=");
}

/* A credential is in a header, in JSON, in a dump of bytes. */
static void a_secret_is_found_in_what_was_encoded_with_it(void **state)
{
    struct glm_arena *a = *state;
    const struct secrets *s = one(a, "s3cret-t0ken/of+mine");
    static const char *const cases[][2] = {
        /* Bearer TOKEN; xTOKENx; {"t":"TOKEN"} */
        {"QmVhcmVyIHMzY3JldC10MGtlbi9vZittaW5l", "QmVhcmVyIH***"},
        {"eHMzY3JldC10MGtlbi9vZittaW5leA==", "eH***eA=="},
        {"eyJ0IjoiczNjcmV0LXQwa2VuL29mK21pbmUifQ==", "eyJ0Ijoi***ifQ=="},
        {"7333637265742d74306b656e2f6f662b6d696e65", "***"},
        {"key 7333637265742D74306B656E2F6F662B6D696E65.", "key ***."},
        {"[115 51 99 114 101 116 45 116 48 107 101 110 47 111 102 43 109 105 110 101]", "[***]"},
        {"73 33 63 72 65 74 2d 74 30 6b 65 6e 2f 6f 66 2b 6d 69 6e 65", "***"},
        {"73:33:63:72:65:74:2D:74:30:6B:65:6E:2F:6F:66:2B:6D:69:6E:65", "***"},
        {"0000 163 063 143 162 145 164 055 164 060 153 145 156 057 157 146 053 155 151 156 145",
         "0000 ***"},
        {"\\163\\063\\143\\162\\145\\164-t0ken/of+mine", "***"},
        /* base32 of it, of xTOKENx, of BearerTOKEN */
        {"OMZWG4TFOQWXIMDLMVXC633GFNWWS3TF is", "*** is"},
        {"pbztgy3smv2c25bqnnsw4l3pmyvw22lomv4a====", "pb***v4a===="},
        {"IJSWC4TFOJZTGY3SMV2C25BQNNSW4L3PMYVW22LOMU======", "IJSWC4TFOJ***U======"},
        /* base64 of base64 of it, and of {"t":"TOKEN"} */
        {"Y3pOamNtVjBMWFF3YTJWdUwyOW1LMjFwYm1VPQ==", "***1VPQ=="},
        {"ZXlKMElqb2ljek5qY21WMExYUXdhMlZ1TDI5bUsyMXBibVVpZlE9PQ==", "ZXlKMElqb2l***VVpZlE9PQ=="},
        {"s3cret-t0ken/of+mi\nne", "***"},
        {"czNjcmV0LXQw\r\n  a2VuL29mK21pbmU= and more", "***= and more"},
        {"czNjcmV0LXQw\\r\\n\\ta2VuL29mK21pbmU= and more", "***= and more"},
        {"s3cret-t0ken\xE2\x80\x8B/of+mine and", "*** and"},
        {"s3cret-t0ken other words", "s3cret-t0ken other words"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(star(s, a, cases[i][0]), cases[i][1]);
}

/* Whatever stands between its characters, and in whichever case they are. */
static void a_secret_is_found_folded(void **state)
{
    struct glm_arena *a = *state;
    const struct secrets *s = one(a, "s3cret-t0ken/of+mine+42");
    static const char *const cases[][2] = {
        {"s3cre\nt-t0k\nen/of\n+mine\n+42 is", "*** is"},
        {"S3CRET-T0KEN/OF+MINE+42.", "***."},
        {"it is s 3 c r e t - t 0 k e n / o f + m i n e + 4 2", "it is ***"},
        {"s.3.c.r.e.t-t.0.k.e.n/o.f m.i.n.e 4.2", "***"},
        {"\"s3cre\\nt-t0k\\nen/of\\n+mine\\n+42\"", "\"***\""},
        {"| s3cre |\n| t-t0k |\n| en/of |\n| +mine |", "| *** |"},
        {"3cret_T0ken_of_mine is a part", "*** is a part"},
        {"s3cretT0kenofm", "s3cretT0kenofm"},
        /* base64 and hexadecimal numbers of it */
        {"czNjc mV0LX Qwa2V uL29m K21pb mUrND I= X", "*** I= X"},
        {"CZNJCMV0LXQWA2VUL29MK21PBMURNDI=", "***I="},
        {"73 33 63-72 65 74:2d:74 30 6b 65 6e 2f 6f", "***"},
        {" 115  51  99 114 101\n 116  45 116  48 107 101", " ***"},
        {"163-063-143-162-145-164-055-164", "***"},
        {"other words, some 300 of them in a row, about tokens", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(star(s, a, cases[i][0]), cases[i][1] ? cases[i][1] : cases[i][0]);
    assert_string_equal(star(one(a, "pass-1234"), a, "P A S S 1 2 3 4 x"), "*** x");
    assert_string_equal(
        star(one(a, "-----BEGIN RSA PRIVATE KEY-----\nMIIabcdefgh0123456\n-----END RSA "
                    "PRIVATE KEY-----\n"),
             a, "no BEGIN RSA PRIVATE KEY but mii-abcdefgh-0123456"),
        "no BEGIN RSA PRIVATE KEY but ***");
}

/* However much there is, and however alike it is. */
static void folded_secrets_are_found_in_time(void **state)
{
    struct glm_arena *a = *state;
    size_t len = (size_t)64 << 10;
    char *secret = glm_alloc(a, len + 1), *text = glm_alloc(a, 16 * len + 1);
    for (size_t i = 0; i < len; i++)
        secret[i] = i % 2 ? 'a' : '1';
    for (size_t i = 0; i < 16 * len; i++)
        text[i] = i % 3 ? ' ' : i % 2 ? 'A' : '1';
    text[16 * len - 1] = '\0';
    assert_string_equal(star(one(a, secret), a, text), "***  ");
}

/* What begins escapes may be in a secret, as itself or escaped. */
static void a_secret_with_escapes_in_it_is_found(void **state)
{
    struct glm_arena *a = *state;
    const struct secrets *s = one(a, "p%00\\\xC3\x9F&\"<9'x");
    static const char *const cases[] = {
        "p%00\\\xC3\x9F&\"<9'x",
        "p%2500%5C%C3%9F%26%22%3C9%27x",
        "p%00\\\\\xC3\x9F&\\\"<9'x",
        "p%00\\\\\\u00df\\u0026\\\"\\u003c9'x",
        "p%00\\&#223;&amp;&quot;&lt;9&#39;x",
        "p%00\\&#xDF;&#x26;&#x22;&lt;9&apos;x",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(star(s, a, cases[i]), "***");
    assert_string_equal(star(one(a, "pass word & more"), a, "p=pass+word+%26+more&x"), "p=***&x");
    static const char *const blanks[] = {"p word & more", " pword & more", "  word & more"};
    static const char *const forms[] = {"p=p+word+%26+more", "p=+pword+%26+more",
                                        "p=++word+%26+more"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
        assert_string_equal(star(one(a, blanks[i]), a, forms[i]), "p=***");
    static const char none[] = "p%00 and &#99999999; &#; &# &amp";
    assert_string_equal(star(s, a, none), none);
}

/* JSON in JSON, a URL in a URL, one in the other. */
static void a_secret_that_was_escaped_twice_is_found(void **state)
{
    struct glm_arena *a = *state;
    const struct secrets *s = one(a, "\"p%00\\\xC3\x9F&\"<9'x");
    static const char *const cases[] = {
        "\\\"p%00\\\\\xC3\x9F&\\\"<9'x",
        "\\\\\\\"p%00\\\\\\\\\xC3\x9F&\\\\\\\"<9'x",
        "\\\\\\\"p%00\\\\\\\\\\\\u00df\\\\u0026\\\\\\\"\\\\u003c9'x",
        "%2522p%252500%255C%25C3%259F%2526%2522%253C9%2527x",
        "&amp;quot;p%00\\\xC3\x9F&amp;amp;&amp;quot;&amp;lt;9&amp;#39;x",
        "%5C%22p%2500%5C%5C%C3%9F%26%5C%22%3C9%27x",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(star(s, a, cases[i]), "***");
}

static void what_a_login_is_sent_as_is_found_with_its_parts(void **state)
{
    struct glm_arena *a = *state;
    struct secrets *s = exec_secrets_create(a);
    exec_secrets_add_login(s, "admin", "pa55word");
    assert_string_equal(star(s, a, "bad login admin:pa55word"), "bad login ***");
    assert_string_equal(star(s, a, "Basic YWRtaW46cGE1NXdvcmQ="), "Basic ***=");
    assert_string_equal(star(s, a, "no pa55word for admin"), "no *** for admin");
    s = exec_secrets_create(a);
    exec_secrets_add_url(s, "http://proxy:s%2Fcret-1@10.0.0.1:3128");
    assert_string_equal(star(s, a, "407 for s/cret-1 or s%2fcret-1"), "407 for *** or ***");
    assert_string_equal(star(s, a, "http://10.0.0.1:3128 proxy"), "http://10.0.0.1:3128 proxy");
    s = exec_secrets_create(a);
    exec_secrets_add_url(s, "http://proxy:se cret\"s'1@10.0.0.1:3128"); /* that nobody escaped */
    assert_string_equal(star(s, a, "407 for se cret\"s'1"), "407 for ***");
    s = exec_secrets_create(a);
    exec_secrets_add_url(s, "https://u:pw-first@a/ https://u:pw-second@b/,https://u:pw@third@c");
    assert_string_equal(star(s, a, "no pw-first, pw-second, pw@third, dTpwdy1maXJzdA=="),
                        "no ***, ***, ***, ***==");
    s = exec_secrets_create(a);
    exec_secrets_add_url(s, "postgres://app:Pw1234567@db/x?mail=me@corp");
    assert_string_equal(star(s, a, "no Pw1234567 of app"), "no *** of app");
    s = exec_secrets_create(a);
    exec_secrets_add_url(s, "https://login/?to=https://u:pw-inner@a/"); /* one in another */
    assert_string_equal(star(s, a, "no pw-inner"), "no ***");
    s = exec_secrets_create(a);
    exec_secrets_add_url(s, "https://10.0.0.1:6443/a@b"); /* that is not a user either way */
    assert_string_equal(star(s, a, "https://10.0.0.1:6443"), "https://10.0.0.1:6443");
}

/* header {"alg":"none"}, payload {"sub":"system:admin"} */
#define SIGNATURE "c2lnbmF0dXJlLW9mLXRoaXMtdG9rZW4"
#define JWT "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzeXN0ZW06YWRtaW4ifQ." SIGNATURE

static void parts_of_a_token_and_its_beginning_are_found(void **state)
{
    struct glm_arena *a = *state;
    const struct secrets *s = one(a, JWT);
    assert_string_equal(star(s, a, "signature " SIGNATURE " is bad"), "signature *** is bad");
    assert_string_equal(star(s, a, "token eyJhbGciOiJub25lIn0.eyJzdWIi..."), "token ***...");
    assert_string_equal(star(s, a, "claims {\"sub\":\"system:admin\"}"), "claims ***");
    s = one(a, "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n"
               "BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END PRIVATE KEY-----\n");
    assert_string_equal(star(s, a, "key BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"), "key ***");
    assert_string_equal(star(s, a, "-----BEGIN PRIVATE KEY-----"), "-----BEGIN PRIVATE KEY-----");
}

/* As when a wrong file was taken for one. */
static void a_secret_of_many_megabytes_is_found_and_costs_a_few_times_that(void **state)
{
    size_t len = (size_t)8 << 20;
    struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create(16 * len);
    char *text = glm_alloc(a, len + 1);
    memset(text, 'x', len);
    const struct secrets *s = one(a, text);
    assert_string_equal(star(s, a, text), "***");
    assert_string_equal(star(s, a, "none"), "none");
    (void)state;
}

static void short_secrets_are_words_of_their_own(void **state)
{
    struct glm_arena *a = *state;
    const struct secrets *s = one(a, "cat");
    assert_string_equal(star(s, a, "password \"cat\" is wrong; concatenate"),
                        "password \"***\" is wrong; concatenate");
    assert_string_equal(star(one(a, "ab"), a, "ab"), "ab"); /* too short to be told from words */
    struct secrets *login = exec_secrets_create(a);
    exec_secrets_add_login(login, "root", "x");
    assert_string_equal(star(login, a, "root:x cm9vdDp4"), "*** ***");
}

static void arguments_of_plugins_are_secrets_where_they_look_so(void **state)
{
    struct glm_arena *a = *state;
    static const char *const args[] = {
        "get-token",
        "--cluster-name",
        "prod-eu-1",
        "--token",
        "t0psecret-1",
        "--api-key=k3y-value-1",
        "-c",
        "curl -u bob:hunter22 https://x:pw-of-x-1@idp/ -H 'Authorization: Bearer abc123xyz9'",
        "QWxhZGRpbjpvcGVuIHNlc2FtZT9",
        "--password",
        "hun ter 3",
    };
    struct secrets *s = exec_secrets_create(a);
    for (size_t i = 0; i < sizeof args / sizeof *args; i++)
        exec_secrets_add_argument(s, i ? args[i - 1] : NULL, args[i]);
    static const char *const hidden[] = {
        "t0psecret-1",
        "k3y-value-1",
        "hunter22",
        "bob:hunter22",
        "pw-of-x-1",
        "abc123xyz9",
        "QWxhZGRpbjpvcGVuIHNlc2FtZT9",
        "hun ter 3",
    };
    static const char *const shown[] = {"get-token", "--cluster-name", "prod-eu-1",    "--token",
                                        "curl",      "https://idp/",   "Authorization"};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        assert_string_equal(star(s, a, hidden[i]), "***");
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        assert_string_equal(star(s, a, shown[i]), shown[i]);
}

static void all_that_a_cluster_is_reached_with_is_secret(void **state)
{
    struct glm_arena *a = *state;
    static const char *const args[] = {"--password", "arg-secret-1", NULL};
    const struct glm_pair environment[] = {
        {.key = "VAULT_TOKEN", .value = glm_string(a, "env-secret-1")},
        {.key = "AWS_PROFILE", .value = glm_string(a, "production")},
    };
    const struct exec_config exec = {
        .command = "x", .args = args, .environment = environment, .environment_count = 2};
    const struct access access = {
        .route = {.key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nxx\n"},
        .proxy = "socks5h://u:proxy-secret-1@p",
        .token = "token-secret-1",
        .username = "admin",
        .password = "pass-secret-1",
        .exec = &exec,
    };
    const struct credential credential = {.authorization = "Bearer sent-secret-1"};
    setenv("HTTPS_PROXY", "http://u:system-secret-1@p", 1);
    const struct secrets *s = exec_secrets_of(a, &access, &credential);
    unsetenv("HTTPS_PROXY");
    static const char *const hidden[] = {
        "arg-secret-1",        "env-secret-1",   "MIIEvQIBADANBgkqhkiG9w0B",
        "proxy-secret-1",      "token-secret-1", "pass-secret-1",
        "admin:pass-secret-1", "sent-secret-1",  "system-secret-1",
    };
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        assert_string_equal(star(s, a, hidden[i]), "***");
    assert_string_equal(star(s, a, "admin of production"), "admin of production");
}

static void a_secret_in_pieces_with_words_between_them_is_found(void **state)
{
    struct glm_arena *a = *state;
    const struct secrets *s = one(a, "Q3xk-v7Lm/p0Za+t9Wb=n2Yd.r8Ec_u4Hf");
    static const char *const cases[][2] = {
        {"part 1: Q3xkv7, part 2: Lmp0Za, part 3: t9Wbn2Yd.",
         "part 1: ***, part 2: ***, part 3: ***."},
        {"a=v7lm b=p0za c=T9WB d=N2YD", "a=*** b=*** c=*** d=***"},
        {"the end: n2Yd, then r8Ec_u4Hf4711", "the end: n2Yd, then r8Ec_u4Hf4711"},
        {"v7Lm and p0Za and so on", "v7Lm and p0Za and so on"}, /* it is too little */
        {"p0Za v7Lm t9Wb n2Yd", "p0Za v7Lm t9Wb n2Yd"},         /* and in another order */
        {"1: ~p0Za+ 2: t9 3: Wb=n2 4: Yd.r8Ec_u 5: 4",
         "1: ~***+ 2: *** 3: ***=*** 4: ***.***_*** 5: ***"},
        {"u4Hf x Q3xk x v7Lm x p0Za x t9Wb x other", "u4Hf x *** x *** x *** x *** x other"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(star(s, a, cases[i][0]), cases[i][1]);
    const char *far = "v7Lm 1 2 3 4 5 6 7 8 9 p0Za t9Wb n2Yd r8Ec";
    assert_string_equal(star(s, a, far), "v7Lm 1 2 3 4 5 6 7 8 9 ***");
    /* Words that a login has too are no pieces of it. */
    assert_string_equal(star(one(a, "correct-horse-battery-staple"), a,
                             "a correct answer of a horse with a battery and a staple"),
                        "a correct answer of a horse with a battery and a staple");
}

static void working_directories_are_no_secrets(void **state)
{
    struct glm_arena *a = *state;
    static const char *const environment[] = {"PWD=/home/me/estate-1", "OLDPWD=/home/me/other-1",
                                              "DB_PWD=pass-secret-1", NULL};
    struct secrets *s = exec_secrets_create(a);
    exec_secrets_add_environment(s, environment);
    assert_string_equal(star(s, a, "no /home/me/estate-1/x and no /home/me/other-1/pass-secret-1"),
                        "no /home/me/estate-1/x and no /home/me/other-1/***");
}

static void answers_are_starred_where_people_read_them(void **state)
{
    struct glm_arena *a = *state;
    struct secrets *s = one(a, "0123456789abcdef-token");
    exec_secrets_add(s, "HEALTHY");
    const struct glm_value *answer = glm_test_value(
        a, "{'spec': {'x': '0123456789abcdef-token'}, 'status': {'status': 'HEALTHY', "
           "'conditions': [{'message': 'is HEALTHY, 0123456789abcdef-token'}, {'reason': "
           "'0123456789abcdef-token'}]}}");
    glm_assert_value_equal(
        exec_secrets_starred_answer(s, a, NULL, NULL, answer),
        glm_test_value(a, "{'spec': {'x': '***'}, 'status': {'status': "
                          "'HEALTHY', 'conditions': [{'message': 'is ***, ***'}, {'reason': "
                          "'***'}]}}"));
    glm_assert_value_equal(
        exec_secrets_starred_answer(
            s, a, NULL, NULL,
            glm_test_value(a, "{'status': {'0123456789abcdef-token': {'error': 'x'}}}")),
        glm_test_value(a, "{'status': {'***': {'error': 'x'}}}"));
    /* Some of it in a label, some of it in another; what is shorter may be anything. */
    glm_assert_value_equal(
        exec_secrets_starred_answer(
            s, a, NULL, NULL,
            glm_test_value(a, "{'metadata': {'labels': {'one': 'x.123456789abcdef-t', 'two': "
                              "'01-23-45-67-89-ab-cd-ef', 'three': '0123456789abcde'}}}")),
        glm_test_value(a, "{'metadata': {'labels': {'one': 'x.***', 'two': '***', 'three': "
                          "'0123456789abcde'}}}"));
    const struct glm_value *harmless = glm_test_value(a, "{'status': {'a': ['b', 1, null]}}");
    assert_ptr_equal(exec_secrets_starred_answer(s, a, NULL, NULL, harmless), harmless);
}

static bool goes_on_no_more(const void *context)
{
    (void)context;
    return false;
}

static void looking_for_secrets_ends_when_it_is_told(void **state)
{
    struct glm_arena *a = *state;
    const struct secrets *s = one(a, "s3cret-t0ken/of+mine");
    char *text = glm_alloc(a, (size_t)1 << 20);
    memset(text, '%', ((size_t)1 << 20) - 1);
    const struct glm_value *large = glm_string(a, text), *small = glm_string(a, "harmless");
    assert_null(exec_secrets_starred_answer(s, a, goes_on_no_more, NULL, large));
    assert_ptr_equal(exec_secrets_starred_answer(s, a, goes_on_no_more, NULL, small), small);
    assert_ptr_equal(exec_secrets_starred_answer(s, a, NULL, NULL, large), large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_found_in_every_form),
        cmocka_unit_test(a_secret_is_found_in_what_was_encoded_with_it),
        cmocka_unit_test(a_secret_is_found_folded),
        cmocka_unit_test(folded_secrets_are_found_in_time),
        cmocka_unit_test(a_secret_with_escapes_in_it_is_found),
        cmocka_unit_test(a_secret_that_was_escaped_twice_is_found),
        cmocka_unit_test(looking_for_secrets_ends_when_it_is_told),
        cmocka_unit_test(what_a_login_is_sent_as_is_found_with_its_parts),
        cmocka_unit_test(parts_of_a_token_and_its_beginning_are_found),
        cmocka_unit_test(a_secret_of_many_megabytes_is_found_and_costs_a_few_times_that),
        cmocka_unit_test(short_secrets_are_words_of_their_own),
        cmocka_unit_test(arguments_of_plugins_are_secrets_where_they_look_so),
        cmocka_unit_test(all_that_a_cluster_is_reached_with_is_secret),
        cmocka_unit_test(a_secret_in_pieces_with_words_between_them_is_found),
        cmocka_unit_test(working_directories_are_no_secrets),
        cmocka_unit_test(answers_are_starred_where_people_read_them),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
