using System.Collections.Concurrent;
using GanPipeline.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>Loads image files; see <see cref="GanImageLoadingEstimator"/>.</summary>
public sealed class GanImageLoadingTransformer : ITransformer
{
    private readonly PictureReader _reader;
    private readonly ContextSettings _context;
    private readonly ConcurrentDictionary<string, string> _skipped = new();

    internal GanImageLoadingTransformer(GanImageLoadingOptions options, PictureReader reader, ContextSettings context)
    {
        _context = context;
        Options = options;
        _reader = reader;
        Form = new VectorForm(reader.Shape.Channels, reader.Shape.Height, reader.Shape.Width);
    }

    /// <summary>What is loaded, and how.</summary>
    public GanImageLoadingOptions Options { get; }

    /// <summary>
    /// The files whose rows were left out so far (<see cref="UnreadableImages.Skip"/>), each once, and why; ordered by
    /// path.
    /// </summary>
    public IReadOnlyList<SkippedImage> SkippedImages =>
        [.. _skipped.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new SkippedImage(entry.Key, entry.Value))];

    /// <summary>Whether rows are mapped one by one: not where some are left out.</summary>
    public bool IsRowToRowMapper => Options.Unreadable == UnreadableImages.Fail;

    internal VectorForm Form { get; }

    internal string InputColumnName => Options.InputColumnName ?? Options.OutputColumnName;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ImageMapper(this, inputSchema).OutputSchema;
    }

    /// <summary>A mapper of single rows.</summary>
    /// <exception cref="InvalidOperationException">Rows may be left out.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (IsRowToRowMapper) return new ImageMapper(this, inputSchema);
        throw new InvalidOperationException($"With {nameof(UnreadableImages)}.{nameof(UnreadableImages.Skip)} rows are left out, " +
            $"so that single rows cannot be mapped; use {nameof(UnreadableImages.Fail)}.");
    }

    /// <summary>The view with the images; none is read before a cursor asks for it, or has to know whether to leave it out.</summary>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new AddedColumnView(input, new ImageMapper(this, input.Schema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new InvalidOperationException(SavingProblem);

    /// <summary>Why it cannot be saved.</summary>
    internal string SavingProblem =>
        $"The image loader (LoadGanImages, column '{Options.OutputColumnName}') cannot be saved in a model: " +
        "a program without this assembly could not load it. Leave it out of the chain that is saved: transform the data with " +
        "loader.Fit(data).Transform(data) first, fit the chain on the result, save that chain, and load the images of new data " +
        "in the same way before the loaded chain.";

    /// <summary>Reads a row's image into exactly <see cref="VectorForm.Size"/> values.</summary>
    /// <returns>Null, or why the file cannot be used.</returns>
    internal string? Read(string path, byte[] pixels, Span<float> image)
    {
        if (_reader.Read(path, pixels) is { } problem) return problem;
        PixelValues.ToFloats(pixels, image);
        return null;
    }

    internal string FullPath(ReadOnlyMemory<char> path) =>
        Options.ImageFolder is { } folder ? Path.Combine(folder, path.ToString()) : path.ToString();

    internal void Skip(string path, string reason)
    {
        if (_skipped.TryAdd(path, reason)) _context.Warn($"The image '{path}' cannot be used and is left out: {reason}");
    }

    internal Exception Unusable(string path, string reason) => new InvalidOperationException(
        $"The image '{path}' in column '{InputColumnName}' cannot be used: {reason.TrimEnd('.')}. " +
        $"{nameof(UnreadableImages)}.{nameof(UnreadableImages.Skip)} leaves such rows out.");
}
