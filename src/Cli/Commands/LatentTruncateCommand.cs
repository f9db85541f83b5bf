using System.CommandLine;
using System.Text.Json.Nodes;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan latent truncate: the same latents at several truncations.</summary>
internal static class LatentTruncateCommand
{
    public static void Fill(Command command, Bind bind)
    {
        var choice = new LatentChoice("truncation");
        var seed = LatentChoice.Seed();
        var first = CommonOptions.Whole("--first", "Index of the first latent.", 0, 0, long.MaxValue / 2);
        var count = CommonOptions.Whole("--count", "Latents, a column each.", 10, 2, 64);
        var at = new Option<string>("--at")
        {
            Description = "The truncations, a row each below one without any: values beyond are drawn again, as gan generate " +
                "--truncation does. Default: 1.5,1,0.7,0.5,0.3.",
            HelpName = "T,T,...",
            DefaultValueFactory = _ => "1.5,1,0.7,0.5,0.3",
        };
        command.With([choice.Model, at, seed, first, count, .. choice.Options]);
        bind(command, (shell, parsed) =>
        {
            float?[] truncations = [null, .. parsed.GetValue(at)!.Split(',', StringSplitOptions.TrimEntries)
                .Select(Truncation)];
            using var generator = choice.Open(parsed);
            var (columns, size) = ((int)parsed.GetValue(count), generator.LatentSize);
            var vectors = LatentChoice.Asked(() =>
                generator.LabelVectors(columns, parsed.GetValue(seed), parsed.GetValue(first), choice.Labels(parsed)));
            var rows = new List<ImageTensor>();
            foreach (var truncation in truncations)
            {
                var latents = new float[columns * size];
                Latents.Truncated(parsed.GetValue(seed), parsed.GetValue(first), size, truncation, latents);
                rows.Add(LatentChoice.Generate(generator, latents, vectors, shell.Stop));
            }
            var file = Path.Combine(choice.Folder(parsed), "grid.png");
            Pictures.SaveGrid(LatentChoice.Join(rows), file, columns, scale: 0);
            double[] varieties = [.. rows.Select(Variety)];
            for (var r = 0; r < rows.Count; r++)
                shell.Say($"{(truncations[r] is { } t ? $"truncation {TextFormat.Number(t)}" : "no truncation"),-16}" +
                    $"variety {TextFormat.Number(varieties[r])}");
            shell.Say(file);
            return new JsonObject
            {
                ["model"] = choice.File(parsed),
                ["seed"] = parsed.GetValue(seed),
                ["first"] = parsed.GetValue(first),
                ["labels"] = Json.Array(choice.Labels(parsed)),
                ["grid"] = Path.GetFullPath(file),
                ["columns"] = columns,
                ["rows"] = new JsonArray([.. rows.Select((_, r) => (JsonNode)new JsonObject
                {
                    ["truncation"] = truncations[r] is { } t ? Json.Rounded(t) : null, ["variety"] = Json.Rounded(varieties[r]),
                })]),
            };
        });
    }

    private static float? Truncation(string text)
    {
        try { return GenerationCommand.Truncation(text); }
        catch (RequestException e) { throw new RequestException(e.Message.Replace("--truncation", "--at", StringComparison.Ordinal), e); }
    }

    /// <summary>How different pictures are: root of the mean squared difference of two's values, black -1, white 1.</summary>
    private static double Variety(ImageTensor images)
    {
        double sum = 0;
        for (var p = 0; p < images.ImageSize; p++)
        {
            double total = 0, squares = 0;
            for (var i = 0; i < images.Count; i++)
            {
                double value = images.Values[i * images.ImageSize + p];
                (total, squares) = (total + value, squares + value * value);
            }
            // Twice the variance is the mean squared difference of two.
            sum += 2 * (squares - total * total / images.Count) / (images.Count - 1);
        }
        return Math.Sqrt(sum / images.ImageSize);
    }
}
