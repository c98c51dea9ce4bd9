package main

import (
	"errors"

	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/zclconf/go-cty/cty"
)

// greeting is a data source that answers with a value of every type that ours have.
type greeting struct{ behaviour string }

func (*greeting) ConfigSpec() hcldec.ObjectSpec {
	return hcldec.ObjectSpec{"behaviour": &hcldec.AttrSpec{Name: "behaviour", Type: cty.String}}
}

func (*greeting) OutputSpec() hcldec.ObjectSpec {
	return hcldec.ObjectSpec{
		"text":   &hcldec.AttrSpec{Name: "text", Type: cty.String},
		"none":   &hcldec.AttrSpec{Name: "none", Type: cty.String},
		"known":  &hcldec.AttrSpec{Name: "known", Type: cty.Bool},
		"count":  &hcldec.AttrSpec{Name: "count", Type: cty.Number},
		"names":  &hcldec.AttrSpec{Name: "names", Type: cty.List(cty.String)},
		"labels": &hcldec.AttrSpec{Name: "labels", Type: cty.Map(cty.String)},
	}
}

func (g *greeting) Configure(configs ...any) error {
	for _, config := range configs {
		if behaviour := option(config, "behaviour"); behaviour != "" {
			g.behaviour = behaviour
		}
	}
	if g.behaviour == "refuse" {
		return errors.New("behaviour: refused, as asked")
	}
	return nil
}

func (g *greeting) Execute() (cty.Value, error) {
	if g.behaviour == "fail" {
		return cty.NullVal(cty.EmptyObject), errors.New("behaviour: failed, as asked")
	}
	return cty.ObjectVal(map[string]cty.Value{
		"text":   cty.StringVal("grüße"),
		"none":   cty.NullVal(cty.String),
		"known":  cty.True,
		"count":  cty.NumberIntVal(65536),
		"names":  cty.ListVal([]cty.Value{cty.StringVal("a"), cty.StringVal("b")}),
		"labels": cty.MapVal(map[string]cty.Value{"team": cty.StringVal("images"), "stage": cty.StringVal("")}),
	}), nil
}
