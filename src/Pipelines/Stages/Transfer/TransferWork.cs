using GanPipeline.Data;
using GanPipeline.Inference;
using GanPipeline.ML;

namespace GanPipeline.Pipelines;

/// <summary>
/// The transfer experiment on a data set: the trained discriminator's features beside raw pixels and, where there is such a model, the
/// untrained discriminator's. Tables that are on disk already are not computed again.
/// </summary>
/// <param name="folder">Where the feature tables go.</param>
/// <param name="features">The model that is examined.</param>
/// <param name="untrained">The same network's model before its training, or null.</param>
/// <param name="model">Threads and device of the networks.</param>
/// <param name="progress">Is told what is being done, how much of it is done, and of how much.</param>
internal sealed class TransferWork(string folder, IImageSource train, IImageSource test, string features, string? untrained,
    ClassifySection options, ModelOptions model, Action<string, long, long> progress, CancellationToken stop)
{
    private readonly (string Name, string? Model)[] _representations =
        untrained is null
            ? [(Representations.Features, features), (Representations.Pixels, null)]
            : [(Representations.Features, features), (Representations.Pixels, null), (Representations.Untrained, untrained)];

    private IReadOnlyList<int[]>? _draws;

    public IImageSource Train => train;

    public IImageSource Test => test;

    public ClassifySection Options => options;

    public IEnumerable<string> Names => _representations.Select(r => r.Name);

    /// <summary>Finds what is wrong with the data before any work: no labels, a class of one image, fewer than are asked for.</summary>
    public static void Check(IImageSource train, IImageSource test, ClassifySection options)
    {
        try
        {
            var classes = LabelledDraws.ByClass(train);
            for (var label = 0; label < classes.Count; label++)
            {
                if (classes[label].Length < options.LabelsPerClass)
                    throw new DataSetException($"The class '{train.Classes[label]}' of {train.Name} has " +
                        $"{TextFormat.Count(classes[label].Length, "image")} to train on, fewer than the " +
                        $"{TextFormat.Count(options.LabelsPerClass)} labels per class that were asked for.");
            }
            if (!train.Classes.SequenceEqual(test.Classes))
                throw new DataSetException($"The training images of {train.Name} have the classes {Shown(train.Classes)}, " +
                    $"the test images {Shown(test.Classes)}; they must be the same.");
            if (Enumerable.Range(0, test.Count).All(i => test.Label(i) < 0))
                throw new DataSetException($"The test images of {test.Name} have no labels.");
        }
        catch (DataSetException e)
        {
            throw new RequestException(e.Message, e);
        }

        static string Shown(IReadOnlyList<string> names) =>
            names.Count == 0 ? "none" : string.Join(", ", names.Take(10)) + (names.Count > 10 ? ", ..." : "");
    }

    /// <summary>One table of a representation.</summary>
    public FeatureTable Table(string name, string split, long memoryBytes)
    {
        var source = split == "train" ? train : test;
        // Of a labelled subset only the images that some draw has are needed.
        var images = split == "train" && Draws is { } all ? [.. all.SelectMany(d => d).Distinct().Order()] : (int[]?)null;
        var total = images?.Length ?? source.Count;
        return FeatureTables.Make(
            Path.Combine(folder, $"{name}-{split}"),
            source,
            images,
            _representations.First(r => r.Name == name).Model,
            new FeatureTableOptions { MemoryBytes = memoryBytes, Model = model },
            done => progress($"{name} of {split} images", done, total),
            stop);
    }

    /// <summary>Removes the tables, and their folder where nothing else is in it.</summary>
    public void DeleteTables()
    {
        foreach (var name in Names)
            foreach (var split in new[] { "train", "test" })
                FeatureTables.Delete(Path.Combine(folder, $"{name}-{split}"));
        if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }

    /// <summary>The experiment of a run, on its exported models.</summary>
    public static TransferWork Create(RunContext run, CancellationToken stop) =>
        new(run.Folder["features"], run.Source("train"), run.Source("test"), run.Folder.Features, run.Folder.UntrainedFeatures,
            run.Options.Classify!, new ModelOptions { Threads = run.Options.Train.Threads ?? 0 }, run.Display.Progress, stop);

    /// <summary>The result's metrics for summary.json.</summary>
    public TransferMetrics Metrics(TransferResult result) => TransferMetrics.From(result,
        OptionMember.KeyOf(options.Transfer.Trainer.ToString()), options.LabelsPerClass,
        options.LabelsPerClass == 0 ? train.Count : (long)options.LabelsPerClass * train.Classes.Count, train.Classes);

    public TransferResult Run()
    {
        var experiment = new TransferExperiment(
            options.Transfer with { Threads = model.Threads },
            (name, done, total) => progress($"classifiers of {name}", done, total));
        var all = _representations.Select(r => Representation(r.Name)).ToArray();
        return experiment.Run(all[0], all[1..], Draws, stop);
    }

    private IReadOnlyList<int[]>? Draws =>
        options.LabelsPerClass == 0
            ? null
            : _draws ??= LabelledDraws.Draw(train, options.LabelsPerClass, options.Draws, options.Transfer.Seed);

    private Representation Representation(string name)
    {
        var left = options.MemoryMb * 1_000_000L;
        FeatureTable Open(string split)
        {
            var table = Table(name, split, left);
            if (table.InMemory) left -= table.Bytes;
            return table;
        }
        return new Representation(name, () => Open("train"), () => Open("test"));
    }
}
