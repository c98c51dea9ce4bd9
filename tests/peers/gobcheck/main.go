// Command gobcheck holds our encodings against the Go packages that Packer decodes them with.
//
//	gobcheck FORM < HEX    decodes one message and prints what it says as JSON; FORM is spec-protobuf, spec-gob,
//	                       value-msgpack or value-gob
//	gobcheck golden        prints configurations as Packer sends them
package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

var forms = map[string]func([]byte) (any, error){
	"spec-protobuf": specFromProtobuf,
	"spec-gob":      specFromGob,
	"value-msgpack": valueFromMsgpack,
	"value-gob":     valueFromGob,
}

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "gobcheck:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("one argument is needed: a form, or golden")
	}
	if args[0] == "golden" {
		return writeGolden(out)
	}
	decode, ok := forms[args[0]]
	if !ok {
		return fmt.Errorf("unknown form %q", args[0])
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	// Fixtures are wrapped into lines.
	encoded, err := hex.DecodeString(string(bytes.Join(bytes.Fields(text), nil)))
	if err != nil {
		return err
	}
	understood, err := decode(encoded)
	if err != nil {
		return err
	}
	printer := json.NewEncoder(out)
	printer.SetIndent("", "  ")
	return printer.Encode(understood)
}
