package main

import (
	"context"
	"errors"

	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/packer-plugin-sdk/packer"
	"github.com/zclconf/go-cty/cty"
)

// postProcessor passes its artifact on, after having asked it everything.
type postProcessor struct{ behaviour string }

func (*postProcessor) ConfigSpec() hcldec.ObjectSpec {
	return hcldec.ObjectSpec{
		"behaviour": &hcldec.AttrSpec{Name: "behaviour", Type: cty.String},
		"name":      &hcldec.AttrSpec{Name: "name", Type: cty.String, Required: true},
		"labels":    &hcldec.AttrSpec{Name: "labels", Type: cty.Map(cty.String)},
		"regions":   &hcldec.AttrSpec{Name: "regions", Type: cty.List(cty.String)},
		"count":     &hcldec.AttrSpec{Name: "count", Type: cty.Number},
		"keep":      &hcldec.AttrSpec{Name: "keep", Type: cty.Bool},
	}
}

func (p *postProcessor) Configure(configs ...any) error {
	for _, config := range configs {
		if behaviour := option(config, "behaviour"); behaviour != "" {
			p.behaviour = behaviour
		}
	}
	if p.behaviour == "refuse" {
		return errors.New("behaviour: refused, as asked")
	}
	return nil
}

func (p *postProcessor) PostProcess(ctx context.Context, ui packer.Ui, artifact packer.Artifact) (packer.Artifact, bool, bool, error) {
	ui.Say("asking")
	artifact.BuilderId()
	artifact.Id()
	artifact.Files()
	_ = artifact.String()
	artifact.State("generated_data")
	artifact.State("nothing")
	ui.Error("asked")
	switch p.behaviour {
	case "fail":
		return nil, false, false, errors.New("behaviour: failed, as asked")
	case "wait":
		<-ctx.Done()
	}
	const keep, forceOverride = true, true
	return artifact, keep, forceOverride, nil
}

// option reads a text from what a template of either kind says.
func option(config any, name string) string {
	switch config := config.(type) {
	case cty.Value:
		if config.Type().IsObjectType() && config.Type().HasAttribute(name) {
			if value := config.GetAttr(name); value.Type() == cty.String && value.IsKnown() && !value.IsNull() {
				return value.AsString()
			}
		}
	case map[string]any:
		text, _ := config[name].(string)
		return text
	case map[any]any:
		text, _ := config[name].(string)
		return text
	}
	return ""
}
