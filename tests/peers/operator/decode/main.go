// SPDX-License-Identifier: Apache-2.0

// Command decode says what Istio's in-cluster operator makes of specs: frames (a decimal length, a newline, the bytes of
// a spec as JSON) in, lines out: "=" for one it takes, "! " and its reason for another.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"istio.io/istio/operator/pkg/apis/istio"
)

func decode(spec string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	_, err = istio.UnmarshalAndValidateIOPS(spec)
	return err
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
		if err := decode(string(spec)); err != nil {
			fmt.Fprintln(out, "!", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Fprintln(out, "=")
		}
	}
}
