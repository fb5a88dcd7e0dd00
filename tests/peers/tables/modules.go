// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"sort"
	"strconv"
	"strings"
)

const (
	oldest = 22 // minor of Istio
	newest = 31
	lastOf = 23 // the last minor with an operator
)

// modules has the directories of the sources: module -> minor -> directory.
type modules map[string]map[int]string

func readModules(path string) (modules, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	type row struct{ module, version string }
	wanted, at := map[row]string{}, map[string]map[int]row{}
	for number, line := range strings.Split(string(text), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || words[0][0] == '#' {
			continue
		}
		minor, err := strconv.Atoi(words[0])
		if err != nil || len(words) != 3 {
			return nil, fmt.Errorf("%s:%d: wanted MINOR MODULE VERSION", path, number+1)
		}
		module := words[1]
		if at[module] == nil {
			at[module] = map[int]row{}
		}
		r := row{strings.TrimSuffix(module, "/operator"), words[2]}
		at[module][minor], wanted[r] = r, ""
	}
	var arguments []string
	for r := range wanted {
		arguments = append(arguments, r.module+"@"+r.version)
	}
	sort.Strings(arguments)
	found, err := download(arguments)
	if err != nil {
		return nil, err
	}
	m := modules{}
	for module, minors := range at {
		m[module] = map[int]string{}
		for minor, r := range minors {
			m[module][minor] = found[r.module+"@"+r.version]
		}
	}
	return m, nil
}

// download has Go fetch the modules into its cache and gives their directories.
func download(arguments []string) (map[string]string, error) {
	command := exec.Command("go", append([]string{"mod", "download", "-json"}, arguments...)...)
	command.Stderr = os.Stderr
	output, err := command.Output()
	found, decoder := map[string]string{}, json.NewDecoder(bytes.NewReader(output))
	for decoder.More() {
		var module struct{ Path, Version, Dir, Error string }
		if err := decoder.Decode(&module); err != nil {
			return nil, err
		}
		if module.Error != "" {
			return nil, fmt.Errorf("%s@%s: %s", module.Path, module.Version, module.Error)
		}
		found[module.Path+"@"+module.Version] = module.Dir
	}
	if err != nil {
		return nil, fmt.Errorf("go mod download: %v", err)
	}
	return found, nil
}

// of gives the directory that holds in that minor: the newest that is not newer.
func (m modules) of(module string, minor int) string {
	best := -1
	for at := range m[module] {
		if at <= minor && at > best {
			best = at
		}
	}
	if best < 0 {
		for at := range m[module] {
			if best < 0 || at < best {
				best = at
			}
		}
	}
	return m[module][best]
}
