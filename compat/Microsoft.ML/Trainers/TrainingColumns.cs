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

    internal IEnumerable<DataViewSchema.Column> All => Weight is { } column ? [Feature, Label, column] : [Feature, Label];

    /// <summary>The error of a view without a row to learn from.</summary>
    internal InvalidOperationException Empty() =>
        new($"Training set has 0 instances: no row has a label in '{Label.Name}' and all of its features in '{Feature.Name}'");
}
