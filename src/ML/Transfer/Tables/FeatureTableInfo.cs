namespace GanPipeline.ML;

/// <summary>What a feature table says about itself, beside its numbers: <c>table.json</c>.</summary>
public sealed record FeatureTableInfo
{
    /// <summary>Decides whether a table on disk is the one that is needed: a hash of what the features were computed from.</summary>
    public required string Key { get; init; }

    /// <summary>A hash of the data set and the model alone: equal for tables of other choices of images.</summary>
    public string SourceKey { get; init; } = "";

    /// <summary>Whether it was made of all images of the data set; those without a row could not be read then.</summary>
    public bool IsWhole { get; init; }

    /// <summary>F, the values of a row.</summary>
    public required int Columns { get; init; }

    /// <summary>The names of the classes, by label; empty where the images have no labels.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>What the values are, for people: a model's file, or pixels.</summary>
    public string Content { get; init; } = "";

    /// <summary>The data set, for people.</summary>
    public string DataSet { get; init; } = "";

    /// <summary>Images that could not be read and have no row.</summary>
    public int Skipped { get; init; }
}
