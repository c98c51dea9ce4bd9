// Command go_plugin is a plugin on packer-plugin-sdk with one of everything that ours speaks: what it says to Packer is
// what we must say. The scripted components of src/plugin/transcripts answer as it does; change both together.
package main

import (
	"fmt"
	"os"

	"github.com/hashicorp/packer-plugin-sdk/plugin"
	"github.com/hashicorp/packer-plugin-sdk/version"
)

func main() {
	set := plugin.NewSet()
	set.RegisterPostProcessor(plugin.DEFAULT_NAME, &postProcessor{})
	set.RegisterDatasource("greeting", &greeting{})
	set.SetVersion(version.NewPluginVersion("1.0.0", "", ""))
	if err := set.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
