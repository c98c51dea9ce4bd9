package main

import (
	iam "github.com/hashicorp/hcp-sdk-go/clients/cloud-iam/stable/2019-12-10/models"
	operation "github.com/hashicorp/hcp-sdk-go/clients/cloud-operation/stable/2020-05-05/models"
	packer2021 "github.com/hashicorp/hcp-sdk-go/clients/cloud-packer-service/stable/2021-04-30/models"
	packer2023 "github.com/hashicorp/hcp-sdk-go/clients/cloud-packer-service/stable/2023-01-01/models"
	resources "github.com/hashicorp/hcp-sdk-go/clients/cloud-resource-manager/stable/2019-12-10/models"

	"github.com/go-openapi/strfmt"
)

type model interface {
	Validate(strfmt.Registry) error
}

// of makes an empty model of this type.
func of[T any, M interface {
	*T
	model
}]() model {
	return M(new(T))
}

// models has what each API answers, by the name that the API gives it.
var models = map[string]map[string]func() model{
	"packer 2023-01-01": {
		"AssignChannelVersionResponse":             of[packer2023.HashicorpCloudPacker20230101AssignChannelVersionResponse],
		"CreateBucketResponse":                     of[packer2023.HashicorpCloudPacker20230101CreateBucketResponse],
		"CreateBuildResponse":                      of[packer2023.HashicorpCloudPacker20230101CreateBuildResponse],
		"CreateChannelResponse":                    of[packer2023.HashicorpCloudPacker20230101CreateChannelResponse],
		"CreateEnforcedBlockResponse":              of[packer2023.HashicorpCloudPacker20230101CreateEnforcedBlockResponse],
		"CreateEnforcedBlockVersionResponse":       of[packer2023.HashicorpCloudPacker20230101CreateEnforcedBlockVersionResponse],
		"CreateRegistryResponse":                   of[packer2023.HashicorpCloudPacker20230101CreateRegistryResponse],
		"CreateVersionResponse":                    of[packer2023.HashicorpCloudPacker20230101CreateVersionResponse],
		"DeleteRegistryResponse":                   of[packer2023.HashicorpCloudPacker20230101DeleteRegistryResponse],
		"GetBucketResponse":                        of[packer2023.HashicorpCloudPacker20230101GetBucketResponse],
		"GetBuildResponse":                         of[packer2023.HashicorpCloudPacker20230101GetBuildResponse],
		"GetChannelResponse":                       of[packer2023.HashicorpCloudPacker20230101GetChannelResponse],
		"GetEnforcedBlockLinkedBucketsResponse":    of[packer2023.HashicorpCloudPacker20230101GetEnforcedBlockLinkedBucketsResponse],
		"GetEnforcedBlockResponse":                 of[packer2023.HashicorpCloudPacker20230101GetEnforcedBlockResponse],
		"GetEnforcedBlockVersionsResponse":         of[packer2023.HashicorpCloudPacker20230101GetEnforcedBlockVersionsResponse],
		"GetEnforcedBlocksByBucketResponse":        of[packer2023.HashicorpCloudPacker20230101GetEnforcedBlocksByBucketResponse],
		"GetRegistryResponse":                      of[packer2023.HashicorpCloudPacker20230101GetRegistryResponse],
		"GetRegistryTFCRunTaskAPIResponse":         of[packer2023.HashicorpCloudPacker20230101GetRegistryTFCRunTaskAPIResponse],
		"GetRunTaskConfigResponse":                 of[packer2023.HashicorpCloudPacker20230101GetRunTaskConfigResponse],
		"GetSbomResponse":                          of[packer2023.HashicorpCloudPacker20230101GetSbomResponse],
		"GetVersionResponse":                       of[packer2023.HashicorpCloudPacker20230101GetVersionResponse],
		"ListBucketAncestryResponse":               of[packer2023.HashicorpCloudPacker20230101ListBucketAncestryResponse],
		"ListBucketPackagesResponse":               of[packer2023.HashicorpCloudPacker20230101ListBucketPackagesResponse],
		"ListBucketsResponse":                      of[packer2023.HashicorpCloudPacker20230101ListBucketsResponse],
		"ListBuildPackagesResponse":                of[packer2023.HashicorpCloudPacker20230101ListBuildPackagesResponse],
		"ListBuildsResponse":                       of[packer2023.HashicorpCloudPacker20230101ListBuildsResponse],
		"ListChannelAssignmentHistoryResponse":     of[packer2023.HashicorpCloudPacker20230101ListChannelAssignmentHistoryResponse],
		"ListChannelsResponse":                     of[packer2023.HashicorpCloudPacker20230101ListChannelsResponse],
		"ListEnforcedBlocksResponse":               of[packer2023.HashicorpCloudPacker20230101ListEnforcedBlocksResponse],
		"ListSbomsResponse":                        of[packer2023.HashicorpCloudPacker20230101ListSbomsResponse],
		"ListVersionsResponse":                     of[packer2023.HashicorpCloudPacker20230101ListVersionsResponse],
		"ManageEnforcedBlockLinkedBucketsResponse": of[packer2023.HashicorpCloudPacker20230101ManageEnforcedBlockLinkedBucketsResponse],
		"RegenerateTFCRunTaskHmacKeyResponse":      of[packer2023.HashicorpCloudPacker20230101RegenerateTFCRunTaskHmacKeyResponse],
		"SearchExternalArtifactResponse":           of[packer2023.HashicorpCloudPacker20230101SearchExternalArtifactResponse],
		"UpdateBucketResponse":                     of[packer2023.HashicorpCloudPacker20230101UpdateBucketResponse],
		"UpdateBuildResponse":                      of[packer2023.HashicorpCloudPacker20230101UpdateBuildResponse],
		"UpdateChannelResponse":                    of[packer2023.HashicorpCloudPacker20230101UpdateChannelResponse],
		"UpdateEnforcedBlockResponse":              of[packer2023.HashicorpCloudPacker20230101UpdateEnforcedBlockResponse],
		"UpdateEnforcedBlockVersionResponse":       of[packer2023.HashicorpCloudPacker20230101UpdateEnforcedBlockVersionResponse],
		"UpdateRegistryResponse":                   of[packer2023.HashicorpCloudPacker20230101UpdateRegistryResponse],
		"UpdateRunTaskConfigResponse":              of[packer2023.HashicorpCloudPacker20230101UpdateRunTaskConfigResponse],
		"UpdateVersionResponse":                    of[packer2023.HashicorpCloudPacker20230101UpdateVersionResponse],
		"UploadSbomResponse":                       of[packer2023.HashicorpCloudPacker20230101UploadSbomResponse],
	},
	"packer 2021-04-30": {
		"CreateBucketResponse":                of[packer2021.HashicorpCloudPackerCreateBucketResponse],
		"CreateBuildResponse":                 of[packer2021.HashicorpCloudPackerCreateBuildResponse],
		"CreateChannelResponse":               of[packer2021.HashicorpCloudPackerCreateChannelResponse],
		"CreateIterationResponse":             of[packer2021.HashicorpCloudPackerCreateIterationResponse],
		"CreateRegistryResponse":              of[packer2021.HashicorpCloudPackerCreateRegistryResponse],
		"DeleteRegistryResponse":              of[packer2021.HashicorpCloudPackerDeleteRegistryResponse],
		"GetBucketResponse":                   of[packer2021.HashicorpCloudPackerGetBucketResponse],
		"GetBuildResponse":                    of[packer2021.HashicorpCloudPackerGetBuildResponse],
		"GetChannelResponse":                  of[packer2021.HashicorpCloudPackerGetChannelResponse],
		"GetIterationResponse":                of[packer2021.HashicorpCloudPackerGetIterationResponse],
		"GetRegistryResponse":                 of[packer2021.HashicorpCloudPackerGetRegistryResponse],
		"GetRegistryTFCRunTaskAPIResponse":    of[packer2021.HashicorpCloudPackerGetRegistryTFCRunTaskAPIResponse],
		"ListBucketAncestryResponse":          of[packer2021.HashicorpCloudPackerListBucketAncestryResponse],
		"ListBucketsResponse":                 of[packer2021.HashicorpCloudPackerListBucketsResponse],
		"ListBuildsResponse":                  of[packer2021.HashicorpCloudPackerListBuildsResponse],
		"ListChannelHistoryResponse":          of[packer2021.HashicorpCloudPackerListChannelHistoryResponse],
		"ListChannelsResponse":                of[packer2021.HashicorpCloudPackerListChannelsResponse],
		"ListIterationsResponse":              of[packer2021.HashicorpCloudPackerListIterationsResponse],
		"RegenerateTFCRunTaskHmacKeyResponse": of[packer2021.HashicorpCloudPackerRegenerateTFCRunTaskHmacKeyResponse],
		"UpdateBucketResponse":                of[packer2021.HashicorpCloudPackerUpdateBucketResponse],
		"UpdateBuildResponse":                 of[packer2021.HashicorpCloudPackerUpdateBuildResponse],
		"UpdateChannelResponse":               of[packer2021.HashicorpCloudPackerUpdateChannelResponse],
		"UpdateIterationResponse":             of[packer2021.HashicorpCloudPackerUpdateIterationResponse],
		"UpdateRegistryResponse":              of[packer2021.HashicorpCloudPackerUpdateRegistryResponse],
	},
	"resource-manager": {
		"OrganizationGetIamPolicyResponse": of[resources.HashicorpCloudResourcemanagerOrganizationGetIamPolicyResponse],
		"OrganizationGetResponse":          of[resources.HashicorpCloudResourcemanagerOrganizationGetResponse],
		"OrganizationListResponse":         of[resources.HashicorpCloudResourcemanagerOrganizationListResponse],
		"OrganizationSetIamPolicyResponse": of[resources.HashicorpCloudResourcemanagerOrganizationSetIamPolicyResponse],
		"ProjectGetIamPolicyResponse":      of[resources.HashicorpCloudResourcemanagerProjectGetIamPolicyResponse],
		"ProjectGetResponse":               of[resources.HashicorpCloudResourcemanagerProjectGetResponse],
		"ProjectListResponse":              of[resources.HashicorpCloudResourcemanagerProjectListResponse],
		"ProjectSetIamPolicyResponse":      of[resources.HashicorpCloudResourcemanagerProjectSetIamPolicyResponse],
		"ResourceGetIamPolicyResponse":     of[resources.HashicorpCloudResourcemanagerResourceGetIamPolicyResponse],
		"ResourceSetIamPolicyResponse":     of[resources.HashicorpCloudResourcemanagerResourceSetIamPolicyResponse],
	},
	"iam": {
		"BatchGetPrincipalsResponse": of[iam.HashicorpCloudIamBatchGetPrincipalsResponse],
	},
	"operation": {
		"GetResponse":  of[operation.HashicorpCloudOperationGetResponse],
		"ListResponse": of[operation.HashicorpCloudOperationListResponse],
		"WaitResponse": of[operation.HashicorpCloudOperationWaitResponse],
	},
}
