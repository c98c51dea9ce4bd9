package main

import (
	"errors"

	"github.com/go-openapi/runtime"
	packer "github.com/hashicorp/hcp-sdk-go/clients/cloud-packer-service/stable/2021-04-30/client"
	"github.com/hashicorp/hcp-sdk-go/clients/cloud-packer-service/stable/2021-04-30/client/packer_service"
	"github.com/hashicorp/hcp-sdk-go/clients/cloud-packer-service/stable/2021-04-30/models"
)

// registry is the one of a project.
type registry struct {
	service packer_service.ClientService
	place   place
}

func open(transport runtime.ClientTransport) (registry, error) {
	place, err := find(transport)
	return registry{service: packer.New(transport, nil).PackerService, place: place}, err
}

// behind is the iteration that a channel points at.
func (r registry) behind(bucket, channel string) (*models.HashicorpCloudPackerIteration, error) {
	params := packer_service.NewPackerServiceGetChannelParams()
	params.LocationOrganizationID, params.LocationProjectID = r.place.organization, r.place.project
	params.BucketSlug, params.Slug = bucket, channel
	answer, err := r.service.PackerServiceGetChannel(params, nil)
	var refused *packer_service.PackerServiceGetChannelDefault
	switch {
	case errors.As(err, &refused):
		// These clients print this field, and no other.
		return nil, errors.New(refused.Payload.Error)
	case err != nil:
		return nil, err
	case answer.Payload.Channel.Iteration == nil:
		return nil, errors.New("the channel " + channel + " points at no iteration")
	}
	return answer.Payload.Channel.Iteration, nil
}

// iteration is the one with an id.
func (r registry) iteration(bucket, id string) (*models.HashicorpCloudPackerIteration, error) {
	params := packer_service.NewPackerServiceGetIterationParams()
	params.LocationOrganizationID, params.LocationProjectID = r.place.organization, r.place.project
	params.BucketSlug, params.IterationID = bucket, &id
	answer, err := r.service.PackerServiceGetIteration(params, nil)
	var refused *packer_service.PackerServiceGetIterationDefault
	switch {
	case errors.As(err, &refused):
		return nil, errors.New(refused.Payload.Error)
	case err != nil:
		return nil, err
	}
	return answer.Payload.Iteration, nil
}
