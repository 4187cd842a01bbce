package adit.stratum.v1;

/// What a token of a [JsonLine] is.
enum JsonKind {
    STRING,
    NUMBER,
    TRUE,
    FALSE,
    NULL,
    ARRAY,
    OBJECT,
    NAME
}
