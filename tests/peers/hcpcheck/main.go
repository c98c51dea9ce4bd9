// Command hcpcheck holds our answers against the models of HCP's SDK, as strictly as these allow.
//
//	hcpcheck < LINES    each line is the name of an API, that of a model of it, and an answer in JSON, with tabs in between
//
// An answer must have no field that the model does not know, only values that the model calls valid, and must read the same
// once the model has written it. What no answer says anything in, of the models that were read and of those in them, is
// written to standard output: the API, the model and the field.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/go-openapi/strfmt"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	failed, seen := false, fields{}
	for lines.Scan() {
		words := strings.SplitN(lines.Text(), "\t", 3)
		if len(words) != 3 {
			fmt.Fprintln(os.Stderr, "hcpcheck: no API, model and answer:", lines.Text())
			os.Exit(2)
		}
		if err := check(words[0], words[1], []byte(words[2]), seen); err != nil {
			fmt.Fprintf(os.Stderr, "%s %s: %v in %s\n", words[0], words[1], err, words[2])
			failed = true
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "hcpcheck:", err)
		failed = true
	}
	for _, field := range seen.empty() {
		fmt.Println(field)
	}
	if failed {
		os.Exit(1)
	}
}

func check(api, name string, answer []byte, seen fields) error {
	empty, ok := models[api][name]
	if !ok {
		return fmt.Errorf("there is no such model here")
	}
	read := empty()
	decoder := json.NewDecoder(bytes.NewReader(answer))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(read); err != nil {
		return err
	}
	if err := read.Validate(strfmt.Default); err != nil {
		return err
	}
	seen.look(api, reflect.ValueOf(read))
	written, err := json.Marshal(read)
	if err != nil {
		return err
	}
	ours, theirs := said(answer), said(written)
	if !reflect.DeepEqual(ours, theirs) {
		return fmt.Errorf("the model writes %s", written)
	}
	return nil
}

// said is what a message says: the model leaves out what is false or empty, and cannot leave out a time that is not set.
func said(message []byte) any {
	var value any
	if err := json.Unmarshal(message, &value); err != nil {
		return err
	}
	return withoutNothing(value)
}

func withoutNothing(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			inner = withoutNothing(inner)
			if isNothing(inner) {
				delete(value, key)
			} else {
				value[key] = inner
			}
		}
	case []any:
		for place, inner := range value {
			value[place] = withoutNothing(inner)
		}
	}
	return value
}

func isNothing(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case bool:
		return !value
	case string:
		return value == "" || value == "0001-01-01T00:00:00.000Z"
	case float64:
		return value == 0
	case map[string]any:
		return len(value) == 0
	case []any:
		return len(value) == 0
	}
	return false
}
