// SPDX-License-Identifier: Apache-2.0

// Command chart says what helm makes of a chart.
//
//	chart FOLDER           lines of JSON {"values", "release", "namespace", "version"}, the version being that of the chart and
//	                       its appVersion; answers each with a line {"objects": [...]}, or {"refused": "why"}
//	chart FOLDER FILE...   files of values: the milliseconds of CPU that helm's engine takes for one, YAML in and text out
//	chart yaml FILE...     a line for each file: its documents as JSON, read as helm reads what it has rendered
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"regexp"
	"sort"
	"strings"
	"syscall"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	"sigs.k8s.io/yaml"
)

func die(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

type question struct {
	Values    map[string]any `json:"values"`
	Release   string         `json:"release"`
	Namespace string         `json:"namespace"`
	Version   string         `json:"version"`
}

type answer struct {
	Objects []json.RawMessage `json:"objects"`
	Refused string            `json:"refused,omitempty"`
}

// load reads a chart. The schemas of old ones name all keys below a reference and refuse every other key beside it, which
// helm ignored until 3.18.4 and since then takes to refuse them all: they are read as it was meant then.
func load(folder string) *chart.Chart {
	c, err := loader.LoadDir(folder)
	die(err)
	var schema map[string]any
	die(json.Unmarshal(c.Schema, &schema))
	if _, broken := schema["additionalProperties"]; broken {
		delete(schema, "additionalProperties")
		c.Schema, err = json.Marshal(schema)
		die(err)
	}
	return c
}

func render(c *chart.Chart, q *question) (map[string]string, error) {
	options := common.ReleaseOptions{Name: q.Release, Namespace: q.Namespace, Revision: 1, IsInstall: true}
	values, err := util.ToRenderValues(c, q.Values, options, nil)
	if err != nil {
		return nil, err
	}
	return engine.Render(c, values)
}

var separator = regexp.MustCompile(`(?m)^---\s*$`)

func documents(text string) (all []json.RawMessage, err error) {
	for _, document := range separator.Split(text, -1) {
		object, err := yaml.YAMLToJSON([]byte(document))
		if err != nil {
			return nil, err
		}
		if string(object) != "null" {
			all = append(all, object)
		}
	}
	return all, nil
}

func made(c *chart.Chart, q *question) answer {
	files, err := render(c, q)
	if err != nil {
		return answer{Refused: err.Error()}
	}
	a := answer{Objects: []json.RawMessage{}}
	names := []string{}
	for name := range files {
		if strings.HasSuffix(name, ".yaml") {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		objects, err := documents(files[name])
		if err != nil {
			return answer{Refused: name + ": " + err.Error()}
		}
		a.Objects = append(a.Objects, objects...)
	}
	return a
}

func answerLines(c *chart.Chart) {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var q question
		die(json.Unmarshal(line, &q))
		c.Metadata.Version, c.Metadata.AppVersion = q.Version, q.Version
		die(out.Encode(made(c, &q)))
	}
}

// cpu is what this process has taken so far, in milliseconds: what else the machine does is not in it.
func cpu() float64 {
	var usage syscall.Rusage
	die(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6
}

func measure(c *chart.Chart, files []string) float64 {
	one := func(file string) {
		text, err := os.ReadFile(file)
		die(err)
		q := question{Release: "edge", Namespace: "edge"}
		die(yaml.Unmarshal(text, &q.Values))
		_, err = render(c, &q)
		die(err)
	}
	one(files[0]) // what is loaded once does not count
	began := cpu()
	for _, file := range files {
		one(file)
	}
	return (cpu() - began) / float64(len(files))
}

func main() {
	if os.Args[1] == "yaml" {
		for _, file := range os.Args[2:] {
			text, err := os.ReadFile(file)
			die(err)
			all, err := documents(string(text))
			die(err)
			die(json.NewEncoder(os.Stdout).Encode(all))
		}
		return
	}
	log.SetOutput(io.Discard) // what it warns of is no answer
	c := load(os.Args[1])
	if len(os.Args) > 2 {
		fmt.Printf("%.3f\n", measure(c, os.Args[2:]))
		return
	}
	answerLines(c)
}
