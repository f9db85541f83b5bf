using GanPipeline.Data;
using GanPipeline.Inference;
using GanPipeline.ML;

namespace GanPipeline.Pipelines;

/// <summary>
/// The transfer experiment on a data set: the trained discriminator's features beside raw pixels and other models' features, such as the
/// untrained discriminator's. Tables that are on disk already are not computed again.
/// </summary>
/// <param name="folder">Where the feature tables go.</param>
/// <param name="features">The model that is examined.</param>
/// <param name="others">Names and files of other models that it is compared with.</param>
/// <param name="model">Threads and device of the networks.</param>
/// <param name="progress">Is told what is being done, how much of it is done, and of how much.</param>
internal sealed class TransferWork(string folder, IImageSource train, IImageSource test, string features,
    IEnumerable<(string Name, string Model)> others, ClassifySection options, ModelOptions model,
    Action<string, long, long> progress, CancellationToken stop)
{
    private readonly (string Name, string? Model)[] _representations =
    [
        (Representations.Features, features), (Representations.Pixels, null),
        .. others.Select(other => (other.Name, (string?)other.Model)),
    ];

    private readonly Dictionary<int, IReadOnlyList<int[]>> _draws = [];

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
                var most = options.Curve.Append(options.LabelsPerClass).Max();
                if (classes[label].Length < most)
                    throw new DataSetException($"The class '{train.Classes[label]}' of {train.Name} has " +
                        $"{TextFormat.Count(classes[label].Length, "image")} to train on, fewer than the " +
                        $"{TextFormat.Count(most)} labels per class that were asked for.");
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

    /// <summary>How many images tables were computed of so far; those of tables that were there are not among them.</summary>
    public long ImagesComputed { get; private set; }

    /// <summary>One table of a representation.</summary>
    public FeatureTable Table(string name, string split, long memoryBytes)
    {
        var source = split == "train" ? train : test;
        // Of labelled subsets only the images that some draw has are needed.
        var images = split == "train" && options.LabelsPerClass > 0
            ? [.. options.Curve.Append(options.LabelsPerClass).SelectMany(Draws).SelectMany(draw => draw).Distinct().Order()]
            : (int[]?)null;
        var total = images?.Length ?? source.Count;
        var computed = 0;
        var table = FeatureTables.Make(
            Path.Combine(folder, $"{name}-{split}"),
            source,
            images,
            _representations.First(r => r.Name == name).Model,
            // After an experiment with all labels, one with few needs no other table.
            new FeatureTableOptions { MemoryBytes = memoryBytes, AllowMoreImages = true, Model = model },
            done =>
            {
                computed = done;
                progress($"{name} of {split} images", done, total);
            },
            stop);
        ImagesComputed += computed;
        return table;
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
        new(run.Folder["features"], run.Source("train"), run.Source("test"), run.Folder.Features,
            TransferFiles.Others(run), run.Options.Classify!,
            new ModelOptions { Threads = run.Options.Train.Threads ?? 0 }, run.Display.Progress, stop);

    /// <summary>Runs it: the examined features' result, with the classifier, and all metrics for summary.json.</summary>
    public (TransferResult Result, TransferMetrics Metrics) Run()
    {
        var layers = options.Layers ? Layers() : [];
        var result = Run("", [.. layers.Select(Representation)], options.LabelsPerClass == 0 ? null : Draws(options.LabelsPerClass));
        var curve = options.Curve.Order().Select(labels =>
            (labels, labels == options.LabelsPerClass ? result : Run($", {labels} labels a class", [], Draws(labels))));
        var metrics = TransferMetrics.From(result, [.. layers.Select(layer => layer.Layer)], [.. curve],
            OptionMember.KeyOf(options.Transfer.Trainer.ToString()), options.LabelsPerClass,
            options.LabelsPerClass == 0 ? train.Count : (long)options.LabelsPerClass * train.Classes.Count, train.Classes);
        using var network = FeatureModel.Load(features);
        return (result, metrics with
        {
            TrainedOn = network.Metadata.GetValueOrDefault(ModelMetadata.DataSet),
            TrainingSteps = long.TryParse(network.Metadata.GetValueOrDefault(ModelMetadata.TrainingSteps), out var steps) ? steps : null,
        });
    }

    private TransferResult Run(string what, IEnumerable<Representation> further, IReadOnlyList<int[]>? draws)
    {
        var experiment = new TransferExperiment(
            options.Transfer with { Threads = model.Threads },
            (name, done, total) => progress($"classifiers of {name}{what}", done, total));
        var all = _representations.Select(r => Representation(r.Name)).ToArray();
        return experiment.Run(all[0], [.. all[1..], .. further], draws, stop);
    }

    private IReadOnlyList<int[]> Draws(int labels)
    {
        if (_draws.TryGetValue(labels, out var draws)) return draws;
        return _draws[labels] = LabelledDraws.Draw(train, labels, options.Draws, options.Transfer.Seed);
    }

    private IReadOnlyList<FeatureLayer> Layers()
    {
        using var network = FeatureModel.Load(features);
        return network.Layers;
    }

    /// <summary>A layer's features alone: columns of the table of all.</summary>
    private Representation Representation(FeatureLayer layer)
    {
        var all = Representation(Representations.Features);
        return new(layer.Layer, () => Part(all.Train()), () => Part(all.Test()));

        FeatureTable Part(FeatureTable table) => table.Part(layer.Offset, layer.Count);
    }

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
