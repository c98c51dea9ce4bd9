package main

import (
	"fmt"

	"github.com/go-openapi/runtime"
	platform "github.com/hashicorp/hcp-sdk-go/clients/cloud-resource-manager/preview/2019-12-10/client"
	"github.com/hashicorp/hcp-sdk-go/clients/cloud-resource-manager/preview/2019-12-10/client/organization_service"
	"github.com/hashicorp/hcp-sdk-go/clients/cloud-resource-manager/preview/2019-12-10/client/project_service"
	"github.com/hashicorp/hcp-sdk-go/clients/cloud-resource-manager/preview/2019-12-10/models"
)

// place is the project that the buckets are in.
type place struct {
	organization, project string
}

// find goes by the one organization of the caller to its one project: clients of 2022 knew no other.
func find(transport runtime.ClientTransport) (place, error) {
	api := platform.New(transport, nil)
	organizations, err := api.OrganizationService.OrganizationServiceList(organization_service.NewOrganizationServiceListParams(), nil)
	if err != nil {
		return place{}, fmt.Errorf("organizations: %w", err)
	}
	if count := len(organizations.Payload.Organizations); count != 1 {
		return place{}, fmt.Errorf("there are %d organizations, not one", count)
	}
	organization := organizations.Payload.Organizations[0].ID

	scope := string(models.HashicorpCloudResourcemanagerResourceIDResourceTypeORGANIZATION)
	within := project_service.NewProjectServiceListParams()
	within.ScopeID, within.ScopeType = &organization, &scope
	projects, err := api.ProjectService.ProjectServiceList(within, nil)
	if err != nil {
		return place{}, fmt.Errorf("projects: %w", err)
	}
	if count := len(projects.Payload.Projects); count != 1 {
		return place{}, fmt.Errorf("there are %d projects, not one", count)
	}
	project := projects.Payload.Projects[0]
	return place{organization: project.Parent.ID, project: project.ID}, nil
}
