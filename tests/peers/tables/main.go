// SPDX-License-Identifier: Apache-2.0

// Command tables writes the tables of the input language, src/spec/table*.[ch].
//
//	tables DIRECTORY
//
// It reads the types of Istio's operator, of istioctl, of the mesh configuration, of values and of Kubernetes from the
// source of their Go modules (modules.txt), without compiling them, and what no type says from the hand-kept rows
// beside it: values.txt (which minor of Istio knows which value), fields.txt (what a field without a type holds) and
// limits.txt (what is allowed beyond the type). A row that names a type or field which does not exist is an error, and so
// is a difference between the modules that no row explains.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: tables DIRECTORY")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "tables:", err)
		os.Exit(1)
	}
}

func run(directory string) error {
	modules, err := readModules("modules.txt")
	if err != nil {
		return err
	}
	rows, err := readRows("values.txt", "fields.txt", "limits.txt")
	if err != nil {
		return err
	}
	language, err := gather(modules, rows)
	if err != nil {
		return err
	}
	if err := limit(language, rows); err != nil {
		return err
	}
	if err := rows.allUsed(); err != nil {
		return err
	}
	files, err := write(language)
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(directory, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
