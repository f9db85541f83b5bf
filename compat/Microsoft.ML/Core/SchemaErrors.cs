namespace Microsoft.ML.Data;

/// <summary>The errors that estimators and transformers give for a schema that does not suit them.</summary>
internal static class SchemaErrors
{
    /// <param name="role">What the column is to the one who asks: "input", "label", "feature".</param>
    /// <param name="name">The name that is not there.</param>
    internal static ArgumentOutOfRangeException Missing(string role, string name) =>
        new("inputSchema", $"Could not find {role} column '{name}'");

    internal static ArgumentOutOfRangeException Mismatch(string role, string name, string expected, string actual) =>
        new("inputSchema", $"Schema mismatch for {role} column '{name}': expected {expected}, got {actual}");

    /// <summary>The input column of that name; where there is none, the error that transformers give for it.</summary>
    internal static DataViewSchema.Column Input(this DataViewSchema schema, string name, string role = "input") =>
        schema.GetColumnOrNull(name) ?? throw Missing(role, name);
}
