// SPDX-License-Identifier: Apache-2.0

// Command decode says what istioctl's decoders make of specs: frames (a decimal length, a newline, the bytes of a spec
// as JSON) in, lines out: "=" for one they take, "! " and the reason for another.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"istio.io/istio/operator/pkg/apis"
	"istio.io/istio/pkg/config/mesh"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// Types of Kubernetes below values, which have no type there; operator/pkg/apis/validation decodes the same.
var below = map[string]func() any{
	"cni.affinity":                                                   func() any { return &corev1.Affinity{} },
	"cni.seccompProfile":                                             func() any { return &corev1.SeccompProfile{} },
	"global.defaultTolerations":                                      func() any { return &corev1.Toleration{} },
	"global.proxy.lifecycle":                                         func() any { return &corev1.Lifecycle{} },
	"global.proxy.seccompProfile":                                    func() any { return &corev1.SeccompProfile{} },
	"global.waypoint.affinity":                                       func() any { return &corev1.Affinity{} },
	"global.waypoint.nodeSelector":                                   func() any { return &corev1.NodeSelector{} },
	"global.waypoint.toleration":                                     func() any { return &corev1.Toleration{} },
	"global.waypoint.topologySpreadConstraints":                      func() any { return &corev1.TopologySpreadConstraint{} },
	"gateways.istio-egressgateway.podAntiAffinityLabelSelector":      func() any { return &metav1.LabelSelector{} },
	"gateways.istio-egressgateway.podAntiAffinityTermLabelSelector":  func() any { return &metav1.LabelSelector{} },
	"gateways.istio-egressgateway.tolerations":                       func() any { return &corev1.Toleration{} },
	"gateways.istio-ingressgateway.podAntiAffinityLabelSelector":     func() any { return &metav1.LabelSelector{} },
	"gateways.istio-ingressgateway.podAntiAffinityTermLabelSelector": func() any { return &metav1.LabelSelector{} },
	"gateways.istio-ingressgateway.tolerations":                      func() any { return &corev1.Toleration{} },
	"pilot.affinity":                                                 func() any { return &corev1.Affinity{} },
	"pilot.seccompProfile":                                           func() any { return &corev1.SeccompProfile{} },
	"pilot.tolerations":                                              func() any { return &corev1.Toleration{} },
	"pilot.topologySpreadConstraints":                                func() any { return &corev1.TopologySpreadConstraint{} },
	"pilot.volumeMounts":                                             func() any { return &corev1.VolumeMount{} },
	"pilot.volumes":                                                  func() any { return &corev1.Volume{} },
	"sidecarInjectorWebhook.alwaysInjectSelector":                    func() any { return &metav1.LabelSelector{} },
	"sidecarInjectorWebhook.neverInjectSelector":                     func() any { return &metav1.LabelSelector{} },
}

// kubernetes decodes what stands at such a path, strictly.
func kubernetes(values any, path string, make func() any) error {
	for _, name := range strings.Split(path, ".") {
		in, ok := values.(map[string]any)
		if !ok {
			return nil
		}
		values = in[name]
	}
	list, ok := values.([]any)
	if !ok {
		list = []any{values}
	}
	for _, one := range list {
		if text, err := json.Marshal(one); err != nil {
			return err
		} else if err := yaml.UnmarshalStrict(text, make()); err != nil {
			return fmt.Errorf("%s: %v", path, err)
		}
	}
	return nil
}

// decode does what `istioctl manifest generate` does before it renders. Like there, the document goes through a map of
// anything first: 5.0 becomes 5.
func decode(text []byte) error {
	var document map[string]any
	if err := yaml.Unmarshal(text, &document); err != nil {
		return err
	}
	spec, err := json.Marshal(document)
	if err != nil {
		return err
	}
	for path, make := range below {
		if err := kubernetes(document["values"], path, make); err != nil {
			return err
		}
	}
	var decoded apis.IstioOperatorSpec
	decoder := json.NewDecoder(bytes.NewReader(spec))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&decoded); err != nil {
		return err
	}
	values := &apis.Values{}
	if err := yaml.Unmarshal(decoded.Values, values); err != nil {
		return err
	}
	if _, err := mesh.ApplyMeshConfigDefaults(string(decoded.MeshConfig)); err != nil {
		return err
	}
	return nil
}

func safely(spec []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return decode(spec)
}

// quiet gives the real stdout, and lets Istio's log, which goes there too, go nowhere.
func quiet() *os.File {
	real, err := syscall.Dup(1)
	null, err2 := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil || err2 != nil || syscall.Dup3(int(null.Fd()), 1, 0) != nil {
		panic("no second stdout")
	}
	return os.NewFile(uintptr(real), "stdout")
}

func main() {
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(quiet())
	defer out.Flush()
	for {
		var length int
		if _, err := fmt.Fscanf(in, "%d\n", &length); err != nil {
			return
		}
		spec := make([]byte, length)
		if _, err := io.ReadFull(in, spec); err != nil {
			return
		}
		if err := safely(spec); err != nil {
			fmt.Fprintln(out, "!", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Fprintln(out, "=")
		}
	}
}
