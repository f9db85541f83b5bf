namespace GanPipeline.ML;

/// <summary>How image files become vectors; see <see cref="Microsoft.ML.GanTransformsCatalog"/>.</summary>
public sealed record GanImageLoadingOptions
{
    /// <summary>The column to add: vectors of Single [C, H, W] in [-1, 1].</summary>
    public required string OutputColumnName { get; init; }

    /// <summary>The column of paths, texts; null takes the output column's name.</summary>
    public string? InputColumnName { get; init; }

    /// <summary>The folder that relative paths begin at; null is the current one.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>
    /// The model that the images are for, such as <c>features.onnx</c>: its size and channels are taken. Null leaves them to the members
    /// below.
    /// </summary>
    public string? ModelFile { get; init; }

    /// <summary>The side of the square images in pixels, 4 to 1024; null takes the model's, or 64 without one.</summary>
    public int? ImageSize { get; init; }

    /// <summary>1 for gray or 3 for colour; null takes the model's, or 3 without one.</summary>
    public int? Channels { get; init; }

    /// <summary>How an image that is not square becomes so: <c>crop</c>, <c>pad</c> or <c>stretch</c>, as a data set's
    /// <c>fit</c>.</summary>
    public string Fit { get; init; } = "crop";

    /// <summary>What happens at a file that is no usable image.</summary>
    public UnreadableImages Unreadable { get; init; }

    /// <summary>Images with more pixels than this are unreadable; their memory is not spent.</summary>
    public long MaxPixels { get; init; } = 100_000_000;
}
