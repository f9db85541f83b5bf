using System.Globalization;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Studio;

/// <summary>How a picture of the explorer is made elsewhere.</summary>
/// <param name="Command">Of the command line.</param>
/// <param name="NeedsLatent">Whether the command reads the latent from a file, <c>latent.npy</c>.</param>
/// <param name="Code">C#, with GanPipeline.Inference.</param>
internal sealed record PictureCode(string Command, bool NeedsLatent, string Code)
{
    /// <summary>Tells how.</summary>
    /// <param name="model">The generator's file.</param>
    /// <param name="place">The latent.</param>
    /// <param name="label">A label or a text, as the command line takes it; null for none.</param>
    /// <param name="reader">The classifier that the directions were found with; null where there are none.</param>
    /// <param name="directions">What the place's directions name.</param>
    public static PictureCode Of(
        ModelFile model, LatentPlace place, string? label, ModelFile? reader, IReadOnlyList<LatentDirection> directions)
    {
        var isMoved = place.Moves.Count > 0 || place.Directions.Count > 0;
        var needsLatent = isMoved || place.Corners.Count > 0;
        return new(Command(), needsLatent, Code());

        string Command()
        {
            List<string> arguments = needsLatent ? ["generate", model.Folder, "--latents", "latent.npy", "--count", "1"]
                : place.Points > 0
                    ? ["latent", "walk", model.Folder, "--seed", $"{place.Seed}", "--points", $"{place.Points}",
                        "--frames", $"{place.Frames}"]
                    : ["generate", model.Folder, "--seed", $"{place.Seed}", "--first", $"{place.Index}", "--count", "1"];
            if (label is not null) arguments.AddRange(["--label", label]);
            if (place.Truncation is { } limit && !needsLatent) arguments.AddRange(["--truncation", Invariant($"{limit}")]);
            return TextFormat.GanCommand(arguments);
        }

        string Code()
        {
            var limit = place.Truncation is { } truncation ? Invariant($", new() {{ Truncation = {truncation}f }}") : "";
            var labels = label is null ? "" : $", labels: [{Text(label)}]";
            var lines = new List<string> { $"using var generator = GeneratorModel.Load({Text(model.File)}{limit});" };
            if (!isMoved && place.Corners.Count == 0 && place.Points == 0)
                lines.Add($"var picture = generator.Sample(1, seed: {place.Seed}, first: {place.Index}{labels});");
            else
            {
                lines.AddRange(Start());
                lines.AddRange(place.Moves.Select(move => Invariant($"latent[{move.Component}] += {move.Distance}f;")));
                lines.AddRange(Along());
                lines.Add($"var picture = generator.Generate(latent{labels});");
            }
            lines.Add("Pictures.SavePng(picture, 0, \"picture.png\");");
            return string.Join('\n', lines);
        }

        IEnumerable<string> Start()
        {
            if (place.Points > 0)
            {
                yield return $"var points = new float[{place.Points} * generator.LatentSize];";
                yield return $"generator.DrawLatents({place.Seed}, 0, points);";
                yield return $"var walk = LatentPath.Loop(points, generator.LatentSize, {place.Frames});";
                yield return $"var latent = walk[({place.Frame} * generator.LatentSize)..({place.Frame + 1} * generator.LatentSize)];";
            }
            else if (place.Corners.Count > 0)
            {
                yield return $"var corners = new long[] {{ {string.Join(", ", place.Corners)} }}.Select(seed =>";
                yield return "{";
                yield return "    var corner = new float[generator.LatentSize];";
                yield return "    generator.DrawLatents(seed, 0, corner);";
                yield return "    return corner;";
                yield return "}).ToArray();";
                yield return Invariant($"var top = LatentPath.Between(corners[0], corners[1], {place.X});");
                yield return Invariant($"var bottom = LatentPath.Between(corners[2], corners[3], {place.X});");
                yield return Invariant($"var latent = LatentPath.Between(top, bottom, {place.Y});");
            }
            else
            {
                yield return "var latent = new float[generator.LatentSize];";
                yield return $"generator.DrawLatents({place.Seed}, {place.Index}, latent);";
            }
        }

        IEnumerable<string> Along()
        {
            if (place.Directions.Count == 0 || reader is null) yield break;
            yield return $"using var classifier = ClassifierModel.Load({Text(reader.File)});";
            yield return "var directions = LatentDirectionSearch.Find(new LatentReader(generator, classifier));";
            foreach (var (row, distance) in place.Directions)
            {
                var direction = directions[row];
                yield return $"latent = directions.Single(d => d is {{ Attribute: {Text(direction.Attribute)}, Value: " +
                    Invariant($"{Text(direction.Value)} }}).Move(latent, {distance}f);");
            }
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Text(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
