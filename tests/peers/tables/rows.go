// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"strings"
)

// row is a line of a rows file: TYPE FIELD WORDS... ["NOTE"]. TYPE and FIELD may be several, with commas; FIELD "-" is the
// type itself.
type row struct {
	place         string
	types, fields []string
	words         []string
	note          string
	used          map[string]bool // "TYPE FIELD" that it was found for
}

type rows struct{ all []*row }

func readRows(paths ...string) (*rows, error) {
	r := &rows{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		for number, line := range strings.Split(string(text), "\n") {
			if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
				continue
			}
			place := fmt.Sprintf("%s:%d", path, number+1)
			line, note, quoted := strings.Cut(line, ` "`)
			if quoted && !strings.HasSuffix(note, `"`) {
				return nil, fmt.Errorf("%s: a note ends the line", place)
			}
			words := strings.Fields(line)
			if len(words) < 2 || (len(words) == 2 && !quoted) {
				return nil, fmt.Errorf("%s: wanted TYPE FIELD WORDS...", place)
			}
			r.all = append(r.all, &row{place, strings.Split(words[0], ","), strings.Split(words[1], ","), words[2:],
				strings.TrimSuffix(note, `"`), map[string]bool{}})
		}
	}
	return r, nil
}

// with gives the rows of that verb, the first of their words.
func (r *rows) with(verbs ...string) []*row {
	var found []*row
	for _, one := range r.all {
		for _, verb := range verbs {
			if len(one.words) > 0 && one.words[0] == verb {
				found = append(found, one)
			}
		}
	}
	return found
}

func (r *row) use(key, field string) { r.used[key+" "+field] = true }

func (r *row) fail(format string, arguments ...any) error {
	return fmt.Errorf("%s: %s", r.place, fmt.Sprintf(format, arguments...))
}

// allUsed fails for a row that names a type or field which is not there.
func (r *rows) allUsed() error {
	for _, one := range r.all {
		for _, key := range one.types {
			for _, field := range one.fields {
				if !one.used[key+" "+field] {
					return one.fail("nothing in the tables is %s %s", key, field)
				}
			}
		}
	}
	return nil
}
