/* SPDX-License-Identifier: Apache-2.0
 *
 * The syntax of hubs, tags, images and trust domains. What is said of a wrong one, the golden cases
 * of the translation have.
 */
#include "glm/spec.h"
#include "test.h"

#include <string.h>

#define DIGEST "sha256:0123456789abcdef0123456789abcdef"

static void hubs_are_registries_and_paths(void **state)
{
    struct glm_arena *arena = *state;
    static const char *const right[] = {
        "istio",
        "gcr.io/istio-release",
        "us-docker.pkg.dev/gloo-mesh/istio-workshops",
        "registry:5000/istio",
        "localhost:5000/a",
        "Registry.Example.com/istio",
        "quay.io/a_b/c__d/e---f/g.h",
        "1.2.3.4:5000/x/y/z",
        "docker.io/istio",
        "localhost:5001",
        "kind-registry:5000",
        "registry.example.com:443",
    };
    static const char *const wrong[] = {
        "",
        "/istio",
        "istio/",
        "a//b",
        "quay.io/Istio",
        "https://quay.io/istio",
        "oci://quay.io/istio",
        "quay.io/istio ",
        "quay.io/a b",
        "quay.io/istio:1.23",
        "Registry.Example.com",
        "Registry:5000",
        "a_b:5000",
        "registry:",
        "registry:port",
        "registry:/istio",
        "registry:port/istio",
        "-a.io/istio",
        "a-.io/istio",
        "a..io/istio",
        "quay.io/a..b",
        "quay.io/a___b",
        "quay.io/-a",
        "quay.io/a.",
        "quay.io/a._b",
        "$HUB/istio",
        "${registry}/istio-workshops",
        "istio-<enterprise_istio_repo>",
        "quay.io/istio@" DIGEST,
        "quay.io/istio\n",
        "quay.io/istio?x",
    };
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        assert_null(glm_hub_fault(arena, right[i]));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (!glm_hub_fault(arena, wrong[i]))
            fail_msg("\"%s\" is taken for a hub", wrong[i]);
}

static void variants_end_a_tag(void **state)
{
    static const char *const right[] = {"distroless", "debug", "", "-x.y_Z"};
    static const char *const wrong[] = {"$VARIANT", "<variant>", "a b", "a/b", "x:1", "x@" DIGEST};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        assert_null(glm_variant_fault(*state, right[i]));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (!glm_variant_fault(*state, wrong[i]))
            fail_msg("\"%s\" is taken for a variant", wrong[i]);
}

static void tags_may_have_a_digest_only_where_the_operator_does_not_look(void **state)
{
    struct glm_arena *arena = *state;
    char longest[130];
    memset(longest, 'a', sizeof longest);
    longest[128] = 0;
    assert_null(glm_tag_fault(arena, "1.23.6-solo", false));
    assert_null(glm_tag_fault(arena, "_X", false));
    assert_null(glm_tag_fault(arena, longest, false));
    assert_null(glm_tag_fault(arena, "1.23.6@" DIGEST, true));
    longest[128] = 'a';
    longest[129] = 0;
    static const char *const wrong[] = {
        "", ".1", "-1", "1 2", "1/2", "1:2", "<tag>", "$TAG", "{{ tag }}", "1.23.6@" DIGEST,
    };
    assert_non_null(glm_tag_fault(arena, longest, false));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (!glm_tag_fault(arena, wrong[i], false))
            fail_msg("\"%s\" is taken for a tag", wrong[i]);
    assert_non_null(glm_tag_fault(arena, "1.23.6@sha256:0123", true));
    assert_non_null(glm_tag_fault(arena, "1.23.6@" DIGEST "x", true));
    assert_non_null(glm_tag_fault(arena, "@" DIGEST, true));
}

static void images_are_names_or_whole_references(void **state)
{
    struct glm_arena *arena = *state;
    static const char *const right[] = {
        "proxyv2", "quay.io/x/proxyv2:1.23", "a:5000/b", "a/b@" DIGEST, "a:5000/b:c@" DIGEST,
    };
    static const char *const wrong[] = {
        "", "a b", "A/B/c", "a/b:", "a/b:c:d", "a/b@sha256", "$IMAGE", "<image>", "https://a/b",
    };
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        if (glm_image_fault(arena, right[i]))
            fail_msg("%s", glm_image_fault(arena, right[i]));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (!glm_image_fault(arena, wrong[i]))
            fail_msg("\"%s\" is taken for an image", wrong[i]);
}

static void trust_domains_are_labels_with_dots_between_them(void **state)
{
    struct glm_arena *arena = *state;
    static const char *const right[] = {"cluster.local", "a", "1-2.x", "istio.io."};
    static const char *const wrong[] = {
        "",          ".",   "a..b", ".a",   "a_b", "A.b", "spiffe://a",
        "spiffe://", "a/b", "-a",   "a-.b", "a b", "$TD",
    };
    struct glm_text text;
    glm_text_init(&text, arena, 4096);
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        assert_null(glm_trust_domain_fault(arena, right[i]));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (!glm_trust_domain_fault(arena, wrong[i]))
            fail_msg("\"%s\" is taken for a trust domain", wrong[i]);
    for (int i = 0; i < 64; i++)
        glm_text_adds(&text, "abc.");
    text.data[255] = 0;
    assert_null(glm_trust_domain_fault(arena, text.data));
    text.data[255] = 'x';
    assert_non_null(glm_trust_domain_fault(arena, text.data));
    assert_non_null(strstr(glm_trust_domain_fault(arena, "spiffe://Corp_Example/ns/a"),
                           "Write \"corp-example\"."));
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hubs_are_registries_and_paths),
        TEST(variants_end_a_tag),
        TEST(tags_may_have_a_digest_only_where_the_operator_does_not_look),
        TEST(images_are_names_or_whole_references),
        TEST(trust_domains_are_labels_with_dots_between_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
