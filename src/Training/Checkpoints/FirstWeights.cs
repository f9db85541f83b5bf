using TorchSharp;

namespace GanPipeline.Training;

/// <summary>The weights that a training begins with where <see cref="TrainingOptions.From"/> names some.</summary>
internal static class FirstWeights
{
    /// <summary>
    /// The hash of the weights, or null for random ones; of a training that has begun, those that it did begin with where they are there no
    /// more.
    /// </summary>
    /// <exception cref="CheckpointException">There are none.</exception>
    public static string? Hash(TrainingOptions options)
    {
        if (options.From.Length == 0) return null;
        try
        {
            return IsOnnx(options.From) ? OnnxWeights.Hash([options.From, .. Beside(options.From)])
                : Checkpoint.ReadInfo(Find(options.From)).WeightsHash;
        }
        catch (CheckpointException) when (Kept(options.Folder) is not null)
        {
            return Kept(options.Folder)!;
        }
    }

    /// <summary>Fills networks that were not trained yet.</summary>
    /// <param name="options">The training's options.</param>
    /// <param name="networks">Its networks, in training mode.</param>
    /// <param name="real">Gives a batch of real images.</param>
    /// <exception cref="CheckpointException">There are no such weights, or they belong to networks of another structure.</exception>
    public static void Load(TrainingOptions options, GanNetworks networks, Func<RealBatch> real)
    {
        if (options.From.Length == 0) return;
        if (!IsOnnx(options.From))
        {
            Checkpoint.LoadWeights(Find(options.From), networks);
            return;
        }
        using var scope = torch.NewDisposeScope();
        RandomSeeds.Use(options.Seed, RandomSeeds.Calibration);
        var batch = real();
        if (networks.Cycles)
        {
            LoadBoth(options.From, networks, batch.Images);
            return;
        }
        OnnxWeights.Load(options.From, networks.Generator, () => _ = batch.Condition is { } condition
            ? networks.Translate(condition)
            : networks.Generate(
                torch.randn(batch.Images.shape[0], networks.LatentSize, device: batch.Images.device), batch.Labels));
        foreach (var discriminator in Beside(options.From))
        {
            OnnxWeights.Load(discriminator, networks.Discriminator,
                () => networks.Discriminate(batch.Images, batch.Labels, batch.Condition));
        }
    }

    /// <summary>Both directions: the named file, and the one of the other direction beside it.</summary>
    private static void LoadBoth(string translator, GanNetworks networks, torch.Tensor images)
    {
        var (first, second) = (networks.ConditionChannels, networks.Shape.Channels);
        OnnxWeights.Load(translator, networks.Translator(), () => networks.Translate(images.narrow(1, 0, first)));
        OnnxWeights.Load(Path.Combine(Path.GetDirectoryName(translator) ?? "", "translator-back.onnx"), networks.BackTranslator(),
            () => networks.TranslateBack(images.narrow(1, first, second)));
        foreach (var file in Beside(translator))
        {
            OnnxWeights.Load(file, networks.TranslationDiscriminator,
                () => networks.TranslationDiscriminator.call(images.narrow(1, first, second)));
        }
        foreach (var file in Beside(translator, "discriminator-back.onnx"))
            OnnxWeights.Load(file, networks.BackDiscriminator, () => networks.BackDiscriminator.call(images.narrow(1, 0, first)));
    }

    private static bool IsOnnx(string path) => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>The discriminator that was exported with a generator, where there is one.</summary>
    private static string[] Beside(string generator, string name = "discriminator.onnx")
    {
        var path = Path.Combine(Path.GetDirectoryName(generator) ?? "", name);
        return File.Exists(path) ? [path] : [];
    }

    /// <summary>The checkpoint that a path means: itself, or the best, else the last one, of a training's or a run's folder.</summary>
    private static string Find(string path)
    {
        if (File.Exists(Path.Combine(path, CheckpointFile.InfoName))) return path;
        var training = Directory.Exists(new TrainingFolder(path).Checkpoints) ? path : Path.Combine(path, "train");
        if (!Directory.Exists(new TrainingFolder(training).Checkpoints))
            throw new CheckpointException($"There is no checkpoint in '{path}' to begin with. Name a checkpoint's folder, a training's " +
                "folder with checkpoints/, or a run's folder with train/.");
        return Checkpoint.Best(training)?.Path ?? Checkpoint.Last(training);
    }

    private static string? Kept(string folder) =>
        Checkpoint.ReadIdentity(folder)?.Options.GetValueOrDefault(TrainingIdentity.FromKey);
}
