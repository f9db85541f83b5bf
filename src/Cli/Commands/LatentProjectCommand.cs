using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan latent project: the latents whose pictures are nearest to given ones.</summary>
internal static class LatentProjectCommand
{
    public static void Fill(Command command, Bind bind)
    {
        var choice = new LatentChoice("projection");
        var pictures = new Argument<string[]>("PICTURE")
        {
            Description = "Picture files.", Arity = ArgumentArity.OneOrMore,
        };
        var features = new Option<string>("--features")
        {
            Description = "The network whose features tell how near pictures are: an ONNX file, or a folder with features.onnx or " +
                "classifier.onnx, as models/bricks-classifier.",
            HelpName = "MODEL",
            Required = true,
        };
        var defaults = new LatentProjectionOptions();
        var draws = CommonOptions.Whole("--draws", "Latents drawn at first.", defaults.Draws, 1, 10_000_000);
        var starts = CommonOptions.Whole("--starts", "Of how many of them a search starts.", defaults.Starts, 1, 1000);
        var steps = CommonOptions.Whole("--steps", "Steps of a search.", defaults.Steps, 0, 100_000);
        var seed = LatentChoice.Seed();
        command.With([choice.Model, pictures, features, draws, starts, steps, seed, .. choice.Options]);
        bind(command, (shell, parsed) =>
        {
            var options = new LatentProjectionOptions
            {
                Draws = (int)parsed.GetValue(draws),
                Starts = (int)parsed.GetValue(starts),
                Steps = (int)parsed.GetValue(steps),
                Seed = parsed.GetValue(seed),
            };
            var files = parsed.GetValue(pictures)!;
            using var generator = choice.Open(parsed);
            var targets = Read(files, generator);
            var label = LatentChoice.Asked(() => generator.LabelVectors(1, labels: choice.Labels(parsed)));
            using var network = LatentChoice.Asked(() => FeatureModel.Load(
                FeaturesIn(parsed.GetValue(features)!), options: choice.ModelOptions(parsed) with { PixelRange = null }));
            var (found, rows) = (new List<LatentProjection>(), new List<ImageTensor>());
            for (var i = 0; i < files.Length; i++)
            {
                var projection = LatentChoice.Asked(() =>
                    LatentProjection.Find(generator, network, targets[i], options, label, shell.Stop));
                found.Add(projection);
                rows.Add(LatentChoice.Join(targets[i], LatentChoice.Generate(
                    generator, [.. projection.DrawnLatent, .. projection.Latent], LatentChoice.Repeat(label, 2), shell.Stop)));
                shell.Say($"{files[i]}: distance {TextFormat.Number(projection.Distance)}, {TextFormat.Percent(projection.Ratio)} of a " +
                    $"random sample's; the nearest of {TextFormat.Count(options.Draws)} drawn is at " +
                    $"{TextFormat.Number(projection.NearestDrawn)}");
            }
            var folder = choice.Folder(parsed);
            Pictures.SaveGrid(LatentChoice.Join(rows), Path.Combine(folder, "grid.png"), columns: 3, scale: 0);
            float[] latents = [.. found.SelectMany(p => p.Latent)];
            AtomicFile.WriteAllBytes(Path.Combine(folder, "latents.npy"),
                [.. NpyHeader.Of(NpyHeader.Float32, files.Length, generator.LatentSize), .. MemoryMarshal.AsBytes(latents.AsSpan())]);
            shell.Say($"{folder}: grid.png with picture, nearest drawn, found; latents.npy for gan generate --latents");
            return new JsonObject
            {
                ["model"] = choice.File(parsed),
                ["seed"] = options.Seed,
                ["output"] = Path.GetFullPath(folder),
                ["pictures"] = new JsonArray([.. files.Select((file, i) => (JsonNode)new JsonObject
                {
                    ["file"] = file,
                    ["distance"] = Json.Rounded(found[i].Distance),
                    ["ratio"] = Json.Rounded(found[i].Ratio),
                    ["nearestDrawn"] = Json.Rounded(found[i].NearestDrawn),
                    ["medianDrawn"] = Json.Rounded(found[i].MedianDrawn),
                    ["tried"] = found[i].Tried,
                })]),
            };
        });
    }

    private static ImageTensor[] Read(string[] files, GeneratorModel generator)
    {
        if (generator.Height != generator.Width)
            throw new RequestException($"The generator's pictures are {generator.Width} x {generator.Height}; only square ones are read.");
        try
        {
            var reader = new PictureReader(generator.Height, generator.Channels);
            return [.. files.Select(reader.Read)];
        }
        catch (Exception e) when (e is DataSetException or ArgumentException)
        {
            throw new RequestException(e.Message, e);
        }
    }

    private static string FeaturesIn(string path)
    {
        var file = Path.Combine(path, "classifier.onnx");
        return File.Exists(file) ? file : ModelFolder.Find(path, "features.onnx");
    }
}
