package main

import (
	"bufio"
	"fmt"
	"io"
	"math/big"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// writeGolden writes one configuration a line, as Packer sends them: a name, a tab, and its JSON.
func writeGolden(out io.Writer) error {
	lines := bufio.NewWriter(out)
	for _, each := range configurations() {
		written, err := ctyjson.Marshal(each.value, cty.DynamicPseudoType)
		if err != nil {
			return fmt.Errorf("%s: %w", each.name, err)
		}
		if _, err := fmt.Fprintf(lines, "%s\t%s\n", each.name, written); err != nil {
			return err
		}
	}
	return lines.Flush()
}

type configuration struct {
	name  string
	value cty.Value
}

func configurations() []configuration {
	text, number := cty.StringVal, func(digits string) cty.Value { return cty.MustParseNumberVal(digits) }
	return []configuration{
		{"a null of no type", cty.NullVal(cty.DynamicPseudoType)},
		{"a null string", cty.NullVal(cty.String)},
		{"a null object", cty.NullVal(cty.Object(map[string]cty.Type{"a": cty.String}))},
		{"an empty string", text("")},
		{"a string with all that JSON escapes", text("<é> & \"q\" \\ \n\t\u0001\u2028 \U0001F600")},
		{"a placeholder", text("x-<unknown>")},
		{"true", cty.True},
		{"an integer", cty.NumberIntVal(-22)},
		{"the largest int64", number("9223372036854775807")},
		{"one above the largest int64", number("9223372036854775808")},
		{"two above the largest int64", number("9223372036854775809")},
		{"a decimal fraction", number("0.1")},
		{"a binary fraction", cty.NumberFloatVal(-2.5)},
		{"a third", cty.NumberVal(new(big.Float).Quo(big.NewFloat(1), big.NewFloat(3)))},
		{"a power of ten", number("1e30")},
		{"an empty list", cty.ListValEmpty(cty.String)},
		{"a list", cty.ListVal([]cty.Value{text("b"), cty.NullVal(cty.String), text("a")})},
		{"a set", cty.SetVal([]cty.Value{text("b"), text("a")})},
		{"a tuple", cty.TupleVal([]cty.Value{text("a"), cty.NumberIntVal(1), cty.False})},
		{"an empty tuple", cty.EmptyTupleVal},
		{"an empty map", cty.MapValEmpty(cty.String)},
		{"a map", cty.MapVal(map[string]cty.Value{"<b>": text("1"), "a": text("2")})},
		{"an empty object", cty.EmptyObjectVal},
		{"a list of objects", cty.ListVal([]cty.Value{
			cty.ObjectVal(map[string]cty.Value{"k": text("v"), "n": cty.NullVal(cty.Number)}),
		})},
		{"an attribute of no type", cty.ObjectVal(map[string]cty.Value{"a": cty.NullVal(cty.DynamicPseudoType)})},
		{"a configuration", cty.ObjectVal(map[string]cty.Value{
			"bucket_name": text("web"),
			"channels":    cty.ListVal([]cty.Value{text("dev")}),
			"fail":        cty.NullVal(cty.Bool),
			"labels":      cty.MapVal(map[string]cty.Value{"team": text("a")}),
			"port":        cty.NumberIntVal(22),
		})},
		{"what Packer adds", cty.ObjectVal(map[string]cty.Value{
			"packer_build_name":          text("x"),
			"packer_debug":               cty.False,
			"packer_sensitive_variables": cty.ListValEmpty(cty.String),
			"packer_user_variables":      cty.MapVal(map[string]cty.Value{"u": text("v")}),
		})},
	}
}
