// SPDX-License-Identifier: Apache-2.0

// The peer of the YAML codec: what the YAML parser of Kubernetes makes of a document.
//
// Reads frames from stdin, a decimal length and a newline before each, and answers each with a
// line: "= " and the JSON, or "! " and the error.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

func convert(document []byte) (json []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return yaml.YAMLToJSON(document)
}

func main() {
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		var length int
		if _, err := fmt.Fscanf(in, "%d\n", &length); err != nil {
			return
		}
		document := make([]byte, length)
		if _, err := io.ReadFull(in, document); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		json, err := convert(document)
		if err != nil {
			fmt.Fprintln(out, "! "+strings.ReplaceAll(err.Error(), "\n", " "))
			continue
		}
		fmt.Fprintf(out, "= %s\n", json)
	}
}
