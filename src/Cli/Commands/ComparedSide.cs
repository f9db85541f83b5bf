using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>What gan evaluate A B compares: pictures, a run's samples, or those of a generator's file.</summary>
internal static class ComparedSide
{
    /// <summary>Pictures whose headers are looked at for their size.</summary>
    private const int Looked = 64;

    private const int LeastSide = 4, MostSide = 1024;

    /// <summary>The run's folder that a text means; null where it means something else.</summary>
    public static string? Run(string text) => new[] { text, Path.Combine("runs", text) }
        .FirstOrDefault(folder => Directory.Exists(folder) && RunSettings.Exist(folder));

    /// <summary>Opens a generator; null where the text means something else.</summary>
    public static PictureSide? OpenGenerator(string text, ModelOptions options) =>
        Generator(text) is { } file ? new(text, GenerateCommand.Open(file, options)) : null;

    /// <summary>Opens pictures.</summary>
    /// <param name="text">As they were given.</param>
    /// <param name="split">Which part of a data set; null takes the test part, or all of a folder.</param>
    /// <param name="size">The side that they are brought to; 0 takes their own.</param>
    /// <param name="other">
    /// A generator that they are compared with: as the pictures of its training were, they are brought to the size of its samples.
    /// </param>
    /// <param name="evaluator">The features, whose size a folder's pictures get that have several.</param>
    public static PictureSide OpenPictures(string text, string? split, int size, PictureSide? other, Evaluator evaluator)
    {
        if (!Path.Exists(text) && !text.Contains(':', StringComparison.Ordinal) && text != "bricks")
            throw new RequestException($"There is no {TextFormat.Shorten(text)}: name a folder or archive of pictures, KIND:PATH of a " +
                "data set, a run's folder, or a generator's ONNX file.");
        var shape = size == 0 && other?.Shape is { } samples && samples.Height == samples.Width ? samples : (ImageShape?)null;
        return new(text, Data(text, split, shape?.Height ?? size, evaluator))
        {
            Note = shape is { } of ? $"The pictures of {text} are brought to {of.Width} x {of.Height}, as the samples are: --size says " +
                "another size." : null,
        };
    }

    private static string? Generator(string text)
    {
        if (text.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)) return text;
        if (Run(text) is { } run)
        {
            var file = Path.Combine(run, "models", "generator.onnx");
            return File.Exists(file) ? file
                : throw new RequestException($"{run} has no models/generator.onnx yet: gan export {run} writes it.");
        }
        var inFolder = Path.Combine(text, "generator.onnx");
        return File.Exists(inFolder) ? inFolder : null;
    }

    private static IImageSource Data(string text, string? split, int size, Evaluator evaluator)
    {
        var (kind, path) = DataChoice.Parse(text, text);
        var isFolder = kind == "folder";
        var options = new DataOptions
        {
            Kind = kind,
            Path = path,
            Split = split ?? (isFolder ? "all" : "test"),
            Size = size > 0 ? size : isFolder ? Math.Clamp(evaluator.Height, LeastSide, MostSide) : 0,
            Channels = isFolder || kind == "bricks" ? evaluator.Channels == 1 ? 1 : 3 : 0,
        };
        try
        {
            var source = DataSets.Open(options);
            if (!isFolder || size > 0 || Side(source) is not { } own || own == options.Size) return source;
            // Pictures of one size are taken as they are, so that they are resized once, as the features have it.
            source.Dispose();
            return DataSets.Open(options with { Size = own });
        }
        catch (DataSetException e)
        {
            throw new RequestException(e.Message, e);
        }
    }

    /// <summary>The side that all pictures have; null where they are not square, or differ.</summary>
    private static int? Side(IImageSource source)
    {
        int? side = null;
        var looked = Math.Min(Looked, source.Count);
        for (var i = 0; i < looked; i++)
        {
            if (source.FileOf((int)((long)i * source.Count / looked)) is not { } file) continue;
            if (file.Width != file.Height || file.Width is < LeastSide or > MostSide || (side ?? file.Width) != file.Width) return null;
            side = file.Width;
        }
        return side;
    }
}
