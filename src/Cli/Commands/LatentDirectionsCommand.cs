using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan latent directions: directions of attributes, and what moving along them does.</summary>
internal static class LatentDirectionsCommand
{
    private const int GridRows = 6, GridColumns = 7;

    public static void Fill(Command command, Bind bind)
    {
        var choice = new LatentChoice("directions");
        var reader = new Option<string>("--reader")
        {
            Description = "The classifier that reads the attributes: its ONNX file or folder, as models/bricks-classifier.",
            HelpName = "MODEL",
            Required = true,
        };
        var attributes = new Option<string[]>("--attribute")
        {
            Description = "Only of this attribute. May be given many times. Default: all that are read.",
            HelpName = "NAME",
            DefaultValueFactory = _ => [],
        };
        var defaults = new LatentDirectionOptions();
        var count = CommonOptions.Whole("--count", "Latents that the directions are found with.", defaults.Count, 2, 10_000_000);
        var test = CommonOptions.Whole("--test", "Fresh latents that they are measured with.", defaults.TestCount, 1, 1_000_000);
        var least = CommonOptions.Whole(
            "--least", "The fewest latents with a value; others are left out.", defaults.LeastExamples, 1, 1_000_000);
        var distances = new Option<string>("--distances")
        {
            Description = "How far latents are moved to measure it. Default: 1,2,3.", HelpName = "D,D,...",
            DefaultValueFactory = _ => "1,2,3",
        };
        var seed = LatentChoice.Seed();
        command.With([choice.Model, reader, attributes, count, test, least, distances, seed, .. choice.Options]);
        bind(command, (shell, parsed) =>
        {
            var options = new LatentDirectionOptions
            {
                Attributes = parsed.GetValue(attributes)!,
                Count = (int)parsed.GetValue(count),
                TestCount = (int)parsed.GetValue(test),
                LeastExamples = (int)parsed.GetValue(least),
                Distances = Distances(parsed.GetValue(distances)!),
                Seed = parsed.GetValue(seed),
                Labels = choice.Labels(parsed),
            };
            using var generator = choice.Open(parsed);
            using var classifier = choice.OpenReader(parsed, parsed.GetValue(reader)!);
            var folder = choice.Folder(parsed);
            var directions = LatentChoice.Asked(() =>
                LatentDirectionSearch.Find(new LatentReader(generator, classifier), options, shell.Stop));
            LatentDirection.Save(directions, folder);
            foreach (var direction in directions)
            {
                SaveGrid(generator, direction, options, Path.Combine(folder, NameOf(direction)), shell.Stop);
                shell.Say(Describe(direction));
            }
            shell.Say($"{TextFormat.Count(directions.Count, "direction")}: {folder}");
            return new JsonObject
            {
                ["model"] = choice.File(parsed),
                ["seed"] = options.Seed,
                ["count"] = options.Count,
                ["test"] = options.TestCount,
                ["output"] = Path.GetFullPath(folder),
                ["directions"] = JsonNode.Parse(LatentDirection.ToJson(directions)),
            };
        });
    }

    private static double[] Distances(string text)
    {
        double Read(string part) =>
            double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && value > 0
                ? value : throw new RequestException($"--distances must be positive numbers, as in 1,2,3, but is " +
                    $"\"{TextFormat.Shorten(text)}\".");
        return [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Read)];
    }

    /// <summary>The same latents in each row of all grids; the middle column is the latents themselves.</summary>
    private static void SaveGrid(
        GeneratorModel generator, LatentDirection direction, LatentDirectionOptions options, string file, CancellationToken stop)
    {
        var size = generator.LatentSize;
        var latents = Latents.Normal(options.Seed, 0, GridRows, size);
        var labels = generator.LabelVectors(GridRows, options.Seed, 0, options.Labels);
        var rows = new List<ImageTensor>();
        for (var r = 0; r < GridRows; r++)
        {
            var path = Enumerable.Range(0, GridColumns).SelectMany(c => direction.Move(
                latents.AsSpan(r * size, size), options.Distances.Max() * (2.0 * c / (GridColumns - 1) - 1))).ToArray();
            var label = labels[(r * generator.LabelSize)..((r + 1) * generator.LabelSize)];
            rows.Add(LatentChoice.Generate(generator, path, LatentChoice.Repeat(label, GridColumns), stop));
        }
        Pictures.SaveGrid(LatentChoice.Join(rows), file, GridColumns, scale: 0);
    }

    private static string NameOf(LatentDirection direction) =>
        string.Concat($"{direction.Attribute}-{direction.Value}.png".Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' ? c : '_'));

    private static string Describe(LatentDirection direction)
    {
        var effects = direction.Effects.Select(e => $"{TextFormat.Number(e.Distance)}: " +
            $"{TextFormat.Percent(e.Changed)} (random {TextFormat.Percent(e.ChangedAtRandom)}" +
            (e.Stayed.Count > 0 ? $"; others stay {TextFormat.Percent(e.Stayed.Values.Average())}" : "") + ")");
        var separation = double.IsNaN(direction.Separation) ? "" : $", separation {TextFormat.Number(direction.Separation)}";
        return $"{direction.Attribute} {direction.Value}, {TextFormat.Count(direction.Examples)} examples{separation}; shown after " +
            $"a move of {string.Join(", ", effects)}";
    }
}
