//! Files that every schema may import without bringing them along. Source: google/protobuf/*.proto, google/type/*.proto and Confluent's
//! own, without comments and without what says nothing of a message's content.

/// By the name under which they are imported.
pub(crate) const FILES: [(&str, &str); 12] = [
    ("google/protobuf/any.proto", "package google.protobuf;message Any{string type_url=1;bytes value=2;}"),
    ("google/protobuf/duration.proto", "package google.protobuf;message Duration{int64 seconds=1;int32 nanos=2;}"),
    ("google/protobuf/empty.proto", "package google.protobuf;message Empty{}"),
    ("google/protobuf/field_mask.proto", "package google.protobuf;message FieldMask{repeated string paths=1;}"),
    (
        "google/protobuf/struct.proto",
        "package google.protobuf;message Struct{map<string,Value>fields=1;}message Value{oneof kind{NullValue null_value=1;double number_value=2;string string_value=3;bool bool_value=4;Struct struct_value=5;ListValue list_value=6;}}enum NullValue{NULL_VALUE=0;}message ListValue{repeated Value values=1;}",
    ),
    ("google/protobuf/timestamp.proto", "package google.protobuf;message Timestamp{int64 seconds=1;int32 nanos=2;}"),
    (
        "google/protobuf/wrappers.proto",
        "package google.protobuf;message DoubleValue{double value=1;}message FloatValue{float value=1;}message Int64Value{int64 value=1;}message UInt64Value{uint64 value=1;}message Int32Value{int32 value=1;}message UInt32Value{uint32 value=1;}message BoolValue{bool value=1;}message StringValue{string value=1;}message BytesValue{bytes value=1;}",
    ),
    ("google/type/date.proto", "package google.type;message Date{int32 year=1;int32 month=2;int32 day=3;}"),
    ("google/type/decimal.proto", "package google.type;message Decimal{string value=1;}"),
    ("google/type/latlng.proto", "package google.type;message LatLng{double latitude=1;double longitude=2;}"),
    (
        "google/type/money.proto",
        "package google.type;message Money{string currency_code=1;int64 units=2;int32 nanos=3;}",
    ),
    (
        "confluent/type/decimal.proto",
        "package confluent.type;message Decimal{bytes value=1;uint32 precision=2;int32 scale=3;}",
    ),
];

/// Without this line, their fields would be those of an older Protobuf.
pub(crate) const SYNTAX: &str = "syntax=\"proto3\";";
