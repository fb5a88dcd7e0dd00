// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// limit obeys the rows of limits.txt.
func limit(l *language, r *rows) error {
	for _, row := range r.all {
		if !strings.HasPrefix(row.place, "limits.txt") {
			continue
		}
		for _, key := range row.types {
			t := l.types[key]
			if t == nil {
				return row.fail("no type of the tables is %s", key)
			}
			for _, name := range row.fields {
				if name == "-" {
					if err := limitType(t, row); err != nil {
						return err
					}
					row.use(key, name)
					continue
				}
				found := t.find(name)
				if len(found) == 0 {
					return row.fail("%s has no field %s", key, name)
				}
				for _, f := range found {
					if err := limitField(l, f, row); err != nil {
						return err
					}
				}
				row.use(key, name)
			}
		}
	}
	return nil
}

// limitType obeys `TYPE - choice a,b,c` and `TYPE - "NOTE"`.
func limitType(t *typeRow, row *row) error {
	if len(row.words) == 0 {
		t.note = row.note
		return nil
	}
	if row.words[0] != "choice" || len(row.words) != 2 {
		return row.fail(`wanted "choice" and fields, or a note`)
	}
	for _, name := range strings.Split(strings.TrimLeft(row.words[1], "+*~"), ",") {
		if len(t.find(name)) == 0 {
			return row.fail("%s has no field %s", t.key, name)
		}
	}
	// A oneof of which one must be there.
	t.choices = slices.DeleteFunc(slices.Clone(t.choices), func(old string) bool {
		return old == strings.TrimLeft(row.words[1], "+*~")
	})
	t.choices = append(t.choices, row.words[1])
	return nil
}

var formats = map[string]bool{"dns_label": true, "dns_subdomain": true, "dns_service": true, "port_name": true,
	"label_key": true, "label_value": true, "labels": true, "annotations": true, "env_name": true, "ip": true,
	"cidr": true, "path_absolute": true,
	"not_empty": true, "dropped": true, "refused": true, "ip_or_none": true, "quantity_text": true, "field_path": true,
	"config_key": true, "cidrs": true, "ports": true, "host_port": true}

// Formats with numbers behind them: how many at least, at most.
var measured = map[string][2]int{"range": {2, 2}, "count": {1, 2}, "port_or_name": {2, 2}}

// limitField obeys the rows about fields; limits.txt says what they may have.
func limitField(l *language, f *field, row *row) error {
	f.limit.note = row.note
	for i := 0; i < len(row.words); i++ {
		word := row.words[i]
		rest := row.words[i+1:]
		switch {
		case word == "required":
			f.limit.required = true
		case word == "whole":
			f.limit.whole = true
		case word == "key" && len(rest) > 0:
			f.limit.key = rest[0]
			i++
		case word == "enum" && len(rest) > 0:
			if err := limitEnum(l, f, row, rest[0]); err != nil {
				return err
			}
			i++
		case measured[word][0] > 0:
			n, err := measure(f, word, rest)
			if err != nil {
				return row.fail("%v", err)
			}
			i += n
		case formats[word]:
			f.limit.format = strings.ToUpper(word)
		default:
			return row.fail("what is %s?", word)
		}
	}
	return nil
}

// measure reads the numbers behind a format, and says how many there were.
func measure(f *field, word string, rest []string) (int, error) {
	format := map[string]string{"range": "RANGE", "count": "COUNT_OR_PERCENT", "port_or_name": "PORT_OR_NAME"}
	f.limit.format, f.limit.ranged = format[word], word == "range"
	numbers, most := []int64{}, measured[word][1]
	for len(numbers) < most && len(numbers) < len(rest) {
		number, err := strconv.ParseInt(rest[len(numbers)], 10, 64)
		if err != nil {
			break
		}
		numbers = append(numbers, number)
	}
	if len(numbers) < measured[word][0] {
		return 0, fmt.Errorf("%s wants numbers", word)
	}
	f.limit.min = numbers[0]
	if len(numbers) > 1 {
		f.limit.max = numbers[1]
	}
	return len(numbers), nil
}

// limitEnum makes a text one of a list: that of a type of Kubernetes, or one given here.
func limitEnum(l *language, f *field, row *row, word string) error {
	if f.ref.kind != "STRING" && f.ref.kind != "ENUM" {
		return row.fail("%s is %s", f.name, f.ref)
	}
	if !strings.Contains(word, "|") && strings.Contains(word, ".") {
		if l.known[word] == nil {
			return row.fail("no module has values for %s", word)
		}
		f.ref.kind, f.ref.of = "ENUM", l.variant(l.known[word])
		return nil
	}
	key := "given." + f.name
	values := strings.Split(word, "|")
	f.ref.kind, f.ref.of = "ENUM", l.variant(&enum{key, values, false})
	return nil
}
