package main

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/packer-plugin-sdk/rpc"
	"google.golang.org/protobuf/proto"
)

// specFromProtobuf reads a specification as Packer does when it said --protobuf, and insists on the bytes that the SDK
// writes for it when it sorts maps.
func specFromProtobuf(encoded []byte) (any, error) {
	message := &rpc.Spec{}
	if err := proto.Unmarshal(encoded, message); err != nil {
		return nil, err
	}
	spec, err := message.FromProto()
	if err != nil {
		return nil, err
	}
	object, ok := spec.(*hcldec.ObjectSpec)
	if !ok {
		return nil, fmt.Errorf("the root is a %T, not an object", spec)
	}
	again, err := rpc.ToProto(*object)
	if err != nil {
		return nil, err
	}
	written, err := proto.MarshalOptions{Deterministic: true}.Marshal(again)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(written, encoded) {
		return nil, fmt.Errorf("Go writes %x for it", written)
	}
	return describeSpec(*object)
}

// specFromGob reads a specification as Packer does when it did not say --protobuf.
func specFromGob(encoded []byte) (any, error) {
	spec := hcldec.ObjectSpec{}
	if err := gob.NewDecoder(bytes.NewReader(encoded)).Decode(&spec); err != nil {
		return nil, err
	}
	return describeSpec(spec)
}

type attribute struct {
	Name     string          `json:"name"`
	Type     json.RawMessage `json:"type"`
	Required bool            `json:"required"`
}

func describeSpec(spec hcldec.ObjectSpec) (any, error) {
	attributes := map[string]attribute{}
	for key, each := range spec {
		attr, ok := each.(*hcldec.AttrSpec)
		if !ok {
			return nil, fmt.Errorf("%q is a %T, not an attribute", key, each)
		}
		notation, err := attr.Type.MarshalJSON()
		if err != nil {
			return nil, err
		}
		attributes[key] = attribute{attr.Name, notation, attr.Required}
	}
	return attributes, nil
}
