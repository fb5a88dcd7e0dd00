// SPDX-License-Identifier: Apache-2.0

// Command validate says what Kubernetes' API server makes of objects: frames (a decimal length, a newline, the bytes of an
// object as JSON) in, lines out: "=" for one it takes, "! " and the fields that it refuses, parted by tabs, or "? " and
// why it cannot decode one.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	appsvalidation "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	autoscalingvalidation "k8s.io/kubernetes/pkg/apis/autoscaling/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/policy"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	policyvalidation "k8s.io/kubernetes/pkg/apis/policy/validation"
	"sigs.k8s.io/yaml"
)

var strict = json.NewSerializerWithOptions(json.DefaultMetaFactory, legacyscheme.Scheme, legacyscheme.Scheme,
	json.SerializerOptions{Strict: true})

// decode reads an object as a create request does: strictly, with defaults, into the internal type. Like in clients that
// read YAML, 5.0 becomes 5 before.
func decode(text []byte) (runtime.Object, error) {
	text, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	versioned, _, err := strict.Decode(text, nil, nil)
	if err != nil {
		return nil, err
	}
	legacyscheme.Scheme.Default(versioned)
	return legacyscheme.Scheme.ConvertToVersion(versioned, runtime.InternalGroupVersioner)
}

func validate(object runtime.Object) field.ErrorList {
	switch o := object.(type) {
	case *core.Service:
		return corevalidation.ValidateServiceCreate(o)
	case *apps.Deployment:
		return appsvalidation.ValidateDeployment(o, pod.GetValidationOptionsFromPodTemplate(&o.Spec.Template, nil))
	case *autoscaling.HorizontalPodAutoscaler:
		return autoscalingvalidation.ValidateHorizontalPodAutoscaler(o,
			autoscalingvalidation.HorizontalPodAutoscalerSpecValidationOptions{MinReplicasLowerBound: 1})
	case *policy.PodDisruptionBudget:
		return policyvalidation.ValidatePodDisruptionBudget(o, policyvalidation.PodDisruptionBudgetValidationOptions{})
	}
	panic(fmt.Sprintf("nothing validates %T", object))
}

func answer(text []byte) string {
	object, err := decode(text)
	if err != nil {
		return "? " + strings.ReplaceAll(err.Error(), "\n", " ")
	}
	var fields []string
	for _, one := range validate(object) {
		fields = append(fields, one.Field+" "+strings.NewReplacer("\n", " ", "\t", " ").Replace(one.ErrorBody()))
	}
	if len(fields) == 0 {
		return "="
	}
	return "! " + strings.Join(fields, "\t")
}

func main() {
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		var length int
		if _, err := fmt.Fscanf(in, "%d\n", &length); err != nil {
			return
		}
		text := make([]byte, length)
		if _, err := io.ReadFull(in, text); err != nil {
			return
		}
		fmt.Fprintln(out, answer(text))
	}
}
