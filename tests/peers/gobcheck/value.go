package main

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"
)

// valueFromMsgpack reads the result of a data source as Packer does when it said --protobuf, and insists on the bytes
// that the SDK writes for it.
func valueFromMsgpack(encoded []byte) (any, error) {
	value, err := msgpack.Unmarshal(encoded, cty.DynamicPseudoType)
	if err != nil {
		return nil, err
	}
	written, err := msgpack.Marshal(value, cty.DynamicPseudoType)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(written, encoded) {
		return nil, fmt.Errorf("Go writes %x for it", written)
	}
	return describeValue(value)
}

// valueFromGob reads the result of a data source as Packer does when it did not say --protobuf.
func valueFromGob(encoded []byte) (any, error) {
	value := cty.Value{}
	if err := gob.NewDecoder(bytes.NewReader(encoded)).Decode(&value); err != nil {
		return nil, err
	}
	return describeValue(value)
}

func describeValue(value cty.Value) (any, error) {
	written, err := ctyjson.Marshal(value, cty.DynamicPseudoType)
	return json.RawMessage(written), err
}
