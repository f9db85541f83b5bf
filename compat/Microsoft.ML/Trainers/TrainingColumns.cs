using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>The columns that a trainer reads from a view that has been checked for them.</summary>
internal sealed class TrainingColumns(DataViewSchema schema, string feature, string label, string weight)
{
    internal DataViewSchema.Column Feature { get; } = schema[feature];

    internal DataViewSchema.Column Label { get; } = schema[label];

    internal DataViewSchema.Column? Weight { get; } = weight is null ? null : schema[weight];

    /// <summary>The number of features.</summary>
    internal int Features => ((VectorDataViewType)Feature.Type).Size;

    /// <summary>The number of classes, where the label is a key.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not known how many keys there are.</exception>
    internal int Classes => ClassesOf(Label);

    internal static int ClassesOf(DataViewSchema.Column label) => ((KeyDataViewType)label.Type).Count is var count && count < int.MaxValue
        ? (int)count
        : throw SchemaErrors.Mismatch("label", label.Name, "a key of a known number of values", label.Type.ToString());

    internal IEnumerable<DataViewSchema.Column> All => Weight is { } column ? [Feature, Label, column] : [Feature, Label];

    /// <summary>The error of a view without a row to learn from.</summary>
    internal InvalidOperationException Empty() =>
        new($"Training set has 0 instances: no row has a label in '{Label.Name}' and all of its features in '{Feature.Name}'");
}
