// Command hcpcheck holds our answers against the models of HCP's SDK, as strictly as these allow.
//
//	hcpcheck < LINES    each line is the name of a model, a tab, and an answer in JSON
//
// An answer must have no field that the model does not know, only values that the model calls valid, and must read the same
// once the model has written it.
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
	packer "github.com/hashicorp/hcp-sdk-go/clients/cloud-packer-service/stable/2023-01-01/models"
)

type model interface {
	Validate(strfmt.Registry) error
}

var models = map[string]func() model{
	"AssignChannelVersionResponse":             func() model { return new(packer.HashicorpCloudPacker20230101AssignChannelVersionResponse) },
	"CreateEnforcedBlockResponse":              func() model { return new(packer.HashicorpCloudPacker20230101CreateEnforcedBlockResponse) },
	"CreateEnforcedBlockVersionResponse":       func() model { return new(packer.HashicorpCloudPacker20230101CreateEnforcedBlockVersionResponse) },
	"GetBucketResponse":                        func() model { return new(packer.HashicorpCloudPacker20230101GetBucketResponse) },
	"GetBuildResponse":                         func() model { return new(packer.HashicorpCloudPacker20230101GetBuildResponse) },
	"GetChannelResponse":                       func() model { return new(packer.HashicorpCloudPacker20230101GetChannelResponse) },
	"GetEnforcedBlockLinkedBucketsResponse":    func() model { return new(packer.HashicorpCloudPacker20230101GetEnforcedBlockLinkedBucketsResponse) },
	"GetEnforcedBlockResponse":                 func() model { return new(packer.HashicorpCloudPacker20230101GetEnforcedBlockResponse) },
	"GetEnforcedBlockVersionsResponse":         func() model { return new(packer.HashicorpCloudPacker20230101GetEnforcedBlockVersionsResponse) },
	"GetEnforcedBlocksByBucketResponse":        func() model { return new(packer.HashicorpCloudPacker20230101GetEnforcedBlocksByBucketResponse) },
	"GetRegistryResponse":                      func() model { return new(packer.HashicorpCloudPacker20230101GetRegistryResponse) },
	"GetSbomResponse":                          func() model { return new(packer.HashicorpCloudPacker20230101GetSbomResponse) },
	"GetVersionResponse":                       func() model { return new(packer.HashicorpCloudPacker20230101GetVersionResponse) },
	"ListBucketPackagesResponse":               func() model { return new(packer.HashicorpCloudPacker20230101ListBucketPackagesResponse) },
	"ListBucketsResponse":                      func() model { return new(packer.HashicorpCloudPacker20230101ListBucketsResponse) },
	"ListBuildPackagesResponse":                func() model { return new(packer.HashicorpCloudPacker20230101ListBuildPackagesResponse) },
	"ListBuildsResponse":                       func() model { return new(packer.HashicorpCloudPacker20230101ListBuildsResponse) },
	"ListChannelAssignmentHistoryResponse":     func() model { return new(packer.HashicorpCloudPacker20230101ListChannelAssignmentHistoryResponse) },
	"ListChannelsResponse":                     func() model { return new(packer.HashicorpCloudPacker20230101ListChannelsResponse) },
	"ListEnforcedBlocksResponse":               func() model { return new(packer.HashicorpCloudPacker20230101ListEnforcedBlocksResponse) },
	"ListSbomsResponse":                        func() model { return new(packer.HashicorpCloudPacker20230101ListSbomsResponse) },
	"ListVersionsResponse":                     func() model { return new(packer.HashicorpCloudPacker20230101ListVersionsResponse) },
	"ManageEnforcedBlockLinkedBucketsResponse": func() model { return new(packer.HashicorpCloudPacker20230101ManageEnforcedBlockLinkedBucketsResponse) },
	"UpdateEnforcedBlockResponse":              func() model { return new(packer.HashicorpCloudPacker20230101UpdateEnforcedBlockResponse) },
	"UpdateEnforcedBlockVersionResponse":       func() model { return new(packer.HashicorpCloudPacker20230101UpdateEnforcedBlockVersionResponse) },
	"UpdateVersionResponse":                    func() model { return new(packer.HashicorpCloudPacker20230101UpdateVersionResponse) },
	"UploadSbomResponse":                       func() model { return new(packer.HashicorpCloudPacker20230101UploadSbomResponse) },
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	failed := false
	for lines.Scan() {
		name, answer, _ := strings.Cut(lines.Text(), "\t")
		if err := check(name, []byte(answer)); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v in %s\n", name, err, answer)
			failed = true
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "hcpcheck:", err)
		failed = true
	}
	if failed {
		os.Exit(1)
	}
}

func check(name string, answer []byte) error {
	empty, ok := models[name]
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
