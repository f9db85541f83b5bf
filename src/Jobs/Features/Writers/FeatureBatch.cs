using GanPipeline.Data;

namespace GanPipeline.Jobs;

/// <summary>Features on their way into a shard.</summary>
/// <param name="Rows">Whose they are, N; what could not be read has no row.</param>
/// <param name="Features">[N, F].</param>
internal sealed record FeatureBatch(PictureRow[] Rows, float[] Features);

/// <summary>What all rows of a job have in common.</summary>
/// <param name="Features">F.</param>
/// <param name="HasFiles">Whether pictures are files.</param>
/// <param name="Attributes">What the values mean.</param>
internal sealed record FeatureForm(int Features, bool HasFiles, IReadOnlyList<LabelField> Attributes)
{
    public const string Index = "index", File = "file", Column = "features";

    public static FeatureForm Of(int features, IImageSource source) =>
        new(features, Enumerable.Range(0, source.Count).Any(index => source.FileOf(index) is not null), source.Attributes);

    /// <summary>Whether the one thing that is known of a picture is its class.</summary>
    public bool IsClass => Attributes is [{ Kind: LabelKind.Categorical }];

    /// <summary>What an attribute's column is called.</summary>
    public static string NameOf(LabelField field) => field.Name is Index or File or Column ? $"label_{field.Name}" : field.Name;

    /// <summary>A value as text; empty where there is none.</summary>
    public static string Text(LabelField field, float value) =>
        field.Kind == LabelKind.Categorical && value < 0 ? "" : field.Write(value);
}
