using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>What the runs' generators make of the latents of one seed.</summary>
/// <param name="Grids">One a run.</param>
/// <param name="Explanation">Whether the latents are the same, and what stands where.</param>
internal sealed record ComparedSamples(IReadOnlyList<SampleGrid> Grids, string Explanation)
{
    private const int Batch = 64;

    /// <summary>Generates them; a run without a generator, or with one that cannot be used, has a note in its place.</summary>
    /// <param name="runs">The runs, of GANs.</param>
    /// <param name="count">About how many pictures of each, at least 1.</param>
    /// <param name="seed">Of the latents.</param>
    /// <param name="stop">Ends the work.</param>
    public static ComparedSamples Draw(IReadOnlyList<ComparedRun> runs, int count, long seed, CancellationToken stop)
    {
        SampleGrid[] grids = [.. runs.Select(run => Draw(run, count, seed, stop))];
        var sizes = grids.Where(grid => grid.Png is not null).Select(grid => grid.LatentSize).Distinct().ToArray();
        var labels = grids.Where(grid => grid.Png is not null).Select(grid => grid.Labels).Distinct().ToArray();
        var latents = sizes.Length switch
        {
            0 => "No run has a generator yet.",
            1 => $"From generator.onnx, seed {seed}: a place in the grids is the same latent of {TextFormat.Count(sizes[0], "number")} " +
                "in every run.",
            _ => $"From generator.onnx, seed {seed}. The latents are not the same: they have {TextFormat.List(sizes.Order().Select(size =>
                TextFormat.Count(size)), "or")} numbers.",
        };
        var rows = sizes.Length == 0 ? "" : labels.Length > 1 ? " The generators take different labels, so that rows differ too."
            : labels[0].Length > 0 ? " A row is a label, a column a latent." : "";
        return new(grids, latents + rows);
    }

    private static SampleGrid Draw(ComparedRun run, int count, long seed, CancellationToken stop)
    {
        if (File.Exists(run.Folder.Translator))
            return new(null, 0, "", $"It makes images of images: {run.Folder.ShownPath("samples/grid.png")} shows them.");
        if (!File.Exists(run.Folder.Generator))
            return new(null, 0, "", $"No generator yet: gan export {run.Folder.Shown} writes it from the last checkpoint.");
        try
        {
            using var generator = GeneratorModel.Load(run.Folder.Generator, new ModelOptions { BatchSize = Batch });
            var (images, columns) = generator.SampleGrid(count, seed, cancellationToken: stop);
            var step = generator.Metadata.GetValueOrDefault(ModelMetadata.TrainingSteps);
            return new(Pictures.EncodeGrid(images, columns), generator.LatentSize, generator.Labels?.ToJson() ?? "",
                long.TryParse(step, out var steps) ? $"The generator of step {TextFormat.Count(steps)}." : "");
        }
        catch (Exception e) when (e is ModelException or ArgumentException or IOException)
        {
            return new(null, 0, "", TextFormat.Shorten(e.Message, 300));
        }
    }
}

/// <summary>Samples of one run.</summary>
/// <param name="Png">A picture of them; null where there is none.</param>
/// <param name="LatentSize">The numbers of a latent.</param>
/// <param name="Labels">What the generator is told, as its file has it; empty for an unconditional one.</param>
/// <param name="Note">Which generator it is, or why there is none.</param>
internal sealed record SampleGrid(byte[]? Png, int LatentSize, string Labels, string Note);
