// Command hcp_2022 reads images as clients of 2022 did: by HCP's SDK of that year, which is configured by HCP_*.
//
//	hcp_2022 iteration BUCKET CHANNEL                        the iteration that a channel points at
//	hcp_2022 image channel BUCKET CHANNEL CLOUD REGION       an image of that iteration
//	hcp_2022 image iteration BUCKET ID CLOUD REGION          an image of the iteration with this id
//
// It prints JSON.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/go-openapi/strfmt"
	"github.com/hashicorp/hcp-sdk-go/clients/cloud-packer-service/stable/2021-04-30/models"
	"github.com/hashicorp/hcp-sdk-go/httpclient"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "hcp_2022:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	transport, err := httpclient.New(httpclient.Config{SourceChannel: "hcp_2022"})
	if err != nil {
		return err
	}
	registry, err := open(transport)
	if err != nil {
		return err
	}
	read, err := registry.read(arguments)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(read)
}

func (r registry) read(arguments []string) (any, error) {
	switch {
	case len(arguments) == 3 && arguments[0] == "iteration":
		iteration, err := r.behind(arguments[1], arguments[2])
		if err != nil {
			return nil, err
		}
		return said(iteration), nil
	case len(arguments) == 6 && arguments[0] == "image" && arguments[1] == "channel":
		iteration, err := r.behind(arguments[2], arguments[3])
		if err != nil {
			return nil, err
		}
		return image(iteration, arguments[4], arguments[5])
	case len(arguments) == 6 && arguments[0] == "image" && arguments[1] == "iteration":
		iteration, err := r.iteration(arguments[2], arguments[3])
		if err != nil {
			return nil, err
		}
		return image(iteration, arguments[4], arguments[5])
	}
	return nil, errors.New("see the top of main.go for what may be asked")
}

func said(iteration *models.HashicorpCloudPackerIteration) map[string]any {
	return map[string]any{
		"id":                  iteration.ID,
		"author_id":           iteration.AuthorID,
		"fingerprint":         iteration.Fingerprint,
		"incremental_version": iteration.IncrementalVersion,
		"created_at":          iteration.CreatedAt.String(),
		"updated_at":          iteration.UpdatedAt.String(),
		"revoke_at":           when(iteration.RevokeAt),
	}
}

// image is the last one of a cloud and a region, as these clients choose it.
func image(iteration *models.HashicorpCloudPackerIteration, cloud, region string) (found map[string]any, err error) {
	for _, build := range iteration.Builds {
		for _, image := range build.Images {
			if build.CloudProvider == cloud && image.Region == region {
				found = map[string]any{
					"id":              image.ID,
					"cloud_image_id":  image.ImageID,
					"component_type":  build.ComponentType,
					"build_id":        build.ID,
					"created_at":      build.CreatedAt.String(),
					"packer_run_uuid": build.PackerRunUUID,
					"labels":          build.Labels,
					"iteration_id":    iteration.ID,
					"revoke_at":       when(iteration.RevokeAt),
				}
			}
		}
	}
	if found == nil {
		err = fmt.Errorf("there is no image of %s in %s", cloud, region)
	}
	return found, err
}

// when is a time, or nothing where it is not set.
func when(at strfmt.DateTime) any {
	if time.Time(at).IsZero() {
		return nil
	}
	return at.String()
}
