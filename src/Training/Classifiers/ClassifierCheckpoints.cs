using System.Globalization;
using System.Reflection;
using GanPipeline.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>The state of a classifier's training on the disk: weights, Adam's moments and counters, steps done.</summary>
internal sealed class ClassifierCheckpoints(Classifier classifier, Adam adam, ClassifierTrainingOptions options, IImageSource source)
{
    private const string Optimizer = "optimizer.";
    private const int Kept = 2;
    private static readonly string Version = typeof(ClassifierCheckpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private readonly CheckpointFolder _folder = new(Path.Combine(options.Folder!, Checkpoint.FolderName));
    private readonly SortedDictionary<string, string> _identity = Describe(classifier.Options, options, source);

    /// <exception cref="TrainingException">It cannot be written.</exception>
    public void Save(long step, double seconds)
    {
        using var scope = NewDisposeScope();
        _folder.Write(new CheckpointInfo
        {
            Format = CheckpointInfo.CurrentFormat,
            Version = Version,
            Step = step,
            Seconds = seconds,
            Architecture = new() { Name = "classifier", Shape = classifier.Shape, Filters = classifier.Options.Filters },
            DataSet = source.Name,
            Options = _identity,
            RunHash = CheckpointInfo.Hash(_identity, step),
            Averaged = false,
            WeightsSize = 0,
            WeightsHash = "",
        }, [.. Tensors(), .. States().Select(s => (s.Name + ".step", tensor(s.State.step, dtype: int64)))], Kept);
    }

    /// <summary>Continues from the last whole checkpoint, if there is one.</summary>
    /// <returns>Steps done and seconds spent on them.</returns>
    /// <exception cref="CheckpointException">It is of another training.</exception>
    public (long Step, double Seconds) Resume()
    {
        _folder.Clean();
        foreach (var path in _folder.Newest().ToArray())
        {
            try
            {
                var info = CheckpointFile.ReadInfo(path);
                using var weights = CheckpointFile.OpenWeights(path, info);
                var other = _identity.FirstOrDefault(o => info.Options.GetValueOrDefault(o.Key) != o.Value);
                if (other.Key is not null)
                    throw new TrainingException($"The checkpoint '{path}' is of another training: its {other.Key} is not {other.Value}. Use its options, or another folder.");
                Load(weights, Path.Combine(path, CheckpointFile.WeightsName));
                return (info.Step, info.Seconds);
            }
            catch (CheckpointException)
            {
                // Minutes of work, not hours: the one before it will do, or none.
                CheckpointFolder.SetAside(path);
            }
        }
        return (0, 0);
    }

    private static SortedDictionary<string, string> Describe(ClassifierOptions network, ClassifierTrainingOptions training, IImageSource source) => new(StringComparer.Ordinal)
    {
        ["shape"] = network.Shape.ToString(),
        ["reads"] = LabelLayout.FromFields(network.Fields).ToJson(),
        ["features"] = Text(network.FeatureCount),
        ["filters"] = Text(network.Filters),
        ["depth"] = Text(network.Depth),
        ["data"] = source.Fingerprint,
        ["epochs"] = Text(training.Epochs),
        ["batchSize"] = Text(training.BatchSize),
        ["seed"] = Text(training.Seed),
        ["flip"] = Text(training.Flip),
        ["randomCrop"] = Text(training.RandomCrop),
        ["noise"] = Text(training.Noise),
        ["learningRate"] = Text(training.LearningRate),
    };

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private void Load(SafeTensorsFile file, string path)
    {
        TrainingState.Load(file, path, [.. Tensors()]);
        using var counter = zeros([], dtype: int64);
        foreach (var (name, state) in States())
        {
            TrainingState.Load(file, path, [(name + ".step", counter)]);
            state.step = counter.item<long>();
        }
    }

    private IEnumerable<(string Name, Tensor Value)> Tensors() =>
    [
        .. ClassifierCheckpoint.Tensors(classifier),
        .. States().SelectMany(s => new[] { (s.Name + ".exp_avg", s.State.exp_avg), (s.Name + ".exp_avg_sq", s.State.exp_avg_sq) }),
    ];

    // The states come in the order of the parameters.
    private IEnumerable<(string Name, Adam.State State)> States() => classifier.Trunk.named_parameters().Select(p => Optimizer + "trunk." + p.name)
        .Concat(classifier.Head.named_parameters().Select(p => Optimizer + "head." + p.name))
        .Zip(adam.state_dict().State.Cast<Adam.State>());
}
