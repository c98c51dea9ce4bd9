// Command sdk_plugin is the least that a plugin on packer-plugin-sdk can be: one post-processor without options that
// passes every artifact on. `describe` of it is what our own `describe` is measured against, built as releases are:
//
//	go build -trimpath -ldflags="-s -w" -o packer-plugin-null .
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/packer-plugin-sdk/packer"
	"github.com/hashicorp/packer-plugin-sdk/plugin"
	"github.com/hashicorp/packer-plugin-sdk/version"
)

type nothing struct{}

func (nothing) ConfigSpec() hcldec.ObjectSpec { return hcldec.ObjectSpec{} }

func (nothing) Configure(...any) error { return nil }

func (nothing) PostProcess(_ context.Context, _ packer.Ui, artifact packer.Artifact) (packer.Artifact, bool, bool, error) {
	const keep, forceOverride = true, true
	return artifact, keep, forceOverride, nil
}

func main() {
	set := plugin.NewSet()
	set.RegisterPostProcessor(plugin.DEFAULT_NAME, nothing{})
	set.SetVersion(version.NewPluginVersion("1.0.0", "", ""))
	if err := set.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
