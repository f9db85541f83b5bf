using System.CommandLine;
using System.Globalization;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>What the commands under gan latent have in common: the generator, labels, where to write.</summary>
internal sealed class LatentChoice
{
    /// <summary>More pictures in a grid or frames in an animation are of no use.</summary>
    private const int MostLatents = 1024;

    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "A generator's ONNX file; or its folder, as models/bricks-dcgan or runs/NAME.",
    };

    private readonly Option<string[]> _label = new("--label", "--text")
    {
        Description = "Labels of a conditional generator, or texts, as in gan generate.",
        HelpName = "LABEL",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _output;
    private readonly Option<long> _threads = CommonOptions.Whole("--threads", "Processor threads; 0 takes all.", 0, 0, 1024);
    private readonly Option<string?> _range = CommonOptions.Range();

    private readonly Option<long> _gpu =
        CommonOptions.Whole("--gpu", "Run on this CUDA device; -1 is the processor.", -1, -1, 255);

    public LatentChoice(string folder) => _output = new("--out")
    {
        Description = $"The folder for what is made. Default: {folder}.", HelpName = "DIR", DefaultValueFactory = _ => folder,
    };

    public Argument<string> Model => _model;

    public Symbol[] Options => [_label, _output, _range, _threads, _gpu];

    public static Option<long> Seed() => CommonOptions.Whole(
        "--seed", "Which latents: the same seed gives the same pictures.", 0, long.MinValue, long.MaxValue);

    public string File(ParseResult parsed) => ModelFolder.Find(parsed.GetValue(_model)!, "generator.onnx");

    public string[] Labels(ParseResult parsed) => parsed.GetValue(_label)!;

    public string Folder(ParseResult parsed) => parsed.GetValue(_output)!;

    public GeneratorModel Open(ParseResult parsed) => GenerateCommand.Open(File(parsed), ModelOptions(parsed));

    /// <summary>A classifier by its file or folder.</summary>
    public ClassifierModel OpenReader(ParseResult parsed, string path) => Asked(
        () => ClassifierModel.Load(ModelFolder.Find(path, "classifier.onnx"), ModelOptions(parsed) with { PixelRange = null }));

    public ModelOptions ModelOptions(ParseResult parsed) => new()
    {
        Threads = (int)parsed.GetValue(_threads),
        GpuDeviceId = parsed.GetValue(_gpu) is >= 0 and var device ? (int)device : null,
        PixelRange = CommonOptions.Range(parsed.GetValue(_range)),
    };

    /// <summary>
    /// Latents by seed: <c>5</c> is latent 0 of seed 5, <c>0:17</c> latent 17 of seed 0; <c>0-3</c> and <c>0:4-7</c> are several.
    /// </summary>
    /// <exception cref="RequestException">It is no such text.</exception>
    public static IReadOnlyList<(long Seed, long Index)> ParseSeeds(string name, string text)
    {
        var list = new List<(long, long)>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            long of = 0;
            if (!TryRange(part[(colon + 1)..], out var first, out var last)
                || last - first >= MostLatents - list.Count
                || (colon >= 0 && (first < 0 || !TryNumber(part[..colon], out of))))
                throw new RequestException($"{name} must be seeds, or latents of seeds, as in 3,17 or 0-4 or 0:17,0:20-23, and at most " +
                    $"{TextFormat.Count(MostLatents)}, but is \"{TextFormat.Shorten(text)}\".");
            for (var n = first; n <= last; n++) list.Add(colon >= 0 ? (of, n) : (n, 0));
        }
        return list.Count > 0 ? list : throw new RequestException($"{name} names no seed.");
    }

    /// <summary>The latents of such a list, [N, Z].</summary>
    public static float[] Draw(IReadOnlyList<(long Seed, long Index)> seeds, int size, float? truncation = null)
    {
        var latents = new float[seeds.Count * size];
        for (var i = 0; i < seeds.Count; i++)
            Latents.Truncated(seeds[i].Seed, seeds[i].Index, size, truncation, latents.AsSpan(i * size, size));
        return latents;
    }

    /// <summary>Pictures of latents.</summary>
    public static ImageTensor Generate(GeneratorModel generator, float[] latents, float[] labelVectors, CancellationToken stop)
    {
        var images = new ImageTensor(latents.Length / generator.LatentSize, generator.Channels, generator.Height, generator.Width);
        generator.Generate(latents, labelVectors, images.Values, stop);
        return images;
    }

    /// <summary>Pictures one after the other.</summary>
    public static ImageTensor Join(params IReadOnlyList<ImageTensor> parts) => new(
        [.. parts.SelectMany(p => p.Values)], parts.Sum(p => p.Count), parts[0].Channels, parts[0].Height, parts[0].Width);

    /// <summary>A label vector so many times.</summary>
    public static float[] Repeat(float[] vector, int count) => [.. Enumerable.Repeat(vector, count).SelectMany(v => v)];

    /// <summary>What does not fit the models is the request's mistake; what they lack is a failure.</summary>
    public static T Asked<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (LatentException e)
        {
            throw new WorkException(e.Message, e);
        }
        catch (Exception e) when (e is ModelException or ArgumentException)
        {
            throw new RequestException(e.Message, e);
        }
    }

    private static bool TryRange(string text, out long first, out long last)
    {
        // A seed may begin with a minus.
        var dash = text.IndexOf('-', Math.Min(1, text.Length));
        var (from, to) = dash < 0 ? (text, text) : (text[..dash], text[(dash + 1)..]);
        last = 0;
        return TryNumber(from, out first) && TryNumber(to, out last) && last >= first;
    }

    private static bool TryNumber(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
