package main

import (
	"reflect"
	"regexp"
	"sort"
	"strings"
)

// fields are those of all models that were read: whether any answer says something in them.
type fields map[string]bool

// prefix is what the names of all models of an API begin with.
var prefix = regexp.MustCompile("^HashicorpCloud(Packer(20230101)?|Resourcemanager|Iam|Operation|Location|Common)")

// look notes what a model says, and the models in it.
func (seen fields) look(api string, value reflect.Value) {
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !value.IsNil() {
			seen.look(api, value.Elem())
		}
	case reflect.Slice:
		for place := range value.Len() {
			seen.look(api, value.Index(place))
		}
	case reflect.Map:
		for _, key := range value.MapKeys() {
			seen.look(api, value.MapIndex(key))
		}
	case reflect.Struct:
		kind := value.Type()
		// Times are values of another library.
		if !strings.Contains(kind.PkgPath(), "/hcp-sdk-go/") {
			return
		}
		for place := range kind.NumField() {
			tag, _, _ := strings.Cut(kind.Field(place).Tag.Get("json"), ",")
			name := api + " " + prefix.ReplaceAllString(kind.Name(), "") + "." + tag
			inner := value.Field(place)
			seen[name] = seen[name] || says(inner)
			seen.look(api, inner)
		}
	}
}

// says tells whether there is more in a field than in one that was left out.
func says(value reflect.Value) bool {
	switch value.Kind() {
	case reflect.Slice, reflect.Map:
		return value.Len() > 0
	case reflect.Pointer, reflect.Interface:
		return !value.IsNil() && (value.Elem().Kind() != reflect.String || says(value.Elem()))
	}
	return !value.IsZero()
}

func (seen fields) empty() []string {
	var names []string
	for name, filled := range seen {
		if !filled {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}
