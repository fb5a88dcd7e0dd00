// SPDX-License-Identifier: Apache-2.0

package main

import (
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
	for _, name := range strings.Split(strings.TrimLeft(row.words[1], "+*"), ",") {
		if len(t.find(name)) == 0 {
			return row.fail("%s has no field %s", t.key, name)
		}
	}
	t.choices = append(t.choices, row.words[1])
	return nil
}

var formats = map[string]bool{"dns_label": true, "dns_subdomain": true, "dns_service": true, "port_name": true,
	"label_key": true, "label_value": true, "labels": true, "annotations": true, "env_name": true, "ip": true,
	"cidr": true, "cidr_or_ip": true, "path_absolute": true, "hub": true, "tag": true, "trust_domain": true,
	"not_empty": true, "dropped": true, "port_or_name": true}

// limitField obeys `TYPE FIELD [required|whole] [FORMAT | range MIN MAX | count MIN | enum KEY | enum A|B] [key A,B]`.
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
		case word == "range" && len(rest) > 1, word == "count" && len(rest) > 0:
			n := 2
			if word == "count" {
				n, f.limit.format = 1, "COUNT_OR_PERCENT"
			} else {
				f.limit.format, f.limit.ranged = "RANGE", true
			}
			var err error
			if f.limit.min, err = strconv.ParseInt(rest[0], 10, 64); err != nil {
				return row.fail("%s is no number", rest[0])
			}
			if n == 2 {
				if f.limit.max, err = strconv.ParseInt(rest[1], 10, 64); err != nil {
					return row.fail("%s is no number", rest[1])
				}
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
